#include "tests/differential/functions.h"

#include <algorithm>
#include <stdexcept>

namespace levada::differential {
namespace {

constexpr std::size_t kLongest = 12;

std::string shortened(const std::string& text) {
  return text.size() <= kLongest ? text : text.substr(text.size() - kLongest);
}

std::string or_none(const Text& text) { return text.value_or("~"); }

std::string name_of(const std::string& function) { return function.substr(0, function.find(':')); }

std::string argument_of(const std::string& function) { return function.substr(function.find(':') + 1); }

bool contains(const Text& text, const std::string& part) { return text && text->find(part) != std::string::npos; }

}  // namespace

Text text_of(const Windowed<std::string>& key) {
  return key.key + "@" + std::to_string(key.window.start.time_since_epoch().count()) + "-" +
         std::to_string(key.window.end.time_since_epoch().count());
}

Text map_text(const std::string& function, const Text& key, const Text& value) {
  const std::string name = name_of(function);
  const std::string argument = argument_of(function);
  const bool is_empty = value.value_or("").empty();
  if (name == "append") return value ? Text(shortened(*value + argument)) : std::nullopt;
  if (name == "first") return is_empty ? std::nullopt : Text(value->substr(0, 1));
  if (name == "last") return is_empty ? std::nullopt : Text(value->substr(value->size() - 1));
  if (name == "key") return key;
  if (name == "both") return shortened(or_none(key) + or_none(value));
  if (name == "null_if") return contains(value, argument) ? std::nullopt : value;
  if (name == "or") return value.value_or(argument);
  throw std::invalid_argument("no mapper " + function);
}

bool holds(const std::string& function, const Text& key, const Text& value) {
  const std::string name = name_of(function);
  if (name == "has") return contains(value, argument_of(function));
  if (name == "key_has") return contains(key, argument_of(function));
  if (name == "null") return !value;
  if (name == "all") return true;
  throw std::invalid_argument("no predicate " + function);
}

std::vector<Text> parts_of(const Text& value) {
  std::vector<Text> parts;
  for (const char c : value.value_or("").substr(0, 3)) parts.push_back(std::string(1, c));
  return parts;
}

Text join_texts(const std::string& function, const Text& left, const Text& right) {
  const std::string name = name_of(function);
  if (name == "concat") return shortened(or_none(left) + or_none(right));
  if (name == "subtract") return shortened(or_none(left) + "-" + or_none(right));
  if (name == "right") return right;
  if (name == "delete_if") {
    return contains(right, argument_of(function)) ? std::nullopt : join_texts("concat", left, right);
  }
  throw std::invalid_argument("no joiner " + function);
}

std::string merge_texts(const std::string& left, const std::string& right) { return shortened(left + right); }

}  // namespace levada::differential
