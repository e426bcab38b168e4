// A table whose rows belong together by another key: to be counted, reduced or aggregated. A changed row is first
// subtracted as it was, then added as it is.
//
//   orders.group_by([](const Order& order) { return std::pair(order.customer, order.amount); })
//       .aggregate(0.0, std::plus<>(), std::minus<>(), {.store = "revenue"});
//
// Changes travel through a repartition topic, each of them whole where the row stays under its key. A result has the
// highest timestamp of the changes behind it. Rows can vanish, whatever the functions return: where there is nothing to
// subtract from, Kafka Streams tells that there is no row.
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

#include <levada/core/serdes/change.h>
#include <levada/dsl/aggregation.h>
#include <levada/dsl/grouped.h>
#include <levada/dsl/materialized.h>
#include <levada/dsl/operators/aggregate_changes.h>
#include <levada/dsl/operators/regroup_rows.h>
#include <levada/dsl/repartition_makers.h>
#include <levada/dsl/table_point.h>

namespace levada {

template <class K, class V>
class KTable;

template <class K, class V>
class KGroupedTable {
 public:
  // For the library: see KTable::group_by.
  explicit KGroupedTable(internal::GroupPoint at) : at_(at) {}

  KTable<K, std::optional<std::int64_t>> count(const Materialized<K, std::int64_t>& options = {}) const {
    return table<std::int64_t>(options, internal::Count(), internal::Uncount(), internal::kTableAggregate);
  }

  // adder(const V& so_far, const V& next) and subtractor(const V& so_far, const V& gone).
  template <class Add, class Subtract>
  auto reduce(Add adder, Subtract subtractor, const Materialized<K, V>& options = {}) const {
    static_assert(internal::Aggregator<V, Add, K, V> && internal::Aggregator<V, Subtract, K, V>,
                  "reduce: the adder and the subtractor need V(const V& so_far, const V&); std::optional<V> may be "
                  "returned instead");
    return table<V>(options, internal::Reduce<V, Add>{std::move(adder)},
                    internal::Reduce<V, Subtract>{std::move(subtractor)}, internal::kTableReduce);
  }

  // adder(A so_far, const V&) or adder(A so_far, const K&, const V&) returns the next A, and so does the subtractor. It
  // begins with `initial`, or with what that returns if it is a function.
  template <class I, class Add, class Subtract>
  auto aggregate(I initial, Add adder, Subtract subtractor,
                 const Materialized<K, Unwrapped<internal::AggregateResult<I, Add, K, V>>>& options = {}) const {
    using A = Unwrapped<internal::AggregateResult<I, Add, K, V>>;
    static_assert(
        internal::Aggregator<I, Add, K, V> && internal::Aggregator<A, Subtract, K, V>,
        "aggregate: needs an initial A, and an adder and a subtractor: A(A, const V&) or A(A, const K&, const "
        "V&); std::optional<A> may be returned instead");
    return table<A>(options, internal::Fold<A, I, Add>{initial, std::move(adder)},
                    internal::Fold<A, I, Subtract>{initial, std::move(subtractor)}, internal::kTableAggregate);
  }

 private:
  template <class A, class Add, class Subtract>
  KTable<K, std::optional<A>> table(const Materialized<K, A>& options, Add add, Subtract subtract,
                                    const internal::AggregationPrefixes& prefixes) const {
    using Operator = internal::AggregateChanges<K, V, A, Add, Subtract>;
    const internal::AggregationNames names = at_.table_names(options.store, options.name, prefixes);
    StoreSpec spec = Operator::Store::spec(names.store, {.key = options.key,
                                                         .value = options.value,
                                                         .engine = options.engine,
                                                         .caching = options.caching,
                                                         .logging = options.logging,
                                                         .topic_config = options.topic_config,
                                                         .ttl = options.ttl});
    const internal::StreamPoint at = at_.add_of_changes(
        names, std::move(spec), [add, subtract](OperatorContext& context, const internal::TableFacts& facts) {
          return std::make_unique<Operator>(context, facts, add, subtract);
        });
    return KTable<K, std::optional<A>>(
        internal::table_in_store<K, A>(at, names.store, options.store, options.key, options.value));
  }

  internal::GroupPoint at_;
};

namespace internal {

template <class F, class K, class V>
struct GroupedPair {
  using Key = std::monostate;
  using Value = std::monostate;
};
template <class F, class K, class V>
requires PairMapper<F, K, V>
struct GroupedPair<F, K, V> {
  using Key = Unwrapped<FirstOf<ResultOf<F, K, V>>>;
  using Value = Unwrapped<SecondOf<ResultOf<F, K, V>>>;
};

// What F makes of a row to group it by: std::monostate if it makes no pair.
template <class F, class K, class V>
using GroupKey = typename GroupedPair<F, K, V>::Key;
template <class F, class K, class V>
using GroupValue = typename GroupedPair<F, K, V>::Value;

template <class K, class V>
RepartitionMakers change_makers(const Grouped<K, V>& options) {
  const Produced<K, Change<V>> changes = {.key = options.key, .value = change_serde(options.value)};
  RepartitionMakers makers = repartition_makers(changes);
  makers.sink = [changes, value = options.value](OperatorContext& context, const std::string& topic) {
    Produced<K, Change<V>> as_configured = changes;
    as_configured.value = change_serde(value, older_formats(context.app_configs()));
    return std::make_unique<Sink<K, Change<V>>>(context, topic, as_configured, UnchangedValues::kForwarded);
  };
  return makers;
}

template <class K, class A, class F>
auto regroup(const TablePoint<K, A>& table, F pair_of, const Grouped<GroupKey<F, K, A>, GroupValue<F, K, A>>& options) {
  using K2 = GroupKey<F, K, A>;
  using V2 = GroupValue<F, K, A>;
  static_assert(std::equality_comparable<K2>, "group_by: the new key needs ==");
  Graph& graph = *table.at.graph;
  const StreamPoint at =
      table.at.then({.prefix = "KTABLE-SELECT-", .name = options.name},
                    [pair_of, of_versioned = table.is_versioned()](OperatorContext& context) {
                      return std::make_unique<RegroupRows<K, A, F, K2, V2>>(context, pair_of, of_versioned);
                    });
  table.send_old_values(OldValues::kAlways);
  if (options.combining) graph.mistake("grouping " + at.name() + ": changes of a table cannot be combined");
  const GroupingId grouping = graph.add_grouping(
      {.stream = at.node, .repartition_required = true, .name = options.name, .makers = change_makers(options)});
  return KGroupedTable<K2, V2>(GroupPoint{&graph, grouping});
}

}  // namespace internal
}  // namespace levada
