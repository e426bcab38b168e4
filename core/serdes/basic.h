// The serdes of strings, numbers, bool, raw bytes, timestamps and "nothing", byte for byte those of Kafka's clients.
//
//   Serde<std::int64_t>().encode(7, out);       // 00 00 00 00 00 00 00 07
//
//   std::string             its bytes; UTF-8 is neither checked nor repaired
//   std::int16_t 32 64      big-endian; any other length is an error
//   double, float           IEEE-754 bits, big-endian; every NaN of a double becomes the one Java writes
//   bool                    00 or 01
//   std::vector<std::byte>  its bytes
//   Timestamp               int64 milliseconds
//   std::monostate          always null (Kafka's Void)
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include <levada/core/big_endian.h>
#include <levada/core/serde_traits.h>
#include <levada/core/time.h>

namespace levada {

namespace internal {

// Throws SerdeError unless `in` has as many bytes as `what` needs.
[[noreturn]] void throw_wrong_size(const char* what, std::size_t expected, std::size_t actual);

inline void expect_size(const char* what, std::size_t expected, BytesView in) {
  if (in.size() != expected) [[unlikely]]
    throw_wrong_size(what, expected, in.size());
}

template <class T>
concept BigEndianInteger =
    std::signed_integral<T> && !std::same_as<T, wchar_t> && (sizeof(T) == 2 || sizeof(T) == 4 || sizeof(T) == 8);

}  // namespace internal

template <>
struct SerdeTraits<std::string> {
  static void encode(const std::string& value, Bytes& out) { out += value; }
  static std::string decode(BytesView in) { return std::string(in); }
  static void decode_into(BytesView in, std::string& value) { value = in; }
};

template <internal::BigEndianInteger T>
struct SerdeTraits<T> {
  static void encode(T value, Bytes& out) { append_big_endian(value, out); }
  static T decode(BytesView in) {
    internal::expect_size("integer", sizeof(T), in);
    return read_big_endian<T>(in);
  }
};

template <>
struct SerdeTraits<double> {
  static void encode(double value, Bytes& out) {
    if (value != value) value = std::numeric_limits<double>::quiet_NaN();
    append_big_endian(std::bit_cast<std::int64_t>(value), out);
  }
  static double decode(BytesView in) {
    internal::expect_size("double", sizeof(double), in);
    return std::bit_cast<double>(read_big_endian<std::int64_t>(in));
  }
};

template <>
struct SerdeTraits<float> {
  static void encode(float value, Bytes& out) { append_big_endian(std::bit_cast<std::int32_t>(value), out); }
  static float decode(BytesView in) {
    internal::expect_size("float", sizeof(float), in);
    return std::bit_cast<float>(read_big_endian<std::int32_t>(in));
  }
};

template <>
struct SerdeTraits<bool> {
  static void encode(bool value, Bytes& out) { out += value ? '\1' : '\0'; }
  static bool decode(BytesView in);
};

template <>
struct SerdeTraits<std::vector<std::byte>> {
  static void encode(const std::vector<std::byte>& value, Bytes& out) {
    out.append(reinterpret_cast<const char*>(value.data()), value.size());
  }
  static std::vector<std::byte> decode(BytesView in) {
    const auto* begin = reinterpret_cast<const std::byte*>(in.data());
    return {begin, begin + in.size()};
  }
};

template <>
struct SerdeTraits<Timestamp> {
  static void encode(Timestamp value, Bytes& out) {
    append_big_endian<std::int64_t>(value.time_since_epoch().count(), out);
  }
  static Timestamp decode(BytesView in) {
    internal::expect_size("timestamp", sizeof(std::int64_t), in);
    return Timestamp(Duration(read_big_endian<std::int64_t>(in)));
  }
};

template <>
struct SerdeTraits<std::monostate> {
  static bool encode(std::monostate, Bytes&) { return false; }
  static std::monostate decode(NullableView in);
};

}  // namespace levada
