// The table that two tables make of which the rows of one name the key of a row of the other.
//
//   left table ──► subscribe ──►[registration topic]──► keep ──► answer ──►[response topic]──► resolve ──► result
//                                                        store    ▲
//                                          right table ──► tell ──┘
//
// A row subscribes to the foreign row it names, and gets it, now and whenever it changes. Both topics belong to the
// application; the first is partitioned as the right table is, the second as the left one.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <levada/dsl/operators/foreign_key_join.h>
#include <levada/dsl/operators/sink.h>
#include <levada/dsl/operators/source.h>
#include <levada/dsl/table_joined.h>
#include <levada/dsl/table_of_stream.h>
#include <levada/dsl/table_point.h>

namespace levada::internal {

struct ForeignKeyJoinNames {
  std::string registration_topic = {};
  std::string subscribe = {};
  std::string registration_sink = {};
  std::string registration_source = {};
  std::string subscriptions = {};  // the store
  std::string keep = {};
  std::string answer = {};
  std::string tell = {};
  std::string response_topic = {};
  std::string response_sink = {};
  std::string response_source = {};
  std::string resolve = {};
  std::string result = {};
};
ForeignKeyJoinNames foreign_key_join_names(Graph& graph, const std::string& name);

// The operators of the join, without their places in the graph.
struct ForeignKeyJoinNodes {
  NodeMaker subscribe = {};
  NodeMaker registration_sink = {};
  NodeMaker registration_source = {};
  StoreSpec subscriptions = {};
  NodeMaker keep = {};
  NodeMaker answer = {};
  std::vector<std::string> answer_stores = {};
  NodeMaker tell = {};
  NodeMaker response_sink = {};
  NodeMaker response_source = {};
  NodeMaker resolve = {};
  std::vector<std::string> resolve_stores = {};
};
// Returns where the resolved rows come out.
GraphNodeId add_foreign_key_join(Graph& graph, GraphNodeId left, GraphNodeId right, const ForeignKeyJoinNames& names,
                                 ForeignKeyJoinNodes nodes);

// Makes those nodes. K and A are the left table's, KO and VO the right one's.
template <class K, class A, class KO, class VO>
class ForeignKeyJoin {
 public:
  ForeignKeyJoin(const TablePoint<K, A>& left, const TablePoint<KO, VO>& right, const TableJoined<K, KO>& options)
      : left_(left), right_(right), options_(options), graph_(*left.at.graph) {
    right_.send_old_values(OldValues::kAlways);
    left_.send_old_values(OldValues::kAlways);
    names_ = foreign_key_join_names(graph_, options.name);
  }

  template <bool kLeftJoin, class R, class KeyOf, class F>
  TablePoint<K, R> join(KeyOf key_of, F joiner, MaterializedTable<K, R> options) {
    const std::string store =
        options.store.empty() ? graph_.names().next("KTABLE-FK-JOIN-OUTPUT-STATE-STORE-") : options.store;
    const auto key = own_or_inherited(left_.key, {});
    const auto value = own_or_inherited(left_.value, {});
    const auto foreign_key = own_or_inherited(right_.key, {});
    const auto foreign_value = own_or_inherited(right_.value, {});
    options.key = own_or_inherited(options.key, key);
    options.value = own_or_inherited(options.value, {});
    GraphNodeId resolved = left_.at.node;
    if (key && value && foreign_key && foreign_value) {
      ForeignKeyJoinNodes nodes = right_side(*key, *foreign_key, *foreign_value);
      add_left_side<kLeftJoin, R>(nodes, {*key, *value, *foreign_key, *foreign_value}, key_of, joiner);
      resolved = add_foreign_key_join(graph_, left_.at.node, right_.at.node, names_, std::move(nodes));
    } else {
      graph_.mistake("foreign-key join " + names_.result + ": nothing says how the rows of both tables become bytes");
    }
    GraphNode step = {
        .nodes = {{.spec = {.name = names_.result}, .make_table = table_source_maker<K, std::optional<R>>()}},
        .table = TableStep{.spare = table_store(graph_, store, options), .history = options.history_retention}};
    const StreamPoint at = {&graph_, graph_.add(std::move(step), {resolved})};
    if (!options.store.empty()) graph_.keep_rows(at.node);
    return table_with_spare<K, R>(at, options.store, options.key, options.value);
  }

 private:
  struct Serdes {
    Serde<K> key;
    Serde<A> value;
    Serde<KO> foreign_key;
    Serde<VO> foreign_value;
  };

