// A grouped stream cut into sessions: to be counted, reduced or aggregated per key and session.
//
//   clicks.group_by_key().windowed_by(SessionWindows::of(30min)).count({.store = "clicks-per-visit"});
//
// Records with a null key are dropped and counted; null values reach the functions if V is optional. So are records
// whose session would have ended the gap and the grace or longer before the highest timestamp this operator has seen.
// When a record joins sessions, null is emitted for each of them, and then the one that they have become. A result has
// the time of the session's end.
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

#include <levada/core/windowed.h>
#include <levada/dsl/aggregation.h>
#include <levada/dsl/combining.h>
#include <levada/dsl/ktable.h>
#include <levada/dsl/materialized.h>
#include <levada/dsl/windowing.h>

namespace levada {

namespace internal {

// What puts the aggregates of two sessions together: a function of both, or of the key and both.
template <class M, class K, class A>
concept SessionMerger = std::copy_constructible<M> &&
    (std::is_invocable_r_v<A, M&, A, const A&> || std::is_invocable_r_v<A, M&, const K&, A, const A&>);

// Merges sessions one by one, from the initial value on.
template <class A, class I, class M>
struct MergeSessions {
  I initial;
  M merger;

  template <class K>
  std::optional<A> operator()(std::optional<A> so_far, const K& key, const A& session) {
    A before = so_far ? std::move(*so_far) : start();
    if constexpr (std::is_invocable_r_v<A, M&, const K&, A, const A&>) {
      return std::invoke(merger, key, std::move(before), session);
    } else {
      return std::invoke(merger, std::move(before), session);
    }
  }

 private:
  A start() {
    if constexpr (std::invocable<I>) {
      return initial();
    } else {
      return initial;
    }
  }
};

}  // namespace internal

template <class K, class V>
class SessionWindowedKStream {
  using Key = Unwrapped<K>;
  using Value = Unwrapped<V>;
  using Count = internal::SessionFold<internal::Count, internal::Merge<std::int64_t, std::plus<>>>;

 public:
  // For the library: see KGroupedStream::windowed_by.
  SessionWindowedKStream(internal::GroupedKeys<K> keys, const SessionWindows& windows)
      : keys_(std::move(keys)), over_{windows} {
    keys_.at.graph->check(windows.check());
  }

  // When results go on; with each change, if nothing is said.
  SessionWindowedKStream emit_strategy(EmitStrategy strategy) const {
    SessionWindowedKStream other = *this;
    other.over_.set_strategy(*keys_.at.graph, strategy);
    return other;
  }

  // Sessions vanish when they are joined, so rows are optional.
  KTable<Windowed<Key>, std::optional<std::int64_t>> count() const {
    return table<std::int64_t>({}, Count(), internal::kAggregate);
  }
  KTable<Windowed<Key>, std::optional<std::int64_t>> count(const Materialized<Key, std::int64_t>& options) const {
    keys_.at.skip_number_of_unnamed_count(options.store, options.name);
    return table<std::int64_t>(options, Count(), internal::kAggregate);
  }

  // reducer(const Row& so_far, const V& next), where Row is V, or what is in it if V is optional; it also puts sessions
  // together. The first value of a session is stored as it is.
  template <class F>
  auto reduce(F reducer, const Materialized<Key, Value>& options = {}) const {
    static_assert(internal::Aggregator<Value, F, Key, V>,
                  "reduce: needs V(const V& so_far, const V& next); std::optional<V> may be returned instead");
    using Reduce = internal::Reduce<Value, F>;
    return table<Value>(options, internal::SessionFold<Reduce, internal::Merge<Value, F>>{Reduce{reducer}, {reducer}},
                        internal::kReduce);
  }

  // See KGroupedStream::aggregate. merger(A, const A&) or merger(const K&, A, const A&) makes one of two sessions'
  // aggregates; it begins with the initial value.
  template <class I, class F, class M>
  auto aggregate(I initial, F aggregator, M merger,
                 const Materialized<Key, Unwrapped<internal::AggregateResult<I, F, Key, V>>>& options = {}) const {
    static_assert(internal::Aggregator<I, F, Key, V>,
                  "aggregate: needs an initial A, and A(A, const V&) or A(A, const K&, const V&); std::optional<A> may "
                  "be returned instead");
    using A = Unwrapped<internal::AggregateResult<I, F, Key, V>>;
    static_assert(internal::SessionMerger<M, Key, A>,
                  "aggregate: over sessions it needs a merger, A(A, const A&) or A(const K&, A, const A&), behind the "
                  "aggregator");
    if constexpr (internal::Aggregator<I, F, Key, V> && internal::SessionMerger<M, Key, A>) {
      using Add = internal::Fold<A, I, F>;
      using Merge = internal::MergeSessions<A, I, M>;
      return table<A>(
          options,
          internal::SessionFold<Add, Merge>{Add{initial, std::move(aggregator)}, Merge{initial, std::move(merger)}},
          internal::kAggregate);
    }
  }

 private:
  template <class A, class Fold>
  KTable<Windowed<Key>, std::optional<A>> table(const Materialized<Key, A>& options, Fold fold,
                                                const internal::AggregationPrefixes& prefixes) const {
    using Operator = internal::SessionAggregate<K, V, A, Fold>;
    internal::Graph& graph = *keys_.at.graph;
    const internal::AggregationNames names = keys_.at.names(options.store, options.name, prefixes);
    if (keys_.combines()) {
      graph.mistake(internal::NoMerge{"sessions are known only behind it"}.mistake(names.store));
    }
    StoreSpec spec = over_.template store<typename Operator::Store>(
        names.store, over_.retention(graph, names.store, options.retention), options);
    return over_.template table<std::optional<A>>(
        keys_.at.add(names, std::move(spec), over_.template maker<Operator>(fold)), names.store, options);
  }

  internal::GroupedKeys<K> keys_;
  internal::OverWindows<SessionWindows> over_;
};

}  // namespace levada
