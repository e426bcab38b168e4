// How the functions that users pass are called: with the value, or with the key and the value. Pointers to members
// count as functions of the value.
//
//   orders.filter([](const Order& order) { return order.amount > 0; });
//   orders.filter([](const std::string& id, const Order& order) { return id == order.id; });
//   orders.group_by(&Order::customer);
#pragma once

#include <concepts>
#include <functional>
#include <iterator>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

#include <levada/core/record_context.h>
#include <levada/core/serde_traits.h>

namespace levada {

// What map and flat_map return: any pair will do.
template <class K, class V>
using KeyValue = std::pair<K, V>;

namespace internal {

template <class F, class K, class V>
concept OfKeyAndValue = std::invocable<F&, const K&, const V&>;
template <class F, class K, class V>
concept OfValue = std::invocable<F&, const V&>;

// What can be called with a record. Each task calls a copy of its own.
template <class F, class K, class V>
concept Callback = std::copy_constructible<F> &&(OfKeyAndValue<F, K, V> || OfValue<F, K, V>);

template <class F, class K, class V>
decltype(auto) call(F& f, const K& key, const V& value) {
  if constexpr (OfKeyAndValue<F, K, V>) {
    return std::invoke(f, key, value);
  } else {
    return std::invoke(f, value);
  }
}

template <class F, class K, class V>
struct CallbackResult {
  using Type = void;
};
template <class F, class K, class V>
requires Callback<F, K, V>
struct CallbackResult<F, K, V> {
  using Type =
      std::remove_cvref_t<decltype(call(std::declval<F&>(), std::declval<const K&>(), std::declval<const V&>()))>;
};

// What a callback returns, without const and reference.
template <class F, class K, class V>
using ResultOf = typename CallbackResult<F, K, V>::Type;

// The same, and std::monostate where the function is of no use.
template <class F, class K, class V>
using ResultOrNothing = std::conditional_t<std::is_void_v<ResultOf<F, K, V>>, std::monostate, ResultOf<F, K, V>>;

template <class F, class K, class V>
concept Predicate = Callback<F, K, V> && std::convertible_to < ResultOf<F, K, V>,
bool > ;

template <class F, class K, class V>
concept Mapper = Callback<F, K, V> && !std::is_void_v<ResultOf<F, K, V>>;

template <class T>
concept PairLike = requires(const T& pair) {
  pair.first;
  pair.second;
};

template <class T>
using FirstOf = std::remove_cvref_t<decltype(std::declval<const T&>().first)>;
template <class T>
using SecondOf = std::remove_cvref_t<decltype(std::declval<const T&>().second)>;

template <class F, class K, class V>
concept PairMapper = Callback<F, K, V> && PairLike<ResultOf<F, K, V>>;

template <class T>
concept RangeLike = requires(const T& range) {
  std::begin(range);
  std::end(range);
};

template <class T>
using ElementOf = std::remove_cvref_t<decltype(*std::begin(std::declval<const T&>()))>;

template <class F, class K, class V>
concept RangeMapper = Callback<F, K, V> && RangeLike<ResultOf<F, K, V>>;

template <class F, class K, class V>
concept PairRangeMapper = RangeMapper<F, K, V> && PairLike<ElementOf<ResultOf<F, K, V>>>;

template <class F, class K, class V>
concept OfKeyValueAndContext = std::is_invocable_r_v<std::string, F&, const K&, const V&, const RecordContext&>;
template <class F, class K, class V>
concept TopicChooser = OfKeyValueAndContext<F, K, V> ||
    (Callback<F, K, V>&& std::convertible_to<ResultOf<F, K, V>, std::string>);

template <class T>
bool is_null(const T& value) {
  if constexpr (is_optional_v<T>) {
    return !value.has_value();
  } else {
    return false;
  }
}

// What is inside an optional that is not null, or the value itself.
template <class T>
const Unwrapped<T>& unwrap(const T& value) {
  if constexpr (is_optional_v<T>) {
    return *value;
  } else {
    return value;
  }
}

}  // namespace internal
}  // namespace levada
