// The table of the latest value of each key in a stream, behind a repartition if its keys have changed.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include <levada/dsl/operators/table_source.h>
#include <levada/dsl/repartition_makers.h>
#include <levada/dsl/table_point.h>

namespace levada::internal {

template <class K, class V>
TableMaker table_source_maker() {
  return [](OperatorContext& context, const TableFacts& facts) {
    return std::make_unique<TableSource<K, V>>(context, facts);
  };
}

template <class K, class V>
TablePoint<Unwrapped<K>, Unwrapped<V>> table_of_stream(const StreamPoint& stream,
                                                       MaterializedTable<Unwrapped<K>, Unwrapped<V>> options) {
  Graph& graph = *stream.graph;
  const std::string name = graph.names().next_unless(options.name, "KSTREAM-TOTABLE-");
  const std::string store = options.store.empty() ? graph.names().next("KSTREAM-TOTABLE-STATE-STORE-") : options.store;
  options.key = own_or_inherited(options.key, {});
  options.value = own_or_inherited(options.value, {});
  GraphNodeId above = stream.node;
  if (stream.repartition_required) {
    RepartitionMakers makers;
    if (options.key && options.value) makers = repartition_makers<K, V>({.key = *options.key, .value = *options.value});
    above = graph.add_repartition(above, {.name = name, .makers = std::move(makers), .mergeable = true});
  }
  GraphNode step = {
      .nodes = {{.spec = {.name = name}, .make_table = table_source_maker<K, V>()}},
      .table = TableStep{.spare = table_store(graph, store, options), .history = options.history_retention}};
  const StreamPoint at = {&graph, graph.add(std::move(step), {above})};
  if (!options.store.empty()) graph.keep_rows(at.node);
  return table_with_spare<Unwrapped<K>, Unwrapped<V>>(at, options.store, options.key, options.value);
}

}  // namespace levada::internal
