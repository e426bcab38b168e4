// Kafka's Long format: eight bytes, the highest first.
//
//   big_endian(1) == std::string("\0\0\0\0\0\0\0\1", 8);
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace bench {

inline std::string big_endian(std::int64_t number) {
  std::string bytes(8, '\0');
  for (std::size_t i = 0; i < 8; ++i) bytes[i] = static_cast<char>(static_cast<std::uint64_t>(number) >> (56 - 8 * i));
  return bytes;
}

inline std::int64_t from_big_endian(std::string_view bytes) {
  if (bytes.size() != 8) throw std::runtime_error("a Long of " + std::to_string(bytes.size()) + " bytes");
  std::uint64_t number = 0;
  for (const char byte : bytes) number = number << 8 | static_cast<unsigned char>(byte);
  return static_cast<std::int64_t>(number);
}

}  // namespace bench
