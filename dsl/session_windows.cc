#include <absl/strings/str_cat.h>

#include <levada/dsl/session_windows.h>

namespace levada {

absl::Status SessionWindows::check() const {
  if (inactivity_gap_ <= Duration(0)) {
    return absl::InvalidArgumentError(
        absl::StrCat("session windows: an inactivity gap of ", inactivity_gap_.count(), " ms is not positive"));
  }
  if (grace_ < Duration(0)) {
    return absl::InvalidArgumentError(absl::StrCat("session windows: a grace of ", grace_.count(), " ms is negative"));
  }
  return absl::OkStatus();
}

}  // namespace levada
