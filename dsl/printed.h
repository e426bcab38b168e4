// How a stream is written out for people.
//
//   orders.print({.label = "orders"});                                   // [orders]: o-1, {…} on standard output
//   orders.print({.write = [&log](const std::string& line) { log.info(line); }});
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include <levada/core/serde_traits.h>
#include <levada/core/windowed.h>

namespace levada {

template <class K, class V>
struct Printed {
  std::string name = {};                                               // of the operator
  std::string label = {};                                              // empty: the name of the stream's node
  std::function<void(const std::string& line)> write = {};             // unset: standard output
  std::function<std::string(const K& key, const V& value)> text = {};  // unset: "key, value"
};

namespace internal {

void write_line_to_standard_output(const std::string& line);

std::string to_text(std::string_view text);
std::string to_text(std::int64_t number);
std::string to_text(std::uint64_t number);
std::string to_text(double number);
std::string to_text(Window window);

template <class T>
concept Printable = std::convertible_to<const T&, std::string_view> || std::is_arithmetic_v<T>;

template <class T>
struct IsPrintable : std::bool_constant<Printable<T>> {};
template <class T>
struct IsPrintable<std::optional<T>> : IsPrintable<T> {};
template <class K>
struct IsPrintable<Windowed<K>> : IsPrintable<K> {};

template <Printable T>
std::string printed(const T& value) {
  if constexpr (std::is_same_v<T, bool>) {
    return value ? "true" : "false";
  } else if constexpr (std::is_floating_point_v<T>) {
    return to_text(double{value});
  } else if constexpr (std::is_signed_v<T>) {
    return to_text(std::int64_t{value});
  } else if constexpr (std::is_integral_v<T>) {
    return to_text(std::uint64_t{value});
  } else {
    return to_text(std::string_view(value));
  }
}
template <class T>
std::string printed(const std::optional<T>& value) {
  return value ? printed(*value) : "null";
}
template <class K>
std::string printed(const Windowed<K>& windowed) {
  return "[" + printed(windowed.key) + to_text(windowed.window) + "]";
}

template <class K, class V>
std::string default_text(const K& key, const V& value) {
  return printed(key) + ", " + printed(value);
}

}  // namespace internal
}  // namespace levada
