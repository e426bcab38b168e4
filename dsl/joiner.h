// What joins of all kinds have in common: keys of one type, and a function that makes one value of two.
//
//   [](const Order& order, const Payment& payment) { return Invoice{…}; }
//   [](const std::string& id, const Order& order, const std::optional<Payment>& payment) { … }
#pragma once

#include <concepts>
#include <functional>
#include <type_traits>
#include <utility>
#include <variant>

#include <levada/core/serde_traits.h>

namespace levada::internal {

// kLeft keeps what is on the left without a partner on the right; kOuter keeps either.
enum class JoinKind { kInner, kLeft, kOuter };

template <class K, class KO>
inline constexpr bool kJoinableKeys = std::is_same_v<Unwrapped<K>, Unwrapped<KO>>;

template <class F, class K, class V, class VO>
concept JoinsWithKey = std::invocable<F&, const K&, const V&, const VO&>;
template <class F, class V, class VO>
concept JoinsValues = std::invocable<F&, const V&, const VO&>;

template <class F, class K, class V, class VO>
decltype(auto) call_joiner(F& f, const K& key, const V& value, const VO& other) {
  if constexpr (JoinsWithKey<F, K, V, VO>) {
    return std::invoke(f, key, value, other);
  } else {
    return std::invoke(f, value, other);
  }
}

template <class F, class K, class V, class VO>
struct JoinerResult {
  using Type = void;
};
template <class F, class K, class V, class VO>
requires(JoinsWithKey<F, K, V, VO> || JoinsValues<F, V, VO>) struct JoinerResult<F, K, V, VO> {
  using Type = std::remove_cvref_t<decltype(call_joiner(std::declval<F&>(), std::declval<const K&>(),
                                                        std::declval<const V&>(), std::declval<const VO&>()))>;
};

// Each task calls a copy of its own.
template <class F, class K, class V, class VO>
concept Joiner = std::copy_constructible<F> && !std::is_void_v<typename JoinerResult<F, K, V, VO>::Type>;

// What a joiner makes; std::monostate if it makes nothing.
template <class F, class K, class V, class VO>
using JoinedValue = std::conditional_t<Joiner<F, K, V, VO>, typename JoinerResult<F, K, V, VO>::Type, std::monostate>;

// Passes a value as a To: as it is, without its std::optional, or in one, which is kept for the next.
template <class To>
class PassedAs {
 public:
  template <class From>
  const To& operator()(const From& from) {
    if constexpr (std::is_same_v<To, From>) {
      return from;
    } else if constexpr (is_optional_v<From>) {
      return *from;
    } else {
      held_ = from;
      return held_;
    }
  }

 private:
  std::conditional_t<is_optional_v<To>, To, std::monostate> held_ = {};
};

}  // namespace levada::internal
