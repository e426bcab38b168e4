// A grouped stream cut into windows of time: to be counted, reduced or aggregated per key and window.
//
//   orders.group_by_key().windowed_by(TimeWindows::of(1h, {.grace = 10min})).count({.store = "hourly"});
//
// Records with a null key are dropped and counted; null values reach the functions if V is optional, and are counted.
// So is each window that is closed when a record for it arrives: one that ended the grace or longer before the highest
// timestamp this operator has seen.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <levada/core/windowed.h>
#include <levada/dsl/aggregation.h>
#include <levada/dsl/ktable.h>
#include <levada/dsl/materialized.h>
#include <levada/dsl/operators/windowed_aggregate.h>
#include <levada/dsl/time_windows.h>

namespace levada {

namespace internal {

// How long windows are kept: as the user says, or their size and grace. Less than that is a mistake.
Duration checked_retention(Graph& graph, const std::string& store, const TimeWindows& windows,
                           const std::optional<Duration>& retention);

}  // namespace internal

template <class K, class V>
class TimeWindowedKStream {
  using Key = Unwrapped<K>;
  using Value = Unwrapped<V>;

 public:
  // For the library: see KGroupedStream::windowed_by.
  TimeWindowedKStream(const internal::GroupPoint& at, const TimeWindows& windows) : at_(at), windows_(windows) {
    at_.graph->check(windows.check());
  }

  KTable<Windowed<Key>, std::int64_t> count() const {
    return table<std::int64_t>(Materialized<Key, std::int64_t>(), internal::Count(), internal::kAggregateStore,
                               internal::kAggregate);
  }
  KTable<Windowed<Key>, std::int64_t> count(const Materialized<Key, std::int64_t>& options) const {
    at_.skip_number_of_unnamed_count(options.store, options.name);
    return table<std::int64_t>(options, internal::Count(), internal::kAggregateStore, internal::kAggregate);
  }

  // reducer(const Row& so_far, const V& next), where Row is V, or what is in it if V is optional. The first value of a
  // window is stored as it is.
  template <class F>
  auto reduce(F reducer, const Materialized<Key, Value>& options = {}) const {
    static_assert(internal::Aggregator<Value, F, Key, V>,
                  "reduce: needs V(const V& so_far, const V& next); std::optional<V> may be returned instead");
    using Result = internal::AggregateResult<Value, F, Key, V>;
    using Row = std::conditional_t<is_optional_v<V> || is_optional_v<Result>, std::optional<Value>, Value>;
    return table<Row>(options, internal::Reduce<Value, F>{std::move(reducer)}, internal::kReduceStore,
                      internal::kReduce);
  }

  // See KGroupedStream::aggregate.
  template <class I, class F>
  auto aggregate(I initial, F aggregator,
                 const Materialized<Key, Unwrapped<internal::AggregateResult<I, F, Key, V>>>& options = {}) const {
    static_assert(internal::Aggregator<I, F, Key, V>,
                  "aggregate: needs an initial A, and A(A, const V&) or A(A, const K&, const V&); std::optional<A> may "
                  "be returned instead");
    if constexpr (internal::Aggregator<I, F, Key, V>) {
      using Row = internal::RowOf<internal::AggregateResult<I, F, Key, V>>;
      return table<Row>(options, internal::Fold<Unwrapped<Row>, I, F>{std::move(initial), std::move(aggregator)},
                        internal::kAggregateStore, internal::kAggregate);
    }
  }

 private:
  template <class Row, class FoldF>
  KTable<Windowed<Key>, Row> table(const Materialized<Key, Unwrapped<Row>>& options, FoldF fold,
                                   std::string_view store_prefix, std::string_view step_prefix) const {
    using Operator = internal::WindowedAggregate<K, V, Unwrapped<Row>, FoldF>;
    const internal::AggregationNames names = at_.names(options.store, options.name, store_prefix, step_prefix);
    StoreSpec spec = Operator::Store::spec(
        names.store, {.window_size = windows_.size(),
                      .retention = internal::checked_retention(*at_.graph, names.store, windows_, options.retention),
                      .key = options.key,
                      .value = options.value,
                      .engine = options.engine,
                      .caching = options.caching,
                      .logging = options.logging,
                      .topic_config = options.topic_config});
    const StoreRef<typename Operator::Store> store = {names.store};
    return KTable<Windowed<Key>, Row>(
        at_.add(names, std::move(spec), [store, windows = windows_, fold](OperatorContext& context) {
          return std::make_unique<Operator>(context, store, windows, fold);
        }));
  }

  internal::GroupPoint at_;
  TimeWindows windows_;
};

}  // namespace levada
