#include <absl/strings/str_cat.h>

#include <levada/dsl/sliding_windows.h>

namespace levada {

absl::Status SlidingWindows::check() const {
  if (time_difference_ >= Duration(0) && grace_ >= Duration(0)) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("sliding windows of ", time_difference_.count(), " ms and a grace of ",
                                                 grace_.count(), " ms: neither may be negative"));
}

}  // namespace levada
