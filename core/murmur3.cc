#include <bit>

#include <levada/core/murmur3.h>

namespace levada {
namespace {

constexpr std::uint64_t kSeed = 104729;
constexpr std::uint64_t kFirstMix = 0x87c37b91114253d5;
constexpr std::uint64_t kSecondMix = 0x4cf5ad432745937f;

// Of up to eight bytes.
std::uint64_t little_endian_word(BytesView bytes) {
  std::uint64_t word = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) word = word << 8 | static_cast<unsigned char>(bytes[i]);
  return word;
}

std::uint64_t first_part(BytesView block) {
  return std::rotl(little_endian_word(block.substr(0, 8)) * kFirstMix, 31) * kSecondMix;
}

std::uint64_t second_part(BytesView block) {
  return block.size() > 8 ? std::rotl(little_endian_word(block.substr(8)) * kSecondMix, 33) * kFirstMix : 0;
}

std::uint64_t finished(std::uint64_t hash) {
  hash = (hash ^ hash >> 33) * 0xff51afd7ed558ccd;
  hash = (hash ^ hash >> 33) * 0xc4ceb9fe1a85ec53;
  return hash ^ hash >> 33;
}

}  // namespace

Hash128 murmur3(BytesView bytes) {
  const std::uint64_t size = bytes.size();
  std::uint64_t first = kSeed;
  std::uint64_t second = kSeed;
  for (; bytes.size() >= 16; bytes.remove_prefix(16)) {
    const BytesView block = bytes.substr(0, 16);
    first = (std::rotl(first ^ first_part(block), 27) + second) * 5 + 0x52dce729;
    second = (std::rotl(second ^ second_part(block), 31) + first) * 5 + 0x38495ab5;
  }
  first ^= first_part(bytes) ^ size;
  second ^= second_part(bytes) ^ size;
  first += second;
  second += first;
  first = finished(first);
  second = finished(second);
  first += second;
  second += first;
  return {static_cast<std::int64_t>(first), static_cast<std::int64_t>(second)};
}

}  // namespace levada
