// Which partition a key belongs to: the hash of Kafka's Java clients. Every program that reads or writes the same
// topics must agree on it, so librdkafka's own default (CRC32) is never used.
//
//   int partition = partition_for(key_bytes, partition_count);
//   int partition = partition_for(windowed_key_bytes, partition_count, serde.unpartitioned_suffix());
//
// A null key has no partition of its own; an empty key has.
#pragma once

#include <cstddef>
#include <cstdint>

#include <levada/core/bytes.h>

namespace levada {

// MurmurHash2, 32 bits, with Kafka's seed.
std::uint32_t murmur2(BytesView key);

// `partitions` is at least 1. The last `unpartitioned_suffix` bytes of the key take no part.
int partition_for(BytesView key, int partitions, std::size_t unpartitioned_suffix = 0);

}  // namespace levada
