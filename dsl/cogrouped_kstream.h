// Several grouped streams that are aggregated into one table, each with an aggregator of its own.
//
//   auto orders = …group_by_key();                              // by customer
//   auto visits = …group_by_key();                              // by customer
//   orders.cogroup<Profile>(add_order).cogroup(visits, add_visit).aggregate(Profile{}, {.store = "profiles"});
//
// Keys are of one type; what the streams carry may differ. Where a windowed_by() comes before aggregate(), the table is
// one over these windows. Streams whose keys have changed need names (Grouped::name), unless it is one, and one name
// serves one co-grouping; its tables share the topics. The rules of KGroupedStream and its windows hold for each of the
// streams.
#pragma once

#include <memory>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

#include <levada/dsl/aggregation.h>
#include <levada/dsl/cogroup.h>
#include <levada/dsl/ktable.h>
#include <levada/dsl/materialized.h>
#include <levada/dsl/operators/aggregate.h>
#include <levada/dsl/operators/pass_through.h>
#include <levada/dsl/session_windowed_kstream.h>
#include <levada/dsl/windowing.h>

namespace levada {

template <class K, class V>
class KGroupedStream;

namespace internal {

template <class F, class A, class K, class V>
concept CogroupAggregator = std::copy_constructible<F> &&
    (FoldsKeyAndValue<F, A, K, V> ||
     FoldsValue<F, A, V>)&&std::convertible_to<typename FoldResult<F, A, K, V>::Type, std::optional<A>>;

// What an aggregator makes, if that can be told from it alone: void for one that is a template.
template <class F>
struct CallResult {
  using Type = void;
};
template <class C, class R, class... Args>
struct CallResult<R (C::*)(Args...) const> {
  using Type = R;
};
template <class C, class R, class... Args>
struct CallResult<R (C::*)(Args...)> {
  using Type = R;
};
template <class R, class... Args>
struct CallResult<R (*)(Args...)> {
  using Type = R;
};
template <class F>
requires requires { &F::operator(); }
struct CallResult<F> : CallResult<decltype(&F::operator())> {};

// A grouped stream of K and V, and its aggregator.
template <class K, class V, class F>
struct CogroupInput {
  using KeyIn = K;
  using ValueIn = V;
  GroupPoint at;
  F aggregator;
};

// Rows can vanish if one of the aggregators may return null.
template <class A, class... Inputs>
using CogroupRow = std::conditional_t<(is_optional_v<typename CallResult<decltype(Inputs::aggregator)>::Type> || ...),
                                      std::optional<A>, A>;

}  // namespace internal

// Over windows: see CogroupedKStream::windowed_by.
template <class W, class K, class A, class... Inputs>
class WindowedCogroupedKStream {
  using Windowing = internal::Windowing<W>;
  static constexpr bool kSessions = std::is_same_v<W, SessionWindows>;

 public:
  WindowedCogroupedKStream(std::tuple<Inputs...> inputs, internal::CogroupingId id, const W& windows)
      : inputs_(std::move(inputs)), id_(id), over_{windows} {
    graph().check(windows.check());
  }

  template <class I>
  requires(!kSessions) auto aggregate(I initial, const Materialized<K, A>& options = {}) const {
    static_assert(std::is_convertible_v<typename internal::InitialValue<I>::Type, A>,
                  "aggregate: needs an initial A, or a function that returns one");
    return table<internal::CogroupRow<A, Inputs...>>(options, [initial](auto aggregator) {
      return internal::Fold<A, I, decltype(aggregator)>{initial, aggregator};
    });
  }

  // Over sessions: a merger, A(A, const A&) or A(const K&, A, const A&), makes one of two sessions' aggregates.
  template <class I, class M>
  requires kSessions auto aggregate(I initial, M merger, const Materialized<K, A>& options = {}) const {
    static_assert(internal::SessionMerger<M, K, A>,
                  "aggregate: over sessions it needs a merger, A(A, const A&) or A(const K&, A, const A&)");
    return table<std::optional<A>>(options, [initial, merger](auto aggregator) {
      using Add = internal::Fold<A, I, decltype(aggregator)>;
      using Merge = internal::MergeSessions<A, I, M>;
      return internal::SessionFold<Add, Merge>{Add{initial, aggregator}, Merge{initial, merger}};
    });
  }

 private:
  internal::Graph& graph() const { return *std::get<0>(inputs_).at.graph; }

