// Debian builds Abseil with a string_view of its own; its maps look up by that one without making a string.
//
//   counts.try_emplace(absl_view(key), 0);
#pragma once

#include <string_view>

#include <absl/strings/string_view.h>

namespace bench {

inline absl::string_view absl_view(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace bench
