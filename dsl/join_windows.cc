#include <absl/strings/str_cat.h>

#include <levada/dsl/join_windows.h>

namespace levada {

absl::Status JoinWindows::check() const {
  if (size() < Duration(0)) {
    return absl::InvalidArgumentError(absl::StrCat("join windows from ", before_.count(), " ms before to ",
                                                   after_.count(), " ms after: the end lies before the start"));
  }
  if (grace_ < Duration(0)) {
    return absl::InvalidArgumentError(absl::StrCat("join windows: a grace of ", grace_.count(), " ms is negative"));
  }
  return absl::OkStatus();
}

}  // namespace levada
