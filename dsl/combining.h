// How the records of an aggregation are combined before they are repartitioned: what is sent instead of them, and how
// that is put together again.
#pragma once

#include <concepts>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <levada/core/serde.h>
#include <levada/dsl/aggregation.h>
#include <levada/dsl/operators/non_null_key.h>
#include <levada/dsl/partial.h>
#include <levada/dsl/repartition_makers.h>

namespace levada::internal {

// What puts two aggregates together.
template <class M, class A>
concept Merger = std::copy_constructible<M> && std::is_invocable_r_v<A, M&, A, const A&>;

// A fold whose records are aggregates.
template <class A, class M>
struct Merge {
  M merger;

  template <class K>
  std::optional<A> operator()(std::optional<A> before, const K&, const A& partial) {
    if (!before) return partial;
    return std::invoke(merger, *std::move(before), partial);
  }
  template <class K>
  std::optional<A> operator()(std::optional<A> before, const K& key, const Partial<A>& partial) {
    return (*this)(std::move(before), key, partial.value);
  }
};

// Stands where aggregates cannot be put together.
struct NoMerge {
  std::string_view why = {};

  std::string mistake(const std::string& store) const {
    return "store " + store + ": its records cannot be combined before they are repartitioned: " + std::string(why);
  }
};

template <class M>
inline constexpr bool kMerges = !std::is_same_v<M, NoMerge>;

// Result is what the aggregation's function returns.
template <class Result, class M>
auto merge_unless_optional(M merger) {
  if constexpr (is_optional_v<Result>) {
    return NoMerge{"its function may remove the row, which a part of them does not know"};
  } else {
    return Merge<Result, M>{std::move(merger)};
  }
}

// The typed part of a grouping.
template <class K>
struct GroupedKeys {
  GroupPoint at;
  std::optional<Serde<K>> combined = std::nullopt;  // the keys in the repartition topic, if a combiner is wanted

  bool combines() const { return combined && at.graph->needs_repartition(at.grouping); }
};

// `Op` combines records of K and V to partial aggregates, in the store that `store` describes, with the arguments that
// follow its store.
template <class Op, class... Args>
RepartitionMakers partial_makers(Serde<typename Op::KeyOut> key, Serde<typename Op::ValueOut> value, StoreSpec store,
                                 Args... args) {
  RepartitionMakers makers = repartition_makers<typename Op::KeyOut, typename Op::ValueOut>(
      {.key = std::move(key), .value = std::move(value)});
  makers.filter = [](OperatorContext&) {
    return std::make_unique<NonNullKey<typename Op::KeyIn, typename Op::ValueIn>>();
  };
  store.transient = true;
  makers.combiner = {.node =
                         [args...](OperatorContext& context, const std::string& name) {
                           return std::make_unique<Op>(context, StoreRef<typename Op::Store>{name}, args...);
                         },
                     .store = std::move(store)};
  return makers;
}

}  // namespace levada::internal
