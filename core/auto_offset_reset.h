// Where reading starts in a topic the group has no offset for.
//
//   builder.stream<std::string, Order>("orders", {.reset = AutoOffsetReset::by_duration(24h)});
//
// A value.
#pragma once

#include <levada/core/time.h>

namespace levada {

class AutoOffsetReset {
 public:
  enum class Strategy { kEarliest, kLatest, kNone, kByDuration };

  static constexpr AutoOffsetReset earliest() { return AutoOffsetReset(Strategy::kEarliest, Duration()); }
  static constexpr AutoOffsetReset latest() { return AutoOffsetReset(Strategy::kLatest, Duration()); }
  // A partition without a committed offset is an error.
  static constexpr AutoOffsetReset none() { return AutoOffsetReset(Strategy::kNone, Duration()); }
  // At the first record that is not older than this.
  static constexpr AutoOffsetReset by_duration(Duration age) { return AutoOffsetReset(Strategy::kByDuration, age); }

  constexpr Strategy strategy() const { return strategy_; }
  constexpr Duration duration() const { return duration_; }

  friend bool operator==(const AutoOffsetReset&, const AutoOffsetReset&) = default;

 private:
  constexpr AutoOffsetReset(Strategy strategy, Duration duration) : strategy_(strategy), duration_(duration) {}

  Strategy strategy_;
  Duration duration_;
};

}  // namespace levada
