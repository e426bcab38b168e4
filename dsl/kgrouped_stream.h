// A stream whose records belong together by key: to be counted, reduced or aggregated, over all time or over windows.
//
//   orders.group_by(&Order::customer)
//       .aggregate(0.0, [](double sum, const Order& order) { return sum + order.amount; }, {.store = "revenue"});
//
// Records with a null key or a null value are dropped and counted. A result has the highest timestamp of the records
// behind it. A function that returns std::nullopt removes the row; one that can makes a table of optional rows.
//
// A combiner (see grouped.h) needs to know how two aggregates become one: of an aggregate, the merger says so.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <levada/dsl/aggregation.h>
#include <levada/dsl/cogrouped_kstream.h>
#include <levada/dsl/combining.h>
#include <levada/dsl/ktable.h>
#include <levada/dsl/materialized.h>
#include <levada/dsl/operators/aggregate.h>
#include <levada/dsl/operators/combine.h>
#include <levada/dsl/session_windowed_kstream.h>
#include <levada/dsl/time_windowed_kstream.h>

namespace levada {

template <class K, class V>
class KGroupedStream {
  using Key = Unwrapped<K>;
  using Value = Unwrapped<V>;

 public:
  // For the library: see KStream::group_by.
  KGroupedStream(const internal::StreamPoint& at, std::string name, internal::RepartitionMakers makers,
                 std::optional<Serde<K>> combined = std::nullopt)
      : keys_{.at = {at.graph, at.graph->add_grouping({.stream = at.node,
                                                       .repartition_required = at.repartition_required,
                                                       .name = std::move(name),
                                                       .makers = std::move(makers)})},
              .combined = std::move(combined)} {}

  KTable<Key, std::int64_t> count() const { return counted({}); }
  KTable<Key, std::int64_t> count(const Materialized<Key, std::int64_t>& options) const {
    keys_.at.skip_number_of_unnamed_count(options.store, options.name);
    return counted(options);
  }

  // reducer(const V& so_far, const V& next); the first value of a key is stored as it is.
  template <class F>
  auto reduce(F reducer, const Materialized<Key, Value>& options = {}) const {
    static_assert(internal::Aggregator<Value, F, Key, Value>,
                  "reduce: needs V(const V& so_far, const V& next); std::optional<V> may be returned instead");
    using Result = internal::AggregateResult<Value, F, Key, Value>;
    return table<internal::RowOf<Result>>(options, internal::Reduce<Value, F>{reducer},
                                          internal::merge_unless_optional<Result>(reducer), internal::kReduce);
  }

  // aggregator(A so_far, const V&) or aggregator(A so_far, const K&, const V&) returns the next A. It begins with
  // `initial`, or with what that returns if it is a function.
  template <class I, class F>
  auto aggregate(I initial, F aggregator,
                 const Materialized<Key, Unwrapped<internal::AggregateResult<I, F, Key, Value>>>& options = {}) const {
    return aggregated(std::move(initial), std::move(aggregator),
                      internal::NoMerge{"give aggregate a merger, A(A, const A&), behind the aggregator"}, options);
  }
  // merger(A so_far, const A& other) puts two aggregates together: for combiners, unused without one.
  template <class I, class F, class M>
  requires(!internal::kIsMaterialized<M>) auto aggregate(
      I initial, F aggregator, M merger,
      const Materialized<Key, Unwrapped<internal::AggregateResult<I, F, Key, Value>>>& options = {}) const {
    using Result = internal::AggregateResult<I, F, Key, Value>;
    static_assert(internal::Merger<M, Unwrapped<Result>>, "aggregate: the merger needs A(A, const A&)");
    return aggregated(std::move(initial), std::move(aggregator),
                      internal::merge_unless_optional<Result>(std::move(merger)), options);
  }

  // By TimeWindows, SlidingWindows, SessionWindows or UnlimitedWindows.
  template <class W>
  auto windowed_by(const W& windows) const {
    static_assert(internal::kAreWindows<W>,
                  "windowed_by: needs TimeWindows, SlidingWindows, SessionWindows or UnlimitedWindows");
    if constexpr (std::is_same_v<W, SessionWindows>) {
      return SessionWindowedKStream<K, V>(keys_, windows);
    } else if constexpr (internal::kAreWindows<W>) {
      return TimeWindowedKStream<K, V, W>(keys_, windows);
    }
  }

