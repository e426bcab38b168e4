// How a stream is sent through a topic of its own, to be partitioned anew.
//
//   orders.repartition({.name = "wide", .partitions = 64});      // topic <application.id>-wide-repartition
#pragma once

#include <optional>
#include <string>

#include <levada/core/serde.h>
#include <levada/dsl/partitioner.h>

namespace levada {

template <class K, class V>
struct Repartitioned {
  std::string name = {};
  std::optional<Partition> partitions = std::nullopt;  // unset: as many as the stream has
  Serde<K> key = {};
  Serde<V> value = {};
  Partitioner<K, V> partitioner = {};  // unset: by the key
};

}  // namespace levada
