// Where a table stands in the graph of its builder, and what is known of its rows: what every KTable is a handle on,
// and all that an operator of tables needs.
//
//   const TablePoint<K, A>& from = table.point();
//   from.send_old_values(OldValues::kAlways);           // Change::before is filled from now on
//   const TableView<K, A> rows = from.view();           // to look rows up, see table_view.h
//   GraphNode step = {.nodes = {{.spec = {.name = …}, .make_table = make}}, .table = TableStep{…}};
//   return KTable<K, V2>(TablePoint<K, V2>{.at = from.then(std::move(step)), …});
//
// A is the row: KTable<K, V>::Row, never an optional. Of windowed tables K is Windowed<…>.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>

#include <levada/core/serde.h>
#include <levada/dsl/materialized_table.h>
#include <levada/dsl/stream_point.h>
#include <levada/dsl/table_view.h>
#include <levada/state/timestamped_key_value_store.h>
#include <levada/state/versioned_key_value_store.h>

namespace levada::internal {

template <class K, class A>
struct TablePoint {
  StreamPoint at = {};
  std::string queryable_store = {};              // as the user named it
  std::optional<Serde<K>> key = std::nullopt;    // of its store or topic; what is below may have to write these, too
  std::optional<Serde<A>> value = std::nullopt;  // the same
  std::function<TableView<K, A>()> view = {};    // asked for when somebody needs to look rows up

  // False if it will not tell old values.
  bool send_old_values(OldValues wish) const { return at.graph->send_old_values(at.node, wish); }
  std::optional<Duration> history() const { return at.graph->history(at.node); }
  bool is_versioned() const { return history().has_value(); }
};

// A table whose rows `at` keeps in a key-value store.
template <class K, class A>
TablePoint<K, A> table_in_store(const StreamPoint& at, const std::string& store, std::string queryable_store,
                                std::optional<Serde<K>> key, std::optional<Serde<A>> value) {
  return {.at = at,
          .queryable_store = std::move(queryable_store),
          .key = std::move(key),
          .value = std::move(value),
          .view = [store] { return stored_rows<K, A>(store); }};
}

// One that keeps them in its spare store when somebody needs to look them up.
template <class K, class A>
TablePoint<K, A> table_with_spare(const StreamPoint& at, std::string queryable_store, std::optional<Serde<K>> key,
                                  std::optional<Serde<A>> value) {
  return {.at = at,
          .queryable_store = std::move(queryable_store),
          .key = std::move(key),
          .value = std::move(value),
          .view = [graph = at.graph, node = at.node] { return stored_rows<K, A>(graph->keep_rows(node)); }};
}

template <class T>
std::optional<Serde<T>> own_or_inherited(const std::optional<Serde<T>>& own, const std::optional<Serde<T>>& inherited) {
  if (own) return own;
  if (inherited) return inherited;
  if constexpr (HasSerde<T>) {
    return Serde<T>();
  } else {
    return std::nullopt;
  }
}

// The store of a table; its serdes must be set, or it is a mistake.
template <class K, class A>
StoreSpec table_store(Graph& graph, const std::string& name, const MaterializedTable<K, A>& options) {
  graph.check(check_name("store", name));
  if (!options.key || !options.value) {
    graph.mistake("store " + name + ": nothing says how its rows become bytes; give a .key and a .value serde");
    return {.name = name};
  }
  if (options.history_retention) {
    if (options.ttl > Duration(0)) graph.mistake("store " + name + ": .ttl is not of versioned tables");
    return VersionedKeyValueStore<K, A>::spec(name, {.history_retention = *options.history_retention,
                                                     .segment_interval = options.segment_interval,
                                                     .key = *options.key,
                                                     .value = *options.value,
                                                     .engine = options.engine,
                                                     .logging = options.logging,
                                                     .topic_config = options.topic_config});
  }
  return TimestampedKeyValueStore<K, A>::spec(name, {.key = *options.key,
                                                     .value = *options.value,
                                                     .engine = options.engine,
                                                     .caching = options.caching,
                                                     .logging = options.logging,
                                                     .topic_config = options.topic_config,
                                                     .ttl = options.ttl});
}

}  // namespace levada::internal
