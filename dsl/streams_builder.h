// Builds a topology with the vocabulary of Kafka Streams.
//
//   StreamsBuilder builder;
//   auto orders = builder.stream<std::string, Order>("orders", {.timestamp = event_time});
//   orders.filter(is_large).to("large-orders");
//   absl::StatusOr<Topology> topology = builder.build();
//
// Owns everything that streams and tables of it refer to. Nothing throws or fails before build(), which tells all
// mistakes at once. Not thread-safe.
#pragma once

#include <memory>
#include <string>
#include <typeindex>
#include <utility>

#include <absl/status/statusor.h>

#include <levada/core/build_options.h>
#include <levada/core/store.h>
#include <levada/core/topology.h>
#include <levada/dsl/consumed.h>
#include <levada/dsl/global_store.h>
#include <levada/dsl/kstream.h>
#include <levada/dsl/operators/source.h>
#include <levada/dsl/table_of_topic.h>
#include <levada/dsl/topics.h>

namespace levada {

class StreamsBuilder {
 public:
  StreamsBuilder();
  StreamsBuilder(StreamsBuilder&&) noexcept;
  StreamsBuilder& operator=(StreamsBuilder&&) noexcept;
  ~StreamsBuilder();

  // A topic is read once, however many streams are made of it: they must agree on its types, and the first one's
  // options hold. K and V are std::optional where null is no error.
  template <class K, class V>
  KStream<K, V> stream(const Topics& topics, Consumed<K, V> options = {}) {
    return KStream<K, V>(add_source({.name = options.name,
                                     .topics = topics.names(),
                                     .pattern = topics.pattern(),
                                     .reset = options.reset,
                                     .idle_timeout = options.idle_timeout},
                                    typeid(Record<K, V>), [options](OperatorContext& context) {
                                      return std::make_unique<internal::Source<K, V>>(context, options);
                                    }));
  }

  // The table of the latest value of each key in a topic. A null value removes the row, whose time is then the record's
  // own; a null key is dropped and counted. Consumed::name is the table's.
  template <class K, class V>
  KTable<Unwrapped<K>, std::optional<Unwrapped<V>>> table(
      const std::string& topic, const Consumed<K, V>& consumed = {},
      const MaterializedTable<Unwrapped<K>, Unwrapped<V>>& options = {}) {
    return KTable<Unwrapped<K>, std::optional<Unwrapped<V>>>(
        internal::table_of_topic(*graph_, topic, consumed, options));
  }

  // The same table, whole on every instance of the application, which reads all partitions of the topic before anything
  // else is processed. It always has a store; .caching, .logging and .topic_config do not matter to it.
  template <class K, class V>
  GlobalKTable<Unwrapped<K>, Unwrapped<V>> global_table(
      const std::string& topic, const Consumed<K, V>& consumed = {},
      const MaterializedTable<Unwrapped<K>, Unwrapped<V>>& options = {}) {
    return internal::global_table_of_topic(*graph_, topic, consumed, options);
  }

  // A store like that, which a processor of the user's fills: a P(Context&, const StoreRef<S>&), or a
  // P(const StoreRef<S>&). It sends nothing on. All other processors may read the store without being connected to it.
  //
  //   auto prices = builder.add_global_store<Prices, KeepPrices>("prices", "price-topic");
  template <class S, class P>
  StoreRef<S> add_global_store(const std::string& name, const std::string& topic, typename S::Options options = {},
                               const Consumed<typename P::KeyIn, typename P::ValueIn>& consumed = {}) {
    static_assert(std::is_base_of_v<Terminal<typename P::KeyIn, typename P::ValueIn>, P>,
                  "add_global_store<S, P>: P must derive from Terminal<K, V>, because nothing is below it");
    internal::add_processed_global_store<P, S>(*graph_, topic, S::spec(name, std::move(options)), consumed);
    return {name};
  }

  // A store for processors: builder.add_store<KeyValueStore<std::string, double>>("sums"). Each processor that is given
  // the result can use it; so must one at least.
  template <class S>
  StoreRef<S> add_store(const std::string& name, typename S::Options options = {}) {
    add_store_spec(S::spec(name, std::move(options)));
    return {name};
  }

  // kInvalidArgument with everything that is wrong.
  absl::StatusOr<Topology> build(const BuildOptions& options = {}) const;

 private:
  internal::StreamPoint add_source(NodeSpec source, std::type_index type, internal::NodeMaker make);
  void add_store_spec(StoreSpec spec);

  std::unique_ptr<internal::Graph> graph_;
};

}  // namespace levada
