// Puts suppress into the graph: KTable::suppress.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include <levada/dsl/operators/suppress.h>
#include <levada/dsl/suppressed.h>
#include <levada/dsl/table_point.h>

namespace levada::internal {

struct SuppressNames {
  std::string step = {};
  std::string store = {};
};

// The user's, or generated ones in the order in which Kafka Streams counts.
SuppressNames suppress_names(Graph& graph, const std::string& name);
// How long the windows of the table stay open after their end; a mistake if it is of no aggregation over windows.
Duration grace_of_windows(const StreamPoint& table, const SuppressNames& names);
StreamPoint add_suppress(const StreamPoint& table, const SuppressNames& names, StoreSpec store, NodeMaker make);

template <class Kind, class K, class A>
TablePoint<K, A> suppressed_table(const TablePoint<K, A>& from, const SuppressNames& names, Duration wait,
                                  const BufferLimits& limits) {
  Graph& graph = *from.at.graph;
  from.send_old_values(OldValues::kAlways);  // what a key had before it is held back is what others still see
  const std::optional<Serde<K>> key = own_or_inherited<K>(std::nullopt, from.key);
  const std::optional<Serde<A>> value = own_or_inherited<A>(std::nullopt, from.value);
  if (wait < Duration(0)) graph.mistake(names.step + ": suppress cannot wait for a negative time");
  if (from.is_versioned()) graph.mistake(names.step + ": suppress is not for versioned tables");
  if (!key || !value) {
    graph.mistake(names.step + ": suppress needs to know how rows become bytes; give the table above serdes");
    return from;
  }
  const SuppressSettings<K, A> settings = {.wait = wait, .limits = limits, .key = *key, .value = *value};
  const StoreRef<ChangeBuffer> store = {names.store};
  const StreamPoint at = add_suppress(
      from.at, names, ChangeBuffer::spec(names.store, {.logging = limits.logging, .topic_config = limits.topic_config}),
      [store, settings](OperatorContext& context) {
        return std::make_unique<Suppress<K, A, Kind>>(context, store, settings);
      });
  return {.at = at, .key = key, .value = value, .view = [from, store, settings] {
            TableView<K, A> rows = from.view();
            rows.stores.insert(rows.stores.begin(), store.name);
            rows.getter = [above = std::move(rows.getter), store, settings](OperatorContext& context) {
              return std::make_unique<SuppressedRows<K, A>>(context.store(store), settings, above(context));
            };
            return rows;
          }};
}

}  // namespace levada::internal
