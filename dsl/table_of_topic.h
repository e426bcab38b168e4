// The table of the latest value of each key in a topic.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <levada/dsl/consumed.h>
#include <levada/dsl/operators/source.h>
#include <levada/dsl/table_of_stream.h>

namespace levada::internal {

template <class T>
const Serde<T>& inner_serde(const Serde<T>& serde) {
  return serde;
}
template <class T>
const Serde<T>& inner_serde(const Serde<std::optional<T>>& serde) {
  return serde.inner();
}

// The same value as a T, which may or may not be optional.
template <class T>
const T& as(const std::optional<Unwrapped<T>>& value) {
  if constexpr (is_optional_v<T>) {
    return value;
  } else {
    return *value;
  }
}

// How the topic is read if any key and value may be null. What has a null is not shown to an extractor that knows none.
template <class K, class V>
Consumed<std::optional<Unwrapped<K>>, std::optional<Unwrapped<V>>> with_nulls(const Consumed<K, V>& consumed) {
  using Nullable = Record<std::optional<Unwrapped<K>>, std::optional<Unwrapped<V>>>;
  if constexpr (is_optional_v<K> && is_optional_v<V>) {
    return consumed;
  } else {
    Consumed<std::optional<Unwrapped<K>>, std::optional<Unwrapped<V>>> nullable = {.name = consumed.name,
                                                                                   .key = inner_serde(consumed.key),
                                                                                   .value = inner_serde(consumed.value),
                                                                                   .reset = consumed.reset};
    if (!consumed.timestamp) return nullable;
    nullable.timestamp = [extract = consumed.timestamp](const Nullable& record, Timestamp partition_time,
                                                        const Context& context) -> Timestamp {
      if ((!is_optional_v<K> && !record.key) || (!is_optional_v<V> && !record.value)) return record.timestamp;
      return extract({as<K>(record.key), as<V>(record.value), record.timestamp, record.headers}, partition_time,
                     context);
    };
    return nullable;
  }
}

template <class K, class V>
TablePoint<Unwrapped<K>, Unwrapped<V>> table_of_topic(Graph& graph, const std::string& topic,
                                                      const Consumed<K, V>& consumed,
                                                      MaterializedTable<Unwrapped<K>, Unwrapped<V>> options) {
  using Key = std::optional<Unwrapped<K>>;
  using Value = std::optional<Unwrapped<V>>;
  graph.check(check_name("topic", topic));
  NameGenerator& names = graph.names();
  const std::string store = options.store.empty() ? names.next(topic + "-STATE-STORE-") : options.store;
  const std::string& given = consumed.name.empty() ? options.name : consumed.name;
  const std::string source = names.next_unless(given.empty() ? given : given + "-source", "KSTREAM-SOURCE-");
  const std::string name = names.next_unless(given, "KTABLE-SOURCE-");
  options.key = own_or_inherited(options.key, std::optional(inner_serde(consumed.key)));
  options.value = own_or_inherited(options.value, std::optional(inner_serde(consumed.value)));
  NodeSpec read = {.kind = NodeKind::kSource,
                   .name = source,
                   .topics = {topic},
                   .reset = consumed.reset,
                   .idle_timeout = consumed.idle_timeout};
  read.make = [nullable = with_nulls(consumed)](OperatorContext& context) {
    return std::make_unique<Source<Key, Value>>(context, nullable);
  };
  GraphNode step = {
      .nodes = {{.spec = std::move(read), .feed = Feed::kNothing},
                {.spec = {.name = name}, .feed = Feed::kPrevious, .make_table = table_source_maker<Key, Value>()}},
      .table = TableStep{.spare = table_store(graph, store, options), .history = options.history_retention}};
  const StreamPoint at = {&graph, graph.add_root(std::move(step))};
  if (!options.store.empty()) graph.keep_rows(at.node);
  return table_with_spare<Unwrapped<K>, Unwrapped<V>>(at, options.store, options.key, options.value);
}

}  // namespace levada::internal
