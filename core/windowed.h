// A key together with the window of event time it was grouped in: the key type of every windowed table.
//
//   Windowed<std::string> hour = {"OrderCreated", {start, start + std::chrono::hours(1)}};
#pragma once

#include <compare>

#include <levada/core/time.h>

namespace levada {

// From start to end. End is exclusive for tumbling and hopping windows, inclusive for sessions and sliding windows.
struct Window {
  Timestamp start;
  Timestamp end;

  auto operator<=>(const Window&) const = default;
};

template <class K>
struct Windowed {
  K key;
  Window window;

  auto operator<=>(const Windowed&) const = default;
};

namespace internal {

template <class T>
inline constexpr bool kIsWindowed = false;
template <class K>
inline constexpr bool kIsWindowed<Windowed<K>> = true;

}  // namespace internal
}  // namespace levada
