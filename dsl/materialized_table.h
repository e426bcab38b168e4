// Whether and how a table keeps its rows that could do without: one made of a topic, a stream or another table.
//
//   auto orders = builder.table<std::string, Order>("orders", {}, {.store = "orders"});
//   orders.filter(is_large, {.store = "large-orders", .caching = false});
//
// Without .store a table of a topic or a stream keeps its rows only if something below has to look them up; a filtered
// or mapped table never does, and its rows are computed from those of the table above. Options that name nothing are
// Kafka Streams' Materialized.with(…): they use up a number, and make a joined table keep its rows in a store with a
// generated name.
#pragma once

#include <map>
#include <optional>
#include <string>

#include <levada/core/serde.h>
#include <levada/core/store.h>
#include <levada/core/time.h>

namespace levada {

template <class K, class V>
struct MaterializedTable {
  std::string name = {};                         // of the operator
  std::string store = {};                        // its changelog topic is <application.id>-<store>-changelog
  std::optional<Serde<K>> key = std::nullopt;    // unset: that of the table above, or found from the type
  std::optional<Serde<V>> value = std::nullopt;  // the same
  bool caching = true;                           // changes go on at commit, the last one per key
  bool logging = true;
  std::map<std::string, std::string> topic_config = {};  // of the changelog topic
  StoreEngine engine = StoreEngine::kRocksDb;
  // Set, the store keeps the versions of each row for that long, and the table is a versioned one: what comes late
  // changes the past, not the latest row. Never cached.
  std::optional<Duration> history_retention = std::nullopt;
  Duration segment_interval = {};  // of the history; 0: a part of it
  // How long a row stays, until stream time is later by that than its own time. What is removed then is gone as if it
  // never had been: nodes downstream are told nothing. 0: for ever.
  Duration ttl = {};
};

namespace internal {

template <class T>
inline constexpr bool kIsMaterializedTable = false;
template <class K, class V>
inline constexpr bool kIsMaterializedTable<MaterializedTable<K, V>> = true;

}  // namespace internal
}  // namespace levada
