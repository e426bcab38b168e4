// The state of an aggregation: its store, and what is done with it.
//
//   orders.group_by_key().count({.store = "orders-per-customer", .caching = false});
//
// Names decide which topics are found again after a restart. In Kafka Streams count(Materialized.with(…)), which names
// no store, numbers its operators differently from count(); here count({}) is the first, and count() or count({.name =
// "…"}) the second.
#pragma once

#include <map>
#include <optional>
#include <string>

#include <levada/core/serde.h>
#include <levada/core/store.h>
#include <levada/core/time.h>

namespace levada {

template <class K, class V>
struct Materialized {
  std::string name = {};   // of the operator
  std::string store = {};  // its changelog topic is <application.id>-<store>-changelog
  Serde<K> key = {};       // of windowed aggregations: without the window
  Serde<V> value = {};
  bool caching = true;  // changes go on at commit, the last one per key
  bool logging = true;
  std::map<std::string, std::string> topic_config = {};  // of the changelog topic
  std::optional<Duration> retention = std::nullopt;      // of windows; unset: their size and grace
  StoreEngine engine = StoreEngine::kRocksDb;
  // Without windows: how long a row stays, until stream time is later by that than its own time. What is removed then
  // is gone as if it never had been: nodes downstream are told nothing. 0: for ever.
  Duration ttl = {};
};

namespace internal {

template <class T>
inline constexpr bool kIsMaterialized = false;
template <class K, class V>
inline constexpr bool kIsMaterialized<Materialized<K, V>> = true;

}  // namespace internal

}  // namespace levada
