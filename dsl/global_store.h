// Puts global stores into the graph: a source that reads the topic, and what writes its records to the store.
#pragma once

#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include <absl/status/status.h>

#include <levada/core/processor.h>
#include <levada/dsl/consumed.h>
#include <levada/dsl/global_ktable.h>
#include <levada/dsl/graph/graph.h>
#include <levada/dsl/materialized_table.h>
#include <levada/dsl/operators/fill_global_table.h>
#include <levada/dsl/operators/source.h>
#include <levada/dsl/process_step.h>
#include <levada/dsl/table_of_topic.h>

namespace levada::internal {

struct GlobalStoreMakers {
  StoreSpec store = {};
  NodeMaker source = {};
  NodeMaker processor = {};  // connected to the store
};

// The processor of that name fills the store. kInvalidArgument if it is no key-value store.
absl::Status make_global(StoreSpec& store, const std::string& processor);

// `name` is the user's, of Consumed. It is a mistake if the store is no key-value store.
void add_global_store(Graph& graph, const std::string& topic, const std::string& name, GlobalStoreMakers makers);

template <class K, class V>
GlobalKTable<Unwrapped<K>, Unwrapped<V>> global_table_of_topic(Graph& graph, const std::string& topic,
                                                               const Consumed<K, V>& consumed,
                                                               MaterializedTable<Unwrapped<K>, Unwrapped<V>> options) {
  using Table = GlobalKTable<Unwrapped<K>, Unwrapped<V>>;
  using Key = std::optional<Unwrapped<K>>;
  using Value = std::optional<Unwrapped<V>>;
  const StoreRef<typename Table::Store> store{options.store.empty() ? graph.names().next(topic + "-STATE-STORE-")
                                                                    : options.store};
  options.key = own_or_inherited(options.key, std::optional(inner_serde(consumed.key)));
  options.value = own_or_inherited(options.value, std::optional(inner_serde(consumed.value)));
  add_global_store(
      graph, topic, consumed.name.empty() ? options.name : consumed.name,
      {.store = table_store(graph, store.name, options),
       .source = [nullable = with_nulls(consumed)](
                     OperatorContext& context) { return std::make_unique<Source<Key, Value>>(context, nullable); },
       .processor =
           [store](OperatorContext& context) {
             return std::make_unique<FillGlobalTable<Unwrapped<K>, Unwrapped<V>>>(context, store);
           }});
  return Table(store);
}

// P is built as a P(context, store), or a P(store).
template <class P, class S>
void add_processed_global_store(Graph& graph, const std::string& topic, StoreSpec spec,
                                const Consumed<typename P::KeyIn, typename P::ValueIn>& consumed) {
  const StoreRef<S> store{spec.name};
  add_global_store(graph, topic, consumed.name,
                   {.store = std::move(spec),
                    .source =
                        [consumed](OperatorContext& context) {
                          return std::make_unique<Source<typename P::KeyIn, typename P::ValueIn>>(context, consumed);
                        },
                    .processor = [store](OperatorContext& context) { return construct<P>(context, store); }});
}

}  // namespace levada::internal
