// Puts a join of two streams into the graph: KStream::join, left_join and outer_join with JoinWindows.
//
// Both streams are repartitioned where their keys have changed. Each side is kept in a window store of its own by a
// step of its own; the join is one step with an operator for each side, which reads the other side's store, and one
// that merges both.
#pragma once

#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include <levada/dsl/join_windows.h>
#include <levada/dsl/joiner.h>
#include <levada/dsl/operators/join_window.h>
#include <levada/dsl/operators/pass_through.h>
#include <levada/dsl/operators/stream_join.h>
#include <levada/dsl/operators/stream_self_join.h>
#include <levada/dsl/repartition_makers.h>
#include <levada/dsl/stream_joined.h>
#include <levada/dsl/stream_point.h>

namespace levada::internal {

struct JoinedStreams {
  StreamPoint left;
  StreamPoint right;
};

// All names of one join, in the order in which Kafka Streams counts.
struct StreamJoinNames {
  std::string left_window = {};
  std::string right_window = {};
  std::string left_join = {};
  std::string right_join = {};
  std::string merge = {};
  std::string left_store = {};
  std::string right_store = {};
  std::string waiting_store = {};  // of inner joins, none
};

struct StreamJoinNodes {
  NodeMaker left_window = {};
  NodeMaker right_window = {};
  NodeMaker left_join = {};
  NodeMaker right_join = {};
  NodeMaker merge = {};
  NodeMaker self_join = {};  // none where the sides have different types
};

struct StreamJoinSpecs {
  StoreSpec left = {};
  StoreSpec right = {};
  std::optional<StoreSpec> waiting = std::nullopt;
};

StreamJoinNames stream_join_names(Graph& graph, const std::string& name, const std::string& store_name, JoinKind kind);
StreamPoint add_stream_join(const JoinedStreams& streams, const StreamJoinNames& names, const StreamJoinNodes& nodes,
                            StreamJoinSpecs stores);

template <JoinKind kKind, class K1, class V1, class K2, class V2, class F>
struct StreamJoinMaker {
  using Types = StreamJoinTypes<kKind, K1, V1, K2, V2, F>;
  using LeftWindow = JoinWindow<K1, V1>;
  using RightWindow = JoinWindow<K2, V2>;
  using LeftJoin = StreamJoin<Types, JoinSide::kLeft, K1, V1>;
  using RightJoin = StreamJoin<Types, JoinSide::kRight, K2, V2>;
  using Merge = PassThrough<typename Types::KeyOut, typename Types::ValueOut>;

  const StreamJoined<K1, V1, V2>& options;
  const JoinWindows& windows;
  const F& joiner;

  StreamPoint add(JoinedStreams streams) const {
    Graph& graph = *streams.left.graph;
    if (streams.right.graph != &graph) graph.mistake("join: the streams belong to different builders");
    graph.check(windows.check());
    streams.left = streams.left.partitioned_for_join(
        topic("-left"), repartition_makers<K1, V1>({.key = options.key, .value = options.value}));
    streams.right = streams.right.partitioned_for_join(
        topic("-right"), repartition_makers<K2, V2>({.key = options.key, .value = options.other_value}));
    const StreamJoinNames names = stream_join_names(graph, options.name, options.store_name, kKind);
    return add_stream_join(streams, names, nodes(names), specs(names));
  }

 private:
  std::string topic(const std::string& suffix) const { return options.name.empty() ? "" : options.name + suffix; }

  StreamJoinNodes nodes(const StreamJoinNames& names) const {
    const StreamJoinSerdes<Types> serdes = {.key = options.key, .left = options.value, .right = options.other_value};
    StreamJoinNodes nodes = {
        .left_window = window<LeftWindow>(names.left_store),
        .right_window = window<RightWindow>(names.right_store),
        .left_join = join<LeftJoin>({.other = names.right_store, .waiting = names.waiting_store}, serdes),
        .right_join = join<RightJoin>({.other = names.left_store, .waiting = names.waiting_store}, serdes),
        .merge = [](OperatorContext&) { return std::make_unique<Merge>(); }};
    if constexpr (std::is_same_v<K1, K2> && std::is_same_v<V1, V2>) nodes.self_join = self_join(names.left_store);
    return nodes;
  }

  template <class Window>
  static NodeMaker window(const std::string& store) {
    return [store = StoreRef<typename Window::Store>{store}](OperatorContext& context) {
      return std::make_unique<Window>(context, store);
    };
  }

  template <class Join>
  NodeMaker join(const StreamJoinStores& stores, const StreamJoinSerdes<Types>& serdes) const {
    return [stores, serdes, windows = windows, joiner = joiner](OperatorContext& context) {
      return std::make_unique<Join>(context, stores, windows, serdes, joiner);
    };
  }

  NodeMaker self_join(const std::string& store) const {
    using SelfJoin = StreamSelfJoin<Types, K1, V1>;
    return [store = StoreRef<typename SelfJoin::Store>{store}, windows = windows, joiner = joiner](
               OperatorContext& context) { return std::make_unique<SelfJoin>(context, store, windows, joiner); };
  }

  StreamJoinSpecs specs(const StreamJoinNames& names) const {
    StreamJoinSpecs specs = {.left = LeftWindow::Store::spec(names.left_store, window_options(options.value)),
                             .right = RightWindow::Store::spec(names.right_store, window_options(options.other_value))};
    if constexpr (kKind != JoinKind::kInner) {
      specs.waiting = OuterJoinStore::spec(
          names.waiting_store,
          {.engine = options.engine, .logging = options.logging, .topic_config = options.topic_config});
    }
    return specs;
  }

  template <class V>
  WindowStoreOptions<typename Types::Key, V> window_options(const Serde<V>& value) const {
    return {.window_size = windows.size(),
            .retention = windows.size() + windows.grace(),
            .retain_duplicates = true,
            .key = options.key,
            .value = value,
            .engine = options.engine,
            .logging = options.logging,
            .topic_config = options.topic_config};
  }
};

}  // namespace levada::internal
