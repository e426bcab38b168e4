// A grouped stream cut into windows of time: to be counted, reduced or aggregated per key and window. Windows are
// tumbling, hopping, unlimited or sliding ones.
//
//   orders.group_by_key().windowed_by(TimeWindows::of(1h, {.grace = 10min})).count({.store = "hourly"});
//
// Records with a null key are dropped and counted; null values reach the functions if V is optional, and are counted,
// but sliding windows drop them, too. So is each window that is closed when a record for it arrives: one that ended the
// grace or longer before the highest timestamp this operator has seen.
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
#include <levada/dsl/operators/windowed_combine.h>
#include <levada/dsl/windowing.h>

namespace levada {

template <class K, class V, class W = TimeWindows>
class TimeWindowedKStream {
  using Key = Unwrapped<K>;
  using Value = Unwrapped<V>;
  using Windowing = internal::Windowing<W>;
  using Input = typename Windowing::template Input<V>;

 public:
  // For the library: see KGroupedStream::windowed_by.
  TimeWindowedKStream(internal::GroupedKeys<K> keys, const W& windows) : keys_(std::move(keys)), over_{windows} {
    keys_.at.graph->check(windows.check());
  }

  // When results go on; with each change, if nothing is said.
  TimeWindowedKStream emit_strategy(EmitStrategy strategy) const {
    TimeWindowedKStream other = *this;
    other.over_.set_strategy(*keys_.at.graph, strategy);
    return other;
  }

  KTable<Windowed<Key>, std::int64_t> count() const { return counted({}); }
  KTable<Windowed<Key>, std::int64_t> count(const Materialized<Key, std::int64_t>& options) const {
    if (!std::is_same_v<W, SlidingWindows>) keys_.at.skip_number_of_unnamed_count(options.store, options.name);
    return counted(options);
  }

  // reducer(const Row& so_far, const V& next), where Row is V, or what is in it if V is optional. The first value of a
  // window is stored as it is.
  template <class F>
  auto reduce(F reducer, const Materialized<Key, Value>& options = {}) const {
    static_assert(internal::Aggregator<Value, F, Key, Input>,
                  "reduce: needs V(const V& so_far, const V& next); std::optional<V> may be returned instead");
    using Result = internal::AggregateResult<Value, F, Key, Input>;
    using Row = std::conditional_t<is_optional_v<Input> || is_optional_v<Result>, std::optional<Value>, Value>;
    using Aggregate = std::conditional_t<is_optional_v<Result>, Result, Value>;
    return table<Row>(options, internal::Reduce<Value, F>{reducer}, internal::merge_unless_optional<Aggregate>(reducer),
                      internal::kReduce);
  }

  // See KGroupedStream::aggregate.
  template <class I, class F>
  auto aggregate(I initial, F aggregator,
                 const Materialized<Key, Unwrapped<internal::AggregateResult<I, F, Key, Input>>>& options = {}) const {
    return aggregated(std::move(initial), std::move(aggregator),
                      internal::NoMerge{"give aggregate a merger, A(A, const A&), behind the aggregator"}, options);
  }
  template <class I, class F, class M>
  requires(!internal::kIsMaterialized<M>) auto aggregate(
      I initial, F aggregator, M merger,
      const Materialized<Key, Unwrapped<internal::AggregateResult<I, F, Key, Input>>>& options = {}) const {
    using Result = internal::AggregateResult<I, F, Key, Input>;
    static_assert(internal::Merger<M, Unwrapped<Result>>, "aggregate: the merger needs A(A, const A&)");
    return aggregated(std::move(initial), std::move(aggregator),
                      internal::merge_unless_optional<Result>(std::move(merger)), options);
  }

 private:
  static constexpr bool kCombines = std::is_same_v<W, TimeWindows>;

  KTable<Windowed<Key>, std::int64_t> counted(const Materialized<Key, std::int64_t>& options) const {
    return table<std::int64_t>(options, internal::Count(), internal::Merge<std::int64_t, std::plus<>>{},
                               internal::kAggregate);
  }

  template <class I, class F, class MergeF>
  auto aggregated(I initial, F aggregator, MergeF merge,
                  const Materialized<Key, Unwrapped<internal::AggregateResult<I, F, Key, Input>>>& options) const {
    static_assert(internal::Aggregator<I, F, Key, Input>,
                  "aggregate: needs an initial A, and A(A, const V&) or A(A, const K&, const V&); std::optional<A> may "
                  "be returned instead");
    if constexpr (internal::Aggregator<I, F, Key, Input>) {
      using Row = internal::RowOf<internal::AggregateResult<I, F, Key, Input>>;
      return table<Row>(options, internal::Fold<Unwrapped<Row>, I, F>{std::move(initial), std::move(aggregator)},
                        std::move(merge), internal::kAggregate);
    }
  }

  template <class Row, class FoldF, class MergeF>
  KTable<Windowed<Key>, Row> table(const Materialized<Key, Unwrapped<Row>>& options, FoldF fold, MergeF merge,
                                   const internal::AggregationPrefixes& prefixes) const {
    using A = Unwrapped<Row>;
    using Operator = typename Windowing::template Operator<K, V, A, FoldF>;
    const internal::AggregationNames names = keys_.at.names(options.store, options.name, prefixes);
    const Duration retention = retention_of(names.store, options.retention);
    StoreSpec spec = over_.template store<typename Operator::Store>(names.store, retention, options);
    if constexpr (internal::kMerges<MergeF> && kCombines) {
      using Merging = internal::WindowedAggregate<K, internal::Partial<A>, A, W, MergeF>;
      if (keys_.combines()) {
        return over_.template table<Row>(
            keys_.at.add_combined(names, std::move(spec), over_.template maker<Merging>(merge),
                                  partials<A>(options, fold, retention)),
            names.store, options);
      }
    } else if (keys_.combines()) {
      keys_.at.graph->mistake(why_not_combined(merge).mistake(names.store));
    }
    return over_.template table<Row>(keys_.at.add(names, std::move(spec), over_.template maker<Operator>(fold)),
                                     names.store, options);
  }

  template <class MergeF>
  static internal::NoMerge why_not_combined(const MergeF& merge) {
    if constexpr (kCombines) {
      return merge;
    } else {
      return {"only tumbling and hopping windows are made of stretches of time that can be aggregated apart"};
    }
  }

  // Partial aggregates come later than records: by a batch of them, for which the windows are kept so much longer.
  Duration retention_of(const std::string& store, const std::optional<Duration>& wanted) const {
    const Duration retention = over_.retention(*keys_.at.graph, store, wanted);
    return keys_.combines() && !wanted ? internal::sum_of(retention, Windowing::size(over_.windows)) : retention;
  }

  template <class A, class FoldF>
  internal::RepartitionMakers partials(const Materialized<Key, A>& options, FoldF fold, Duration retention) const {
    using Operator = internal::WindowedCombine<K, V, A, FoldF>;
    const internal::Panes panes = {.size = over_.windows.pane(),
                                   .batch = retention - over_.windows.size() - over_.windows.grace()};
    StoreSpec store = Operator::Store::spec({}, {.key = time_windowed_serde<Key>(panes.size, options.key),
                                                 .value = options.value,
                                                 .engine = StoreEngine::kInMemory,
                                                 .caching = true,
                                                 .logging = false});
    return internal::partial_makers<Operator>(*keys_.combined, internal::partial_serde(options.value), std::move(store),
                                              panes, fold);
  }

  internal::GroupedKeys<K> keys_;
  internal::OverWindows<W> over_;
};

}  // namespace levada
