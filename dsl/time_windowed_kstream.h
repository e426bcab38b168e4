// A grouped stream cut into windows of time: to be counted, reduced or aggregated per key and window.
//
//   orders.group_by_key().windowed_by(TimeWindows::of(1h, {.grace = 10min})).count({.store = "hourly"});
//
// Records with a null key are dropped and counted; null values reach the functions if V is optional, and are counted.
// So is each window that is closed when a record for it arrives: one that ended the grace or longer before the highest
// timestamp this operator has seen.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include <levada/core/serdes/windowed.h>
#include <levada/core/windowed.h>
#include <levada/dsl/aggregation.h>
#include <levada/dsl/combining.h>
#include <levada/dsl/ktable.h>
#include <levada/dsl/materialized.h>
#include <levada/dsl/operators/windowed_aggregate.h>
#include <levada/dsl/operators/windowed_combine.h>
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
  TimeWindowedKStream(internal::GroupedKeys<K> keys, const TimeWindows& windows)
      : keys_(std::move(keys)), windows_(windows) {
    keys_.at.graph->check(windows.check());
  }

  KTable<Windowed<Key>, std::int64_t> count() const { return counted({}); }
  KTable<Windowed<Key>, std::int64_t> count(const Materialized<Key, std::int64_t>& options) const {
    keys_.at.skip_number_of_unnamed_count(options.store, options.name);
    return counted(options);
  }

  // reducer(const Row& so_far, const V& next), where Row is V, or what is in it if V is optional. The first value of a
  // window is stored as it is.
  template <class F>
  auto reduce(F reducer, const Materialized<Key, Value>& options = {}) const {
    static_assert(internal::Aggregator<Value, F, Key, V>,
                  "reduce: needs V(const V& so_far, const V& next); std::optional<V> may be returned instead");
    using Result = internal::AggregateResult<Value, F, Key, V>;
    using Row = std::conditional_t<is_optional_v<V> || is_optional_v<Result>, std::optional<Value>, Value>;
    using Aggregate = std::conditional_t<is_optional_v<Result>, Result, Value>;
    return table<Row>(options, internal::Reduce<Value, F>{reducer}, internal::merge_unless_optional<Aggregate>(reducer),
                      internal::kReduce);
  }

  // See KGroupedStream::aggregate.
  template <class I, class F>
  auto aggregate(I initial, F aggregator,
                 const Materialized<Key, Unwrapped<internal::AggregateResult<I, F, Key, V>>>& options = {}) const {
    return aggregated(std::move(initial), std::move(aggregator),
                      internal::NoMerge{"give aggregate a merger, A(A, const A&), behind the aggregator"}, options);
  }
  template <class I, class F, class M>
  requires(!internal::kIsMaterialized<M>) auto aggregate(
      I initial, F aggregator, M merger,
      const Materialized<Key, Unwrapped<internal::AggregateResult<I, F, Key, V>>>& options = {}) const {
    using Result = internal::AggregateResult<I, F, Key, V>;
    static_assert(internal::Merger<M, Unwrapped<Result>>, "aggregate: the merger needs A(A, const A&)");
    return aggregated(std::move(initial), std::move(aggregator),
                      internal::merge_unless_optional<Result>(std::move(merger)), options);
  }

 private:
  KTable<Windowed<Key>, std::int64_t> counted(const Materialized<Key, std::int64_t>& options) const {
    return table<std::int64_t>(options, internal::Count(), internal::Merge<std::int64_t, std::plus<>>{},
                               internal::kAggregate);
  }

  template <class I, class F, class MergeF>
  auto aggregated(I initial, F aggregator, MergeF merge,
                  const Materialized<Key, Unwrapped<internal::AggregateResult<I, F, Key, V>>>& options) const {
    static_assert(internal::Aggregator<I, F, Key, V>,
                  "aggregate: needs an initial A, and A(A, const V&) or A(A, const K&, const V&); std::optional<A> may "
                  "be returned instead");
    if constexpr (internal::Aggregator<I, F, Key, V>) {
      using Row = internal::RowOf<internal::AggregateResult<I, F, Key, V>>;
      return table<Row>(options, internal::Fold<Unwrapped<Row>, I, F>{std::move(initial), std::move(aggregator)},
                        std::move(merge), internal::kAggregate);
    }
  }

  template <class Row, class FoldF, class MergeF>
  KTable<Windowed<Key>, Row> table(const Materialized<Key, Unwrapped<Row>>& options, FoldF fold, MergeF merge,
                                   const internal::AggregationPrefixes& prefixes) const {
    using A = Unwrapped<Row>;
    const internal::AggregationNames names = keys_.at.names(options.store, options.name, prefixes);
    const Duration retention = retention_of(names.store, options.retention);
    using Plain = internal::WindowedAggregate<K, V, A, FoldF>;
    StoreSpec spec = Plain::Store::spec(names.store, {.window_size = windows_.size(),
                                                      .retention = retention,
                                                      .key = options.key,
                                                      .value = options.value,
                                                      .engine = options.engine,
                                                      .caching = options.caching,
                                                      .logging = options.logging,
                                                      .topic_config = options.topic_config});
    if constexpr (internal::kMerges<MergeF>) {
      using Merging = internal::WindowedAggregate<K, internal::Partial<A>, A, MergeF>;
      if (keys_.combines()) {
        return kept<Row>(
            keys_.at.add_combined(names, std::move(spec), make<Merging>(merge), partials<A>(options, fold, retention)),
            names, options);
      }
    } else if (keys_.combines()) {
      keys_.at.graph->mistake(merge.mistake(names.store));
    }
    return kept<Row>(keys_.at.add(names, std::move(spec), make<Plain>(fold)), names, options);
  }

  template <class Row>
  KTable<Windowed<Key>, Row> kept(const internal::StreamPoint& at, const internal::AggregationNames& names,
                                  const Materialized<Key, Unwrapped<Row>>& options) const {
    using A = Unwrapped<Row>;
    return KTable<Windowed<Key>, Row>(internal::TablePoint<Windowed<Key>, A>{
        .at = at,
        .queryable_store = options.store,
        .key = time_windowed_serde<Key>(windows_.size(), options.key),
        .value = options.value,
        .view = [store = names.store] { return internal::windowed_rows<Key, A>(store); }});
  }

  // Partial aggregates come later than records: by a batch of them, for which the windows are kept so much longer.
  Duration retention_of(const std::string& store, const std::optional<Duration>& wanted) const {
    const Duration retention = internal::checked_retention(*keys_.at.graph, store, windows_, wanted);
    return keys_.combines() && !wanted ? retention + windows_.size() : retention;
  }

  template <class Operator, class FoldF>
  internal::TableMaker make(FoldF fold) const {
    return [windows = windows_, fold](OperatorContext& context, const internal::TableFacts& facts) {
      return std::make_unique<Operator>(context, facts, windows, fold);
    };
  }

  template <class A, class FoldF>
  internal::RepartitionMakers partials(const Materialized<Key, A>& options, FoldF fold, Duration retention) const {
    using Operator = internal::WindowedCombine<K, V, A, FoldF>;
    const internal::Panes panes = {.size = windows_.pane(), .batch = retention - windows_.size() - windows_.grace()};
    StoreSpec store = Operator::Store::spec({}, {.key = time_windowed_serde<Key>(panes.size, options.key),
                                                 .value = options.value,
                                                 .engine = StoreEngine::kInMemory,
                                                 .caching = true,
                                                 .logging = false});
    return internal::partial_makers<Operator>(*keys_.combined, internal::partial_serde(options.value), std::move(store),
                                              panes, fold);
  }

  internal::GroupedKeys<K> keys_;
  TimeWindows windows_;
};

}  // namespace levada
