// Integers in Kafka's byte order: big-endian two's complement.
//
//   append_big_endian<std::int64_t>(offset, out);
//   std::int32_t size = read_big_endian<std::int32_t>(in);      // in.size() must be at least 4
#pragma once

#include <bit>
#include <cassert>
#include <concepts>
#include <cstdint>
#include <cstring>

#include <levada/core/bytes.h>

namespace levada {

namespace internal {
template <std::integral T>
T swapped_if_little(T value) {
  if constexpr (sizeof(T) == 1 || std::endian::native == std::endian::big) return value;
  if constexpr (sizeof(T) == 2) return static_cast<T>(__builtin_bswap16(static_cast<std::uint16_t>(value)));
  if constexpr (sizeof(T) == 4) return static_cast<T>(__builtin_bswap32(static_cast<std::uint32_t>(value)));
  if constexpr (sizeof(T) == 8) return static_cast<T>(__builtin_bswap64(static_cast<std::uint64_t>(value)));
}
}  // namespace internal

template <std::integral T>
void append_big_endian(T value, Bytes& out) {
  const T swapped = internal::swapped_if_little(value);
  out.append(reinterpret_cast<const char*>(&swapped), sizeof(T));
}

template <std::integral T>
T read_big_endian(BytesView in) {
  assert(in.size() >= sizeof(T));
  T value;
  std::memcpy(&value, in.data(), sizeof(T));
  return internal::swapped_if_little(value);
}

}  // namespace levada
