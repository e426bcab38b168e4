// The few things done to short texts in many places. Debian's Abseil is built with a string_view of its own, to which
// std::string_view does not convert, so its string functions are out of reach for views.
//
//   trim("  a b ")                    // "a b"
//   parse_integer("42")               // 42; nullopt for "", "4x", " 4", "+4" and what does not fit
//   split("a,b,,c", ',')              // {"a", "b", "", "c"}
//   escape_controls("two\nlines")     // "two\\nlines"
//   quote("say \"no\"")               // "\"say \\\"no\\\"\"", on one line
//
// Pure functions over ASCII; views look at the argument's characters.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace levada::internal {

std::string_view trim(std::string_view text);
std::string to_lower(std::string_view text);
bool equals_ignoring_case(std::string_view a, std::string_view b);
std::optional<std::int64_t> parse_integer(std::string_view text);
std::vector<std::string_view> split(std::string_view text, char separator);
std::string escape_controls(std::string_view text);
std::string quote(std::string_view text);

}  // namespace levada::internal
