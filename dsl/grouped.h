// How a stream is grouped, and how its records travel to their new partition if the grouping needs that.
//
//   orders.group_by(&Order::customer, {.name = "by-customer"}).count();      // topic
//   <application.id>-by-customer-repartition
#pragma once

#include <string>

#include <levada/core/serde.h>

namespace levada {

template <class K, class V>
struct Grouped {
  std::string name = {};  // of the operator and of the repartition topic
  Serde<K> key = {};
  Serde<V> value = {};
};

}  // namespace levada
