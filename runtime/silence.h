// How long there has been nothing to read of an input: its log was read to the end, and all that was in it is
// processed.
//
//   if (input.has_head() || !input.at_end()) silence.end();
//   else if (silence.lasts(200ms, clock)) …
//
// It begins when it is first asked about. Owned by an input; used on the thread of its task.
#pragma once

#include <chrono>
#include <optional>

#include <levada/core/time.h>

namespace levada {

class Silence {
 public:
  void end() {
    since_.reset();
    known_ = Duration(0);
  }

  Duration length(const Clock& clock) {
    const auto now = clock.steady_now();
    if (!since_) since_ = now;
    return known_ = std::chrono::floor<Duration>(now - *since_);
  }
  // The same question again and again reads no clock once the answer was yes.
  bool lasts(Duration time, const Clock& clock) { return known_ >= time || length(clock) >= time; }

 private:
  std::optional<std::chrono::steady_clock::time_point> since_ = std::nullopt;
  Duration known_ = Duration(0);
};

}  // namespace levada
