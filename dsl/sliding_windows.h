// Windows that end with a record, or begin behind one, and reach as far as two records may be apart to belong together.
//
//   SlidingWindows::of(10min, {.grace = 1min})
//
// For each record there is the window that ends with it and, if others came shortly behind it, the window that begins a
// millisecond later: so each set of records no more than the difference apart is in exactly one window. Both ends are
// inclusive. No window starts before 1970: earlier ones are all the same, [0, difference].
#pragma once

#include <absl/status/status.h>

#include <levada/core/time.h>
#include <levada/core/windowed.h>
#include <levada/dsl/time_windows.h>

namespace levada {

class SlidingWindows {
 public:
  static SlidingWindows of(Duration time_difference, WindowOptions options = {}) {
    return {time_difference, options.grace};
  }

  Duration time_difference() const { return time_difference_; }
  Duration grace() const { return grace_; }

  Window ending_at(Timestamp end) const { return {.start = end - time_difference_, .end = end}; }
  Window starting_at(Timestamp start) const { return {.start = start, .end = start + time_difference_}; }

  // kInvalidArgument for a difference or grace that makes no sense.
  absl::Status check() const;

 private:
  SlidingWindows(Duration time_difference, Duration grace) : time_difference_(time_difference), grace_(grace) {}

  Duration time_difference_;
  Duration grace_;
};

}  // namespace levada
