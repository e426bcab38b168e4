#include <iostream>

#include <absl/strings/str_cat.h>

#include <levada/dsl/printed.h>

namespace levada::internal {

void write_line_to_standard_output(const std::string& line) { std::cout << line << '\n'; }

std::string to_text(std::string_view text) { return std::string(text); }
std::string to_text(std::int64_t number) { return absl::StrCat(number); }
std::string to_text(std::uint64_t number) { return absl::StrCat(number); }
std::string to_text(double number) { return absl::StrCat(number); }

std::string to_text(Window window) {
  return absl::StrCat("@", window.start.time_since_epoch().count(), "/", window.end.time_since_epoch().count());
}

}  // namespace levada::internal
