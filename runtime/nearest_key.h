// Which of the keys there are was probably meant by one that there is not.
//
//   nearest_key("num.stream.thread", keys)      // "num.stream.threads"
//
// Pure functions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <levada/runtime/librdkafka_keys.h>

namespace levada::internal {

// The number of characters to insert, delete or replace to make one of the other; two swapped neighbours are one.
std::size_t edit_distance(std::string_view a, std::string_view b);

// The nearest among Kafka Streams', Levada's and librdkafka's keys, with the prefix that `key` has. Empty if none is
// near enough to have been meant.
std::string nearest_key(std::string_view key, const LibrdkafkaKeys& client_keys);

}  // namespace levada::internal
