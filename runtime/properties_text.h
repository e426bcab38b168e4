// Reads the text of a java.util.Properties file, in UTF-8, one property after the other.
//
//   PropertiesText text(contents);
//   while (std::optional<Property> property = text.next()) use(property->key, property->value, property->line);
//   if (!text.error().empty()) …                       // what is malformed in line text.line()
//
// A view of the text; owned by one caller.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace levada::internal {

struct Property {
  std::string key = {};
  std::string value = {};
  std::size_t line = 0;  // where it begins, from 1
};

class PropertiesText {
 public:
  explicit PropertiesText(std::string_view text) : rest_(text) {}

  std::optional<Property> next();

  std::string_view error() const { return error_; }
  std::size_t line() const { return line_; }

 private:
  std::optional<std::string_view> next_line();
  std::string logical_line(std::string_view first);
  std::string unescape(std::string_view text);

  std::string_view rest_;
  std::size_t line_ = 0;
  std::string_view error_ = {};
};

}  // namespace levada::internal
