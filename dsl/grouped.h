// How a stream is grouped, and how its records travel to their new partition if the grouping needs that.
//
//   orders.group_by(&Order::customer, {.name = "by-customer"}).count();      // topic
//   <application.id>-by-customer-repartition
//
// With a combiner, what goes through that topic is not every record but, for each key (and window), one partial
// aggregate a commit: much less where many records share few keys.
//
//   orders.group_by(&Order::customer, {.combining = true}).count();
//
// It is for aggregations whose result does not depend on how records are put together: count; reduce with an
// associative function; aggregate with a merger, and an initial value that changes nothing. Where no repartition is
// needed it does nothing. docs/performance.md says what it changes.
#pragma once

#include <string>

#include <levada/core/serde.h>

namespace levada {

template <class K, class V>
struct Grouped {
  std::string name = {};  // of the operator and of the repartition topic
  Serde<K> key = {};
  Serde<V> value = {};
  bool combining = false;  // partial aggregates are repartitioned instead of records
};

}  // namespace levada
