// Which records of two streams belong together by time: the other one may be up to so much earlier or later.
//
//   JoinWindows::of(10min)                                 // ten minutes apart at most, either way
//   JoinWindows::of(10min, {.grace = 1min})                // …, and up to a minute late
//   JoinWindows::of(0s).after(1h)                          // within the hour after the record on the left
//
// Seen from a record of the left stream; both ends are inclusive.
#pragma once

#include <algorithm>

#include <absl/status/status.h>

#include <levada/core/time.h>
#include <levada/dsl/time_windows.h>

namespace levada {

class JoinWindows {
 public:
  static JoinWindows of(Duration difference, WindowOptions options = {}) {
    return {difference, difference, options.grace};
  }

  // How much earlier, and how much later, the record on the right may be. One of them may be negative.
  JoinWindows before(Duration difference) const { return {difference, after_, grace_}; }
  JoinWindows after(Duration difference) const { return {before_, difference, grace_}; }

  Duration before() const { return before_; }
  Duration after() const { return after_; }
  Duration grace() const { return grace_; }
  Duration size() const { return before_ + after_; }

  // The same windows, seen from a record of the right stream.
  JoinWindows reversed() const { return {after_, before_, grace_}; }

  // From when to when partners of a record of this time can be.
  Timestamp from(Timestamp time) const { return not_before_1970(time - before_); }
  Timestamp to(Timestamp time) const { return not_before_1970(time + after_); }

  // kInvalidArgument for windows that contain nothing, or a negative grace.
  absl::Status check() const;

 private:
  JoinWindows(Duration before, Duration after, Duration grace) : before_(before), after_(after), grace_(grace) {}
  static Timestamp not_before_1970(Timestamp time) { return std::max(time, Timestamp{}); }

  Duration before_;
  Duration after_;
  Duration grace_;
};

}  // namespace levada
