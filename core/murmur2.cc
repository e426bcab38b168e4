#include <cassert>

#include <levada/core/murmur2.h>

namespace levada {
namespace {

constexpr std::uint32_t kSeed = 0x9747b28c;
constexpr std::uint32_t kMix = 0x5bd1e995;

std::uint32_t byte_at(BytesView bytes, std::size_t i) { return static_cast<unsigned char>(bytes[i]); }

std::uint32_t little_endian_word(BytesView bytes) {
  return byte_at(bytes, 0) | byte_at(bytes, 1) << 8 | byte_at(bytes, 2) << 16 | byte_at(bytes, 3) << 24;
}

std::uint32_t mix_tail(std::uint32_t hash, BytesView tail) {
  if (tail.empty()) return hash;
  for (std::size_t i = 0; i < tail.size(); ++i) hash ^= byte_at(tail, i) << (8 * i);
  return hash * kMix;
}

}  // namespace

std::uint32_t murmur2(BytesView key) {
  std::uint32_t hash = kSeed ^ static_cast<std::uint32_t>(key.size());
  for (; key.size() >= 4; key.remove_prefix(4)) {
    std::uint32_t word = little_endian_word(key) * kMix;
    word ^= word >> 24;
    hash = (hash * kMix) ^ (word * kMix);
  }
  hash = mix_tail(hash, key);
  hash ^= hash >> 13;
  hash *= kMix;
  return hash ^ (hash >> 15);
}

int partition_for(BytesView key, int partitions, std::size_t unpartitioned_suffix) {
  assert(partitions > 0 && key.size() >= unpartitioned_suffix);
  key.remove_suffix(unpartitioned_suffix);
  return static_cast<int>((murmur2(key) & 0x7fffffff) % static_cast<std::uint32_t>(partitions));
}

}  // namespace levada