  template <class Row, class MakeFold>
  KTable<Windowed<K>, Row> table(const Materialized<K, A>& options, MakeFold make_fold) const {
    using Store = typename Windowing::template Operator<K, A, A, internal::Count>::Store;
    const std::string name = internal::cogroup_store(graph(), options.store);
    StoreSpec spec = over_.template store<Store>(name, over_.retention(graph(), name, options.retention), options);
    const auto part = [&]<class KIn, class VIn, class F>(const internal::CogroupInput<KIn, VIn, F>& input) {
      static_assert(internal::CogroupAggregator<F, A, K, typename Windowing::template Input<VIn>>,
                    "aggregate: over these windows values may be null, so aggregators need to take std::optional");
      using Operator = typename Windowing::template Operator<KIn, VIn, A, decltype(make_fold(input.aggregator))>;
      return internal::CogroupPart{input.at, over_.template maker<Operator>(make_fold(input.aggregator))};
    };
    const auto parts = std::apply(
        [&](const Inputs&... inputs) { return std::vector<internal::CogroupPart>{part(inputs)...}; }, inputs_);
    const internal::StreamPoint at = internal::add_cogroup(
        parts, {.cogrouping = id_, .store = name, .step = options.name}, spec,
        [](OperatorContext&) { return std::make_unique<internal::PassThrough<Windowed<K>, Change<A>>>(); });
    return over_.template table<Row>(at, name, options);
  }

  std::tuple<Inputs...> inputs_;
  internal::CogroupingId id_;
  internal::OverWindows<W> over_;
};

template <class K, class A, class... Inputs>
class CogroupedKStream {
 public:
  // For the library: see KGroupedStream::cogroup.
  CogroupedKStream(std::tuple<Inputs...> inputs, internal::CogroupingId id) : inputs_(std::move(inputs)), id_(id) {}

  // aggregator(A so_far, const V&) or aggregator(A so_far, const K&, const V&) returns the next A.
  template <class K2, class V2, class F>
  auto cogroup(const KGroupedStream<K2, V2>& other, F aggregator) const {
    static_assert(std::is_same_v<Unwrapped<K2>, K>, "cogroup: both streams must be grouped by the same type of key");
    static_assert(
        internal::CogroupAggregator<F, A, K, Unwrapped<V2>> || internal::CogroupAggregator<F, A, K, V2>,
        "cogroup: needs A(A, const V&) or A(A, const K&, const V&), of the A that the first aggregator makes");
    using Input = internal::CogroupInput<K2, V2, F>;
    return CogroupedKStream<K, A, Inputs..., Input>(
        std::tuple_cat(inputs_, std::tuple<Input>(Input{other.cogroup_point(), std::move(aggregator)})), id_);
  }

  template <class W>
  WindowedCogroupedKStream<W, K, A, Inputs...> windowed_by(const W& windows) const {
    static_assert(internal::kAreWindows<W>,
                  "windowed_by: needs TimeWindows, SlidingWindows, SessionWindows or UnlimitedWindows");
    return WindowedCogroupedKStream<W, K, A, Inputs...>(inputs_, id_, windows);
  }

  // It begins with `initial`, or with what that returns if it is a function.
  template <class I>
  auto aggregate(I initial, const Materialized<K, A>& options = {}) const {
    static_assert(std::is_convertible_v<typename internal::InitialValue<I>::Type, A>,
                  "aggregate: needs an initial A, or a function that returns one");
    using Row = internal::CogroupRow<A, Inputs...>;
    internal::Graph& graph = *std::get<0>(inputs_).at.graph;
    const std::string name = internal::cogroup_store(graph, options.store);
    const StoreSpec spec = TimestampedKeyValueStore<K, A>::spec(name, {.key = options.key,
                                                                       .value = options.value,
                                                                       .engine = options.engine,
                                                                       .caching = options.caching,
                                                                       .logging = options.logging,
                                                                       .topic_config = options.topic_config,
                                                                       .ttl = options.ttl});
    const auto part = [&]<class KIn, class VIn, class F>(const internal::CogroupInput<KIn, VIn, F>& input) {
      using Fold = internal::Fold<A, I, F>;
      return internal::CogroupPart{
          input.at,
          [fold = Fold{initial, input.aggregator}](OperatorContext& context, const internal::TableFacts& facts) {
            return std::make_unique<internal::Aggregate<KIn, VIn, A, Fold>>(context, facts, fold);
          }};
    };
    const auto parts = std::apply(
        [&](const Inputs&... inputs) { return std::vector<internal::CogroupPart>{part(inputs)...}; }, inputs_);
    const internal::StreamPoint at =
        internal::add_cogroup(parts, {.cogrouping = id_, .store = name, .step = options.name}, spec,
                              [](OperatorContext&) { return std::make_unique<internal::PassThrough<K, Change<A>>>(); });
    return KTable<K, Row>(internal::table_in_store<K, A>(at, name, options.store, options.key, options.value));
  }

 private:
  std::tuple<Inputs...> inputs_;
  internal::CogroupingId id_;
};

}  // namespace levada
