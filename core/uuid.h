// Universally unique identifiers.
//
//   std::mt19937_64 random(seed);
//   Uuid event = random_uuid(random);                     // version 4
//   std::string text = event.to_string();                 // "6f1b2c9e-…", lower case
//   std::optional<Uuid> back = Uuid::parse(text);
//
// As in Kafka, a UUID is written as its 36 characters of text.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <levada/core/serde_traits.h>

namespace levada {

struct Uuid {
  std::array<std::uint8_t, 16> bytes = {};

  auto operator<=>(const Uuid&) const = default;

  // Eight, four, four, four and twelve hexadecimal digits of either case; nullopt for anything else.
  static std::optional<Uuid> parse(std::string_view text);
  // Version 4 from 128 random bits, of which six are overwritten.
  static Uuid from_random_bits(std::uint64_t high, std::uint64_t low);

  std::string to_string() const;

  template <class H>
  friend H AbslHashValue(H hash, const Uuid& uuid) {
    return H::combine(std::move(hash), uuid.bytes);
  }
};

template <class Random>
Uuid random_uuid(Random& random) {
  static_assert(Random::min() == 0 && Random::max() == UINT64_MAX,
                "random_uuid: needs a generator of 64 random bits, such as std::mt19937_64");
  const std::uint64_t high = random();
  return Uuid::from_random_bits(high, random());
}

template <>
struct SerdeTraits<Uuid> {
  static void encode(const Uuid& value, Bytes& out);
  static Uuid decode(BytesView in);
};

}  // namespace levada
