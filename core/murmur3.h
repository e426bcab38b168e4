// MurmurHash3 for 64-bit machines, 128 bits, with Kafka Streams' seed: how a foreign-key join tells whether the row it
// asked for has changed meanwhile.
//
//   Hash128 hash = murmur3("left-value");
#pragma once

#include <cstdint>

#include <levada/core/bytes.h>

namespace levada {

struct Hash128 {
  std::int64_t first = 0;
  std::int64_t second = 0;

  bool operator==(const Hash128&) const = default;
};

Hash128 murmur3(BytesView bytes);

}  // namespace levada
