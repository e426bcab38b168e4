// How a type becomes bytes and back: the one template a user specialises for a type of their own.
//
//   template <>
//   struct levada::SerdeTraits<Point> {
//     static void encode(const Point& point, Bytes& out) { out += point.to_text(); }      // appends
//     static Point decode(BytesView in) { return Point::parse(in); }                      // throws SerdeError
//   };
//
// Everything that takes a Serde<Point> finds this by itself. A struct that should be JSON needs only json.h.
// Specialisations for strings, numbers, bool, timestamps, UUIDs, lists and windowed keys stand in core/serdes/.
#pragma once

#include <concepts>
#include <optional>
#include <stdexcept>
#include <string>

#include <levada/core/bytes.h>

namespace levada {

// Bytes that are not a T, or a T that cannot become bytes. The message tells what was expected and what was found.
struct SerdeError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Null where the type has no null: use std::optional<T> if it may be missing.
struct NullValueError : SerdeError {
  NullValueError() : SerdeError("null, but the type cannot hold null") {}
};

// Optional members beside encode and decode:
//   static constexpr std::size_t kUnpartitionedSuffix   bytes at the end of an encoded key that partitioning ignores
//   static void decode_into(BytesView in, T& value)     like decode, with the memory of an older value
//   static constexpr bool kManySpellings = true         decode accepts several spellings of one value, so that a topic
//                                                       of the application's own may carry any of them
template <class T>
struct SerdeTraits;

template <class T>
concept HasSerdeTraits = requires(const T& value, Bytes& out, BytesView in) {
  SerdeTraits<T>::encode(value, out);
  { SerdeTraits<T>::decode(in) } -> std::convertible_to<T>;
};

namespace internal {
template <class T>
struct Optional {
  static constexpr bool value = false;
  using Inner = T;
};
template <class T>
struct Optional<std::optional<T>> {
  static constexpr bool value = true;
  using Inner = T;
};
}  // namespace internal

template <class T>
inline constexpr bool is_optional_v = internal::Optional<T>::value;

// std::optional's inner type, or T itself.
template <class T>
using Unwrapped = typename internal::Optional<T>::Inner;

// A default-constructed Serde<T> exists.
template <class T>
concept HasSerde = HasSerdeTraits<Unwrapped<T>>;

}  // namespace levada
