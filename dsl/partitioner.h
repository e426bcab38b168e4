// Where a record goes within a topic, as the user chooses: a function of key, value and the number of partitions.
//
//   orders.to("by-region", {.partitioner = [](const std::string&, const Order& order, Partition count) {
//     return order.region % count;
//   }});
//
// It returns a Partition; or an optional one, where nullopt leaves the choice to the key; or a vector: the record goes
// to each of these partitions, and is dropped and counted if there are none.
#pragma once

#include <concepts>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <levada/core/topic_partition.h>

namespace levada {

using PartitionChoice = std::variant<std::optional<Partition>, std::vector<Partition>>;

template <class K, class V>
class Partitioner {
 public:
  // By the key.
  Partitioner() = default;

  template <class F>
  requires(!std::same_as<F, Partitioner>) Partitioner(F f) {  // NOLINT(google-explicit-constructor)
    static_assert(std::is_invocable_r_v<PartitionChoice, F&, const K&, const V&, Partition>,
                  "partitioner: needs Partition(const K&, const V&, Partition count); std::optional<Partition> or "
                  "std::vector<Partition> may be returned instead");
    if constexpr (std::is_invocable_r_v<PartitionChoice, F&, const K&, const V&, Partition>) choose_ = std::move(f);
  }

  explicit operator bool() const { return static_cast<bool>(choose_); }

  PartitionChoice operator()(const K& key, const V& value, Partition count) const { return choose_(key, value, count); }

 private:
  std::function<PartitionChoice(const K&, const V&, Partition)> choose_ = {};
};

}  // namespace levada
