// Windows of event time that are all of one size: side by side, or overlapping when they advance by less than their
// size.
//
//   TimeWindows::of(1h)                                        // tumbling: 10:00–11:00, 11:00–12:00, …
//   TimeWindows::of(1h, {.grace = 10min})                      // …, still open to records ten minutes late
//   TimeWindows::of(1h).advance_by(15min)                      // hopping: a record belongs to four windows
//
// Starts are multiples of the advance since 1970; ends are exclusive.
#pragma once

#include <algorithm>
#include <numeric>

#include <absl/status/status.h>

#include <levada/core/time.h>
#include <levada/core/windowed.h>

namespace levada {

struct WindowOptions {
  Duration grace = Duration(0);
};

class TimeWindows {
 public:
  static TimeWindows of(Duration size, WindowOptions options = {}) { return {size, size, options.grace}; }

  TimeWindows advance_by(Duration advance) const { return {size_, advance, grace_}; }

  Duration size() const { return size_; }
  Duration advance() const { return advance_; }
  Duration grace() const { return grace_; }
  // The longest stretch of time that each window contains as a whole or not at all; the stretches begin at its
  // multiples.
  Duration pane() const { return Duration(std::gcd(size_.count(), advance_.count())); }

  // Calls visit(Window) for each window the time belongs to, the earliest first.
  template <class Visit>
  void for_each_window(Timestamp time, Visit visit) const {
    const Duration earliest = std::max(Duration(0), time.time_since_epoch() - size_ + advance_);
    for (Timestamp start(earliest / advance_ * advance_); start <= time; start += advance_) {
      visit(Window{.start = start, .end = start + size_});
    }
  }

  // kInvalidArgument for a size, advance or grace that makes no sense.
  absl::Status check() const;

 private:
  TimeWindows(Duration size, Duration advance, Duration grace) : size_(size), advance_(advance), grace_(grace) {}

  Duration size_;
  Duration advance_;
  Duration grace_;
};

}  // namespace levada
