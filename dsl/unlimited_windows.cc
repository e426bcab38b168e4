#include <absl/strings/str_cat.h>

#include <levada/dsl/unlimited_windows.h>

namespace levada {

absl::Status UnlimitedWindows::check() const {
  if (start_ >= Timestamp{}) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("unlimited windows: they cannot start_on ", start_.time_since_epoch().count(), " ms, before 1970"));
}

}  // namespace levada
