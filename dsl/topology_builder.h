// Wires processors by hand: what Kafka Streams calls the Topology class. Nodes have names, and name their parents.
//
//   TopologyBuilder builder;
//   const auto seen = builder.add_state_store<KeyValueStore<std::string, Timestamp>>("seen");
//   builder.add_source<std::string, Order>("orders", "order-events", {.timestamp = &Order::time})
//       .add_processor<Deduplicate>("dedup", {"orders"}, seen)
//       .add_sink<std::string, Order>("out", "unique-orders", {"dedup"});
//   absl::StatusOr<Topology> topology = builder.build();
//
// A processor emits to all its children, or to one by its name. What is wrong with names and types is told by build(),
// all at once. A value; not thread-safe.
#pragma once

#include <concepts>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <absl/status/statusor.h>

#include <levada/core/build_options.h>
#include <levada/core/processor.h>
#include <levada/core/store.h>
#include <levada/core/topology.h>
#include <levada/dsl/consumed.h>
#include <levada/dsl/operators/sink.h>
#include <levada/dsl/operators/source.h>
#include <levada/dsl/process_step.h>
#include <levada/dsl/produced.h>
#include <levada/dsl/topics.h>
#include <levada/dsl/type_name.h>

namespace levada {

namespace internal {

// The records a node takes and emits, in words; nullopt for none.
struct NodeTypes {
  std::optional<std::string> in = std::nullopt;
  std::optional<std::string> out = std::nullopt;
};

template <class K, class V>
std::string record_name() {
  return type_name<Record<K, V>>();
}

template <class P>
concept WiredProcessor = requires {
  typename P::KeyIn;
  typename P::ValueIn;
}
&&std::derived_from<P, Node>&& std::derived_from<P, Receiver<typename P::KeyIn, typename P::ValueIn>>;

template <WiredProcessor P>
NodeTypes types_of_processor() {
  NodeTypes types = {.in = record_name<typename P::KeyIn, typename P::ValueIn>()};
  if constexpr (requires { typename P::KeyOut; }) types.out = record_name<typename P::KeyOut, typename P::ValueOut>();
  return types;
}

}  // namespace internal

// Where a read-only or global store gets its contents from, and how the nodes are called that bring them.
struct StoreFeed {
  std::string topic = {};
  std::string source = {};
  std::string processor = {};
};

class TopologyBuilder {
 public:
  using Names = std::vector<std::string>;

  // Of the options, `name` is not used.
  template <class K, class V>
  TopologyBuilder& add_source(const std::string& name, const Topics& topics, Consumed<K, V> options = {}) {
    NodeSpec source = {.kind = NodeKind::kSource,
                       .name = name,
                       .topics = topics.names(),
                       .pattern = topics.pattern(),
                       .reset = options.reset,
                       .idle_timeout = options.idle_timeout};
    source.make = [options](OperatorContext& context) {
      return std::make_unique<internal::Source<K, V>>(context, options);
    };
    return add(std::move(source), {}, {.out = internal::record_name<K, V>()});
  }

  // Each task builds a P(context, args...), or a P(args...); the stores among the arguments are connected to it.
  template <class P, class... Args>
  TopologyBuilder& add_processor(const std::string& name, const Names& parents, Args... args) {
    static_assert(internal::WiredProcessor<P>,
                  "add_processor<P>: P must derive from Processor<KIn, VIn, KOut, VOut>, FixedKeyProcessor<K, VIn, "
                  "VOut> or Terminal<K, V>");
    if constexpr (internal::WiredProcessor<P>) {
      NodeSpec processor = {.name = name};
      (internal::append_store(args, processor.stores), ...);
      processor.make = [args...](OperatorContext& context) { return internal::construct<P>(context, args...); };
      add(std::move(processor), parents, internal::types_of_processor<P>());
    }
    return *this;
  }

