// A table that every instance of the application has whole, under construction: the latest value of each key in a
// topic, whatever the topic's partitions.
//
//   auto customers = builder.global_table<std::string, Customer>("customers");
//   orders.join(customers, &Order::customer, [](const Order& order, const Customer& customer) { … }).to("priced");
//
// To be joined with streams, which need not be partitioned like it; processors can read it by store(). A value, as
// KStream is; valid as long as its builder.
#pragma once

#include <string>
#include <utility>

#include <levada/core/serde_traits.h>
#include <levada/core/store.h>
#include <levada/state/timestamped_key_value_store.h>

namespace levada {

template <class K, class V>
class GlobalKTable {
 public:
  using Key = K;
  using Value = V;
  using Store = TimestampedKeyValueStore<K, V>;

  // For the library: global tables come from builders.
  explicit GlobalKTable(StoreRef<Store> store) : store_(std::move(store)) {}

  const StoreRef<Store>& store() const { return store_; }
  const std::string& queryable_store_name() const { return store_.name; }

 private:
  StoreRef<Store> store_;
};

}  // namespace levada
