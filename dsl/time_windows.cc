#include <absl/strings/str_cat.h>

#include <levada/dsl/time_windows.h>

namespace levada {

absl::Status TimeWindows::check() const {
  if (size_ <= Duration(0)) {
    return absl::InvalidArgumentError(absl::StrCat("windows of ", size_.count(), " ms: the size must be positive"));
  }
  if (advance_ <= Duration(0) || advance_ > size_) {
    return absl::InvalidArgumentError(absl::StrCat("windows of ", size_.count(), " ms: advance_by(", advance_.count(),
                                                   " ms) must be positive and not more than their size"));
  }
  if (grace_ < Duration(0)) {
    return absl::InvalidArgumentError(
        absl::StrCat("windows of ", size_.count(), " ms: a grace of ", grace_.count(), " ms is negative"));
  }
  return absl::OkStatus();
}

}  // namespace levada