  // Of the options, `name` is not used.
  template <class K, class V>
  TopologyBuilder& add_sink(const std::string& name, const std::string& topic, const Names& parents,
                            Produced<K, V> options = {}) {
    NodeSpec sink = {.kind = NodeKind::kSink, .name = name, .topics = {topic}};
    sink.make = [topic, options](OperatorContext& context) {
      return std::make_unique<internal::Sink<K, V>>(context, topic, options);
    };
    return add(std::move(sink), parents, {.in = internal::record_name<K, V>()});
  }
  // To a topic that a function names for each record. The topics must exist.
  template <class K, class V, class F>
  requires(!std::convertible_to<F, std::string>) TopologyBuilder& add_sink(const std::string& name, F choose,
                                                                           const Names& parents,
                                                                           Produced<K, V> options = {}) {
    static_assert(internal::TopicChooser<F, K, V>,
                  "add_sink: needs the name of a topic, or std::string(const V&), std::string(const K&, const V&) or "
                  "std::string(const K&, const V&, const RecordContext&)");
    NodeSpec sink = {.kind = NodeKind::kSink, .name = name};
    sink.make = [choose, options](OperatorContext& context) {
      return std::make_unique<internal::DynamicSink<K, V, F>>(context, choose, options);
    };
    return add(std::move(sink), parents, {.in = internal::record_name<K, V>()});
  }

  // The store for the processors named, and for those that are given the result.
  template <class S>
  StoreRef<S> add_state_store(const std::string& name, typename S::Options options = {}, const Names& processors = {}) {
    add_store(S::spec(name, std::move(options)), processors);
    return {name};
  }

  // A store that holds what stands in a topic, which is its changelog: it gets no other, and is restored from the topic
  // as it is, so that what `P` writes must have the form of the topic's records. Each task builds a P(context, store).
  template <class P, class S>
  StoreRef<S> add_read_only_state_store(const std::string& name, const StoreFeed& from,
                                        typename S::Options options = {},
                                        Consumed<typename P::KeyIn, typename P::ValueIn> consumed = {}) {
    StoreSpec store = S::spec(name, std::move(options));
    store.logging = false;
    store.source_topic = from.topic;
    add_store(std::move(store), {});
    const StoreRef<S> ref = {name};
    add_source(from.source, from.topic, std::move(consumed));
    add_processor<P>(from.processor, {from.source}, ref);
    return ref;
  }

  // A store that each instance of the application has whole: `P` fills it from all partitions of a topic, before
  // anything else is processed. All other processors may read it, without being connected to it. The topic is its
  // changelog.
  //
  //   builder.add_global_store<Prices, KeepPrices>(
  //       "prices", {.topic = "price-topic", .source = "read", .processor = "keep"});
  template <class S, class P>
  StoreRef<S> add_global_store(const std::string& name, const StoreFeed& from, typename S::Options options = {},
                               Consumed<typename P::KeyIn, typename P::ValueIn> consumed = {}) {
    static_assert(std::is_base_of_v<Terminal<typename P::KeyIn, typename P::ValueIn>, P>,
                  "add_global_store<S, P>: P must derive from Terminal<K, V>, because nothing is below it");
    const StoreRef<S> ref = {name};
    add_global(S::spec(name, std::move(options)), from);
    add_source(from.source, from.topic, std::move(consumed));
    add_processor<P>(from.processor, {from.source}, ref);
    return ref;
  }

  TopologyBuilder& connect_processor_and_state_stores(const std::string& processor, const Names& stores);

  // kInvalidArgument with everything that is wrong.
  absl::StatusOr<Topology> build(const BuildOptions& options = {}) const;

 private:
  TopologyBuilder& add(NodeSpec node, const Names& parents, internal::NodeTypes types);
  void add_store(StoreSpec store, const Names& processors);
  void add_global(StoreSpec store, const StoreFeed& from);
  std::optional<NodeId> find(const std::string& node) const;
  void check_types(const NodeSpec& node, NodeId parent, const internal::NodeTypes& types);
  void check_name(std::string_view what, const std::string& name);

  Topology topology_ = {};
  std::vector<internal::NodeTypes> types_ = {};                      // by NodeId
  std::vector<std::pair<std::string, std::string>> connected_ = {};  // processor and store
  std::vector<std::string> mistakes_ = {};
};

}  // namespace levada
