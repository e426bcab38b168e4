// How a topic is written.
//
//   orders.to("orders-by-region", {.partitioner = by_region});
#pragma once

#include <string>

#include <levada/core/serde.h>
#include <levada/dsl/partitioner.h>

namespace levada {

template <class K, class V>
struct Produced {
  std::string name = {};  // of the sink
  Serde<K> key = {};
  Serde<V> value = {};
  Partitioner<K, V> partitioner = {};  // unset: by the key
};

}  // namespace levada
