// One window that never ends: everything since a time, under a windowed key.
//
//   UnlimitedWindows::of()                                     // since 1970
//   UnlimitedWindows::of().start_on(launch)                    // what happened before belongs to no window
#pragma once

#include <absl/status/status.h>

#include <levada/core/time.h>
#include <levada/core/windowed.h>

namespace levada {

class UnlimitedWindows {
 public:
  static UnlimitedWindows of() { return UnlimitedWindows(Timestamp{}); }
  UnlimitedWindows start_on(Timestamp start) const { return UnlimitedWindows(start); }

  Timestamp start() const { return start_; }
  Duration size() const { return Duration::max(); }
  Duration grace() const { return Duration(0); }

  // Calls visit(Window) if the time belongs to it.
  template <class Visit>
  void for_each_window(Timestamp time, Visit visit) const {
    if (time >= start_) visit(Window{.start = start_, .end = Timestamp::max()});
  }

  // kInvalidArgument for a start before 1970.
  absl::Status check() const;

 private:
  explicit UnlimitedWindows(Timestamp start) : start_(start) {}

  Timestamp start_;
};

}  // namespace levada
