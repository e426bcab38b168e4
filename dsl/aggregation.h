// What count, reduce and aggregate have in common, over all time and over windows: names, store, operator, and the
// functions they fold records with.
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>

#include <levada/core/serde_traits.h>
#include <levada/core/store.h>
#include <levada/dsl/callback.h>
#include <levada/dsl/stream_point.h>

namespace levada::internal {

// Of the names that are generated.
struct AggregationPrefixes {
  std::string_view store = {};
  std::string_view step = {};
};

inline constexpr AggregationPrefixes kAggregate = {"KSTREAM-AGGREGATE-STATE-STORE-", "KSTREAM-AGGREGATE-"};
inline constexpr AggregationPrefixes kReduce = {"KSTREAM-REDUCE-STATE-STORE-", "KSTREAM-REDUCE-"};

inline constexpr AggregationPrefixes kTableAggregate = {"KTABLE-AGGREGATE-STATE-STORE-", "KTABLE-AGGREGATE-"};
inline constexpr AggregationPrefixes kTableReduce = {"KTABLE-AGGREGATE-STATE-STORE-", "KTABLE-REDUCE-"};

struct AggregationNames {
  std::string store = {};
  std::string step = {};
  // Of a grouped table, around the topic of its changes.
  std::string sink = {};
  std::string source = {};
};

// A grouped stream, and where its aggregations will stand.
struct GroupPoint {
  Graph* graph = nullptr;
  GroupingId grouping = {};

  // The user's names or generated ones, in the order in which Kafka Streams counts.
  AggregationNames names(const std::string& store, const std::string& step, const AggregationPrefixes& prefixes) const;
  AggregationNames table_names(const std::string& store, const std::string& step,
                               const AggregationPrefixes& prefixes) const;
  // Kafka Streams' count with options but without a name for the store uses up one number more.
  void skip_number_of_unnamed_count(const std::string& store, const std::string& step) const;
  // The table that `make` keeps in the store, behind a repartition if keys have changed.
  StreamPoint add(const AggregationNames& names, StoreSpec store, TableMaker make) const;
  // The same of partial aggregates, for a grouping that needs a repartition.
  StreamPoint add_combined(const AggregationNames& names, StoreSpec store, TableMaker make,
                           RepartitionMakers partials) const;
  // The same of the changes of a grouped table, which always go through a topic.
  StreamPoint add_of_changes(const AggregationNames& names, StoreSpec store, TableMaker make) const;
};

// The row type of an aggregation whose function returns Result: rows can vanish if it can return null.
template <class Result>
using RowOf = std::conditional_t<is_optional_v<Result>, std::optional<Unwrapped<Result>>, Result>;

// What an aggregation begins with: a value, or what a function returns.
template <class I>
struct InitialValue {
  using Type = std::decay_t<I>;
};
template <std::invocable I>
struct InitialValue<I> {
  using Type = std::invoke_result_t<I>;
};

template <class F, class A, class K, class V>
concept FoldsKeyAndValue = std::invocable<F&, A, const K&, const V&>;
template <class F, class A, class V>
concept FoldsValue = std::invocable<F&, A, const V&>;

// What a fold from an A returns: std::monostate if it cannot be called.
template <class F, class A, class K, class V>
struct FoldResult {
  using Type = std::monostate;
};
template <class F, class A, class K, class V>
requires(FoldsValue<F, A, V> && !FoldsKeyAndValue<F, A, K, V>) struct FoldResult<F, A, K, V> {
  using Type = std::remove_cvref_t<std::invoke_result_t<F&, A, const V&>>;
};
template <class F, class A, class K, class V>
requires FoldsKeyAndValue<F, A, K, V>
struct FoldResult<F, A, K, V> {
  using Type = std::remove_cvref_t<std::invoke_result_t<F&, A, const K&, const V&>>;
};

// What an aggregator makes of initial values, keys and values.
template <class I, class F, class K, class V>
using AggregateResult = typename FoldResult<F, typename InitialValue<I>::Type, K, V>::Type;

template <class I, class F, class K, class V>
concept Aggregator = std::copy_constructible<F> && std::copy_constructible<I> &&
    (FoldsKeyAndValue<F, typename InitialValue<I>::Type, K, V> ||
     FoldsValue<F, typename InitialValue<I>::Type,
                V>)&&std::convertible_to<typename InitialValue<I>::Type, Unwrapped<AggregateResult<I, F, K, V>>>&& std::
        convertible_to<typename FoldResult<F, Unwrapped<AggregateResult<I, F, K, V>>, K, V>::Type,
                       std::optional<Unwrapped<AggregateResult<I, F, K, V>>>>;

// Folds: std::optional<A>(std::optional<A> before, const K&, const V&).

struct Count {
  template <class K, class V>
  std::optional<std::int64_t> operator()(std::optional<std::int64_t> before, const K&, const V&) const {
    return before.value_or(0) + 1;
  }
  std::int64_t start() const { return 0; }
};

// What Count does not count any more.
struct Uncount {
  template <class K, class V>
  std::optional<std::int64_t> operator()(std::optional<std::int64_t> before, const K&, const V&) const {
    return *before - 1;
  }
};

template <class A, class F>
struct Reduce {
  F reducer;

  template <class K, class V>
  std::optional<A> operator()(std::optional<A> before, const K&, const V& value) {
    if (before) return std::invoke(reducer, *std::as_const(before), value);
    if (is_null(value)) return std::nullopt;
    return unwrap(value);
  }
};

template <class A, class I, class F>
struct Fold {
  I initial;
  F aggregator;

  template <class K, class V>
  std::optional<A> operator()(std::optional<A> before, const K& key, const V& value) {
    A so_far = before ? std::move(*before) : start();
    if constexpr (FoldsKeyAndValue<F, A, K, V>) {
      return std::invoke(aggregator, std::move(so_far), key, value);
    } else {
      return std::invoke(aggregator, std::move(so_far), value);
    }
  }

  A start() {
    if constexpr (std::invocable<I>) {
      return initial();
    } else {
      return initial;
    }
  }
};

}  // namespace levada::internal