  ForeignKeyJoinNodes right_side(const Serde<K>& key, const Serde<KO>& foreign_key, const Serde<VO>&) {
    const StoreRef<SubscriptionStore> store = {names_.subscriptions};
    const TableView<KO, VO> rows = right_.view();
    ForeignKeyJoinNodes nodes;
    nodes.subscriptions = SubscriptionStore::spec(names_.subscriptions);
    nodes.keep = [store, foreign_key, key](OperatorContext& context) {
      return std::make_unique<KeepSubscriptions<K, KO>>(context, store, foreign_key, key);
    };
    nodes.answer_stores = rows.stores;
    nodes.answer = [getter = rows.getter](OperatorContext& context) {
      return std::make_unique<AnswerSubscription<K, KO, VO>>(getter(context));
    };
    nodes.tell = [store, foreign_key, key, of_versioned = right_.is_versioned()](OperatorContext& context) {
      return std::make_unique<TellSubscribers<K, KO, VO>>(context, store, foreign_key, key, of_versioned);
    };
    return nodes;
  }

  template <bool kLeftJoin, class R, class KeyOf, class F>
  void add_left_side(ForeignKeyJoinNodes& nodes, const Serdes& serdes, KeyOf key_of, F joiner) {
    const TableView<K, A> rows = left_.view();
    nodes.subscribe = [key_of, foreign_key = serdes.foreign_key, value = serdes.value,
                       of_versioned = left_.is_versioned()](OperatorContext& context) {
      return std::make_unique<SubscribeRows<K, A, KO, KeyOf, kLeftJoin>>(context, key_of, foreign_key, value,
                                                                         of_versioned);
    };
    nodes.resolve_stores = rows.stores;
    nodes.resolve = [getter = rows.getter, value = serdes.value, joiner](OperatorContext& context) {
      return std::make_unique<ResolveResponse<K, A, VO, R, F, kLeftJoin>>(context, getter(context), value, joiner);
    };
    add_topics(nodes, serdes);
  }

  void add_topics(ForeignKeyJoinNodes& nodes, const Serdes& serdes) {
    const Serde<Subscription<K>> subscription = subscription_serde(serdes.key);
    const Serde<SubscriptionResponse<VO>> response = subscription_response_serde(serdes.foreign_value);
    nodes.registration_sink = [topic = names_.registration_topic, foreign_key = serdes.foreign_key, key = serdes.key,
                               partitioner = registration_partitioner()](OperatorContext& context) {
      const Produced<std::optional<KO>, Subscription<K>> options = {
          .key = foreign_key,
          .value = subscription_serde(key, older_formats(context.app_configs())),
          .partitioner = partitioner};
      return std::make_unique<Sink<std::optional<KO>, Subscription<K>>>(context, topic, options);
    };
    nodes.registration_source =
        source<std::optional<KO>, Subscription<K>>({.key = serdes.foreign_key, .value = subscription});
    const Produced<K, SubscriptionResponse<VO>> answers = {
        .key = serdes.key, .value = response, .partitioner = response_partitioner()};
    nodes.response_sink = [topic = names_.response_topic, answers](OperatorContext& context) {
      return std::make_unique<Sink<K, SubscriptionResponse<VO>>>(context, topic, answers);
    };
    nodes.response_source = source<K, SubscriptionResponse<VO>>({.key = serdes.key, .value = response});
  }

  template <class Key, class Value>
  static NodeMaker source(Consumed<Key, Value> options) {
    return [options](OperatorContext& context) { return std::make_unique<Source<Key, Value>>(context, options); };
  }

  Partitioner<std::optional<KO>, Subscription<K>> registration_partitioner() const {
    if (!options_.other_partitioner) return {};
    return [choose = options_.other_partitioner](const std::optional<KO>& key, const Subscription<K>&,
                                                 Partition count) -> std::optional<Partition> {
      if (!key) return std::nullopt;
      return choose(*key, count);
    };
  }

  Partitioner<K, SubscriptionResponse<VO>> response_partitioner() const {
    return [choose = options_.partitioner](const K& key, const SubscriptionResponse<VO>& response,
                                           Partition count) -> std::optional<Partition> {
      if (choose) return choose(key, count);
      return response.partition;
    };
  }

  const TablePoint<K, A>& left_;
  const TablePoint<KO, VO>& right_;
  const TableJoined<K, KO>& options_;
  Graph& graph_;
  ForeignKeyJoinNames names_ = {};
};

}  // namespace levada::internal
