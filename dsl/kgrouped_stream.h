// A stream whose records belong together by key: to be counted, reduced or aggregated, over all time or over windows.
//
//   orders.group_by(&Order::customer)
//       .aggregate(0.0, [](double sum, const Order& order) { return sum + order.amount; }, {.store = "revenue"});
//
// Records with a null key or a null value are dropped and counted. A result has the highest timestamp of the records
// behind it. A function that returns std::nullopt removes the row; one that can makes a table of optional rows.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>

#include <levada/dsl/aggregation.h>
#include <levada/dsl/ktable.h>
#include <levada/dsl/materialized.h>
#include <levada/dsl/operators/aggregate.h>
#include <levada/dsl/time_windowed_kstream.h>
#include <levada/dsl/time_windows.h>

namespace levada {

template <class K, class V>
class KGroupedStream {
  using Key = Unwrapped<K>;
  using Value = Unwrapped<V>;

 public:
  // For the library: see KStream::group_by.
  KGroupedStream(const internal::StreamPoint& at, std::string name, internal::RepartitionMakers makers)
      : at_{at.graph, at.graph->add_grouping({.stream = at.node,
                                              .repartition_required = at.repartition_required,
                                              .name = std::move(name),
                                              .makers = std::move(makers)})} {}

  KTable<Key, std::int64_t> count() const {
    return table<std::int64_t>(Materialized<Key, std::int64_t>(), internal::Count(), internal::kAggregateStore,
                               internal::kAggregate);
  }
  KTable<Key, std::int64_t> count(const Materialized<Key, std::int64_t>& options) const {
    at_.skip_number_of_unnamed_count(options.store, options.name);
    return table<std::int64_t>(options, internal::Count(), internal::kAggregateStore, internal::kAggregate);
  }

  // reducer(const V& so_far, const V& next); the first value of a key is stored as it is.
  template <class F>
  auto reduce(F reducer, const Materialized<Key, Value>& options = {}) const {
    static_assert(internal::Aggregator<Value, F, Key, Value>,
                  "reduce: needs V(const V& so_far, const V& next); std::optional<V> may be returned instead");
    using Row = internal::RowOf<internal::AggregateResult<Value, F, Key, Value>>;
    return table<Row>(options, internal::Reduce<Value, F>{std::move(reducer)}, internal::kReduceStore,
                      internal::kReduce);
  }

  // aggregator(A so_far, const V&) or aggregator(A so_far, const K&, const V&) returns the next A. It begins with
  // `initial`, or with what that returns if it is a function.
  template <class I, class F>
  auto aggregate(I initial, F aggregator,
                 const Materialized<Key, Unwrapped<internal::AggregateResult<I, F, Key, Value>>>& options = {}) const {
    static_assert(internal::Aggregator<I, F, Key, Value>,
                  "aggregate: needs an initial A, and A(A, const V&) or A(A, const K&, const V&); std::optional<A> may "
                  "be returned instead");
    if constexpr (internal::Aggregator<I, F, Key, Value>) {
      using Row = internal::RowOf<internal::AggregateResult<I, F, Key, Value>>;
      return table<Row>(options, internal::Fold<Unwrapped<Row>, I, F>{std::move(initial), std::move(aggregator)},
                        internal::kAggregateStore, internal::kAggregate);
    }
  }

  TimeWindowedKStream<K, V> windowed_by(const TimeWindows& windows) const {
    return TimeWindowedKStream<K, V>(at_, windows);
  }

 private:
  template <class Row, class FoldF>
  KTable<Key, Row> table(const Materialized<Key, Unwrapped<Row>>& options, FoldF fold, std::string_view store_prefix,
                         std::string_view step_prefix) const {
    using Operator = internal::Aggregate<K, V, Unwrapped<Row>, FoldF>;
    const internal::AggregationNames names = at_.names(options.store, options.name, store_prefix, step_prefix);
    StoreSpec spec = Operator::Store::spec(names.store, {.key = options.key,
                                                         .value = options.value,
                                                         .engine = options.engine,
                                                         .caching = options.caching,
                                                         .logging = options.logging,
                                                         .topic_config = options.topic_config});
    const StoreRef<typename Operator::Store> store = {names.store};
    return KTable<Key, Row>(at_.add(names, std::move(spec), [store, fold](OperatorContext& context) {
      return std::make_unique<Operator>(context, store, fold);
    }));
  }

  internal::GroupPoint at_;
};

}  // namespace levada
