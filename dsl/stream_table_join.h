// Puts a join of a stream with a table into the graph: KStream::join and left_join with a KTable or a GlobalKTable.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <levada/core/time.h>
#include <levada/dsl/global_ktable.h>
#include <levada/dsl/joined.h>
#include <levada/dsl/ktable.h>
#include <levada/dsl/operators/join_with_rows.h>
#include <levada/dsl/operators/join_with_rows_later.h>
#include <levada/dsl/repartition_makers.h>
#include <levada/dsl/stream_point.h>

namespace levada::internal {

// A step whose operator is connected to the stores of a table.
struct StreamTableStep {
  NodeSpec node = {};
  std::optional<StoreSpec> buffer = std::nullopt;
  bool wants_null_keys = false;
};

// The name of a join, and behind it the stream, partitioned by its keys.
std::string stream_table_join_name(Graph& graph, const std::string& name, JoinKind kind);
// `table`: the topics of both must have the same number of partitions.
StreamPoint add_stream_table_join(const StreamPoint& stream, const StreamPoint& table, StreamTableStep step);
// A stream that is joined with a global table needs no partitions of its own.
StreamPoint add_global_table_join(const StreamPoint& stream, const std::string& name, JoinKind kind, NodeMaker make);

// What waits is joined with the row of its own time, which the table must still know then.
void check_grace(Graph& graph, const std::string& name, Duration grace, std::optional<Duration> history);

template <class K, class V>
RepartitionMakers joined_makers(const Joined<K, V>& options) {
  const auto key = own_or_inherited(options.key, {});
  const auto value = own_or_inherited(options.value, {});
  if (!key || !value) return {};
  return repartition_makers<K, V>({.key = *key, .value = *value});
}

template <class K, class V>
std::optional<JoinBuffer<K, V>> join_buffer(Graph& graph, const std::string& name, const Joined<K, V>& options) {
  const auto key = own_or_inherited(options.key, {});
  const auto value = own_or_inherited(options.value, {});
  if (!key || !value) {
    graph.mistake("join " + name + ": nothing says how its buffer keeps records; give a .key and a .value serde");
    return std::nullopt;
  }
  return JoinBuffer<K, V>{.store = {name + "-Buffer"}, .grace = *options.grace, .key = *key, .value = *value};
}

template <JoinKind kKind, class K, class V, class Row, class F>
StreamPoint join_stream_with_table(const StreamPoint& at, const TablePoint<Unwrapped<K>, Row>& table, F joiner,
                                   const Joined<K, V>& options) {
  Graph& graph = *at.graph;
  const StreamPoint stream = at.partitioned_for_join(options.name, joined_makers(options));
  const std::string name = stream_table_join_name(graph, options.name, kKind);
  const TableView<Unwrapped<K>, Row> rows = table.view();
  StreamTableStep step = {.node = {.name = name, .stores = rows.stores}, .wants_null_keys = kKind == JoinKind::kLeft};
  step.node.make = [getter = rows.getter, joiner](OperatorContext& context) {
    return std::make_unique<JoinWithRows<kKind, K, V, Row, OwnKey<K, V>, F>>(context, getter(context), OwnKey<K, V>(),
                                                                             joiner);
  };
  if (!options.grace) return add_stream_table_join(stream, table.at, std::move(step));
  check_grace(graph, name, *options.grace, table.history());
  if (const auto buffer = join_buffer(graph, name, options)) {
    step.buffer = RecordBuffer::Store::spec(buffer->store.name);
    step.node.stores.push_back(buffer->store.name);
    step.node.holds_back = true;
    step.node.make = [getter = rows.getter, joiner, buffer = *buffer](OperatorContext& context) {
      return std::make_unique<JoinWithRowsLater<kKind, K, V, Row, F>>(context, getter(context), buffer, joiner);
    };
  }
  return add_stream_table_join(stream, table.at, std::move(step));
}

template <JoinKind kKind, class K, class V, class KG, class Row, class Mapper, class F>
StreamPoint join_stream_with_global_table(const StreamPoint& at, const GlobalKTable<KG, Row>& table, Mapper mapper,
                                          F joiner, const std::string& name) {
  using KeyOf = MappedKey<K, V, Mapper>;
  return add_global_table_join(
      at, name, kKind, [store = table.queryable_store_name(), mapper, joiner](OperatorContext& context) {
        return std::make_unique<JoinWithRows<kKind, K, V, Row, KeyOf, F>>(
            context, std::make_unique<StoredRows<KG, Row>>(context, store), KeyOf{mapper}, joiner);
      });
}

}  // namespace levada::internal
