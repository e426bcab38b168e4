// Where a record stands in a log: a topic, one of its partitions, and an offset in it.
//
//   const TopicPartition orders{"orders", 3};
//   fmt::format("{}", orders.to_string());   // "orders-3", as Kafka prints it
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <utility>

namespace levada {

using Partition = std::int32_t;
using Offset = std::int64_t;

inline constexpr Offset kUnknownOffset = -1;

struct TopicPartition {
  std::string topic = {};
  Partition partition = 0;

  std::string to_string() const { return topic + "-" + std::to_string(partition); }

  friend auto operator<=>(const TopicPartition&, const TopicPartition&) = default;
  template <typename H>
  friend H AbslHashValue(H state, const TopicPartition& where) {
    return H::combine(std::move(state), where.topic, where.partition);
  }
};

}  // namespace levada
