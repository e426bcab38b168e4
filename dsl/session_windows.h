// Windows that last as long as records keep coming: a session ends when nothing has come for the inactivity gap.
//
//   SessionWindows::of(30min, {.grace = 5min})
//
// A record that lies between two sessions makes one of them. A session starts with its first record and ends with its
// last one, both inclusive.
#pragma once

#include <algorithm>

#include <absl/status/status.h>

#include <levada/core/time.h>
#include <levada/core/windowed.h>
#include <levada/dsl/time_windows.h>

namespace levada {

class SessionWindows {
 public:
  static SessionWindows of(Duration inactivity_gap, WindowOptions options = {}) {
    return {inactivity_gap, options.grace};
  }

  Duration inactivity_gap() const { return inactivity_gap_; }
  Duration grace() const { return grace_; }

  static Window merged(const Window& a, const Window& b) {
    return {.start = std::min(a.start, b.start), .end = std::max(a.end, b.end)};
  }

  // kInvalidArgument for a gap or grace that makes no sense.
  absl::Status check() const;

 private:
  SessionWindows(Duration inactivity_gap, Duration grace) : inactivity_gap_(inactivity_gap), grace_(grace) {}

  Duration inactivity_gap_;
  Duration grace_;
};

}  // namespace levada