  // Together with other grouped streams, see cogrouped_kstream.h. A is what they are aggregated to; it need be named
  // only if the aggregator is a generic function.
  template <class A = void, class F>
  auto cogroup(F aggregator) const {
    using Called = Unwrapped<std::remove_cvref_t<typename internal::CallResult<F>::Type>>;
    using Result = std::conditional_t<std::is_void_v<A>, Called, A>;
    static_assert(!std::is_void_v<Result>, "cogroup: say what the streams are aggregated to: cogroup<A>(aggregator)");
    if constexpr (!std::is_void_v<Result>) {
      static_assert(
          internal::CogroupAggregator<F, Result, Key, Value> || internal::CogroupAggregator<F, Result, Key, V>,
          "cogroup: needs A(A, const V&) or A(A, const K&, const V&)");
      using Input = internal::CogroupInput<K, V, F>;
      return CogroupedKStream<Key, Result, Input>(std::tuple<Input>(Input{cogroup_point(), std::move(aggregator)}),
                                                  keys_.at.graph->add_cogrouping());
    }
  }
  // For the library: see CogroupedKStream::cogroup.
  internal::GroupPoint cogroup_point() const {
    if (keys_.combines()) {
      keys_.at.graph->mistake("cogroup: its streams cannot be combined before they are repartitioned");
    }
    return keys_.at;
  }

 private:
  KTable<Key, std::int64_t> counted(const Materialized<Key, std::int64_t>& options) const {
    return table<std::int64_t>(options, internal::Count(), internal::Merge<std::int64_t, std::plus<>>{},
                               internal::kAggregate);
  }

  template <class I, class F, class MergeF>
  auto aggregated(I initial, F aggregator, MergeF merge,
                  const Materialized<Key, Unwrapped<internal::AggregateResult<I, F, Key, Value>>>& options) const {
    static_assert(internal::Aggregator<I, F, Key, Value>,
                  "aggregate: needs an initial A, and A(A, const V&) or A(A, const K&, const V&); std::optional<A> may "
                  "be returned instead");
    if constexpr (internal::Aggregator<I, F, Key, Value>) {
      using Row = internal::RowOf<internal::AggregateResult<I, F, Key, Value>>;
      return table<Row>(options, internal::Fold<Unwrapped<Row>, I, F>{std::move(initial), std::move(aggregator)},
                        std::move(merge), internal::kAggregate);
    }
  }

  template <class Row, class FoldF, class MergeF>
  KTable<Key, Row> table(const Materialized<Key, Unwrapped<Row>>& options, FoldF fold, MergeF merge,
                         const internal::AggregationPrefixes& prefixes) const {
    using A = Unwrapped<Row>;
    const internal::AggregationNames names = keys_.at.names(options.store, options.name, prefixes);
    using Plain = internal::Aggregate<K, V, A, FoldF>;
    StoreSpec spec = Plain::Store::spec(names.store, {.key = options.key,
                                                      .value = options.value,
                                                      .engine = options.engine,
                                                      .caching = options.caching,
                                                      .logging = options.logging,
                                                      .topic_config = options.topic_config,
                                                      .ttl = options.ttl});
    if constexpr (internal::kMerges<MergeF>) {
      using Merging = internal::Aggregate<K, A, A, MergeF>;
      if (keys_.combines()) {
        return kept<Row>(
            keys_.at.add_combined(names, std::move(spec), make<Merging>(merge), partials<A>(options, fold)), names,
            options);
      }
    } else if (keys_.combines()) {
      keys_.at.graph->mistake(merge.mistake(names.store));
    }
    return kept<Row>(keys_.at.add(names, std::move(spec), make<Plain>(fold)), names, options);
  }

  template <class Row>
  static KTable<Key, Row> kept(const internal::StreamPoint& at, const internal::AggregationNames& names,
                               const Materialized<Key, Unwrapped<Row>>& options) {
    return KTable<Key, Row>(
        internal::table_in_store<Key, Unwrapped<Row>>(at, names.store, options.store, options.key, options.value));
  }

  template <class Operator, class FoldF>
  static internal::TableMaker make(FoldF fold) {
    return [fold](OperatorContext& context, const internal::TableFacts& facts) {
      return std::make_unique<Operator>(context, facts, fold);
    };
  }

  template <class A, class FoldF>
  internal::RepartitionMakers partials(const Materialized<Key, A>& options, FoldF fold) const {
    using Operator = internal::Combine<K, V, A, FoldF>;
    StoreSpec store = Operator::Store::spec({}, {.key = options.key,
                                                 .value = options.value,
                                                 .engine = StoreEngine::kInMemory,
                                                 .caching = true,
                                                 .logging = false});
    return internal::partial_makers<Operator>(*keys_.combined, options.value, std::move(store), fold);
  }

  internal::GroupedKeys<K> keys_;
};

}  // namespace levada
