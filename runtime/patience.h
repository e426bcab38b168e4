// Patience with something that does not succeed and may do so later: a broker that is away, a directory another process
// holds, a full disk. It is tried again, with pauses in which everything else goes on; the log says so once; and it
// becomes an error when it has lasted too long.
//
//   if (patience.pausing()) return absl::OkStatus();
//   const absl::Status asked = ask();
//   if (!asked.ok()) return patience.bear(asked);            // ok: try again later
//   patience.succeeded();
//
// Owned by a thread; used on it only.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include <absl/status/status.h>

#include <levada/core/log.h>
#include <levada/core/time.h>

namespace levada {

class Patience {
 public:
  // `what` is tried for `limit` (task.timeout.ms). The clock must outlive it.
  Patience(std::string what, Duration limit, const Clock& clock, Logger log);

  // Ok if `failure` may pass by itself: kUnavailable and kDeadlineExceeded until the limit is over (then
  // kDeadlineExceeded, with what, how long, and why), kResourceExhausted (a full disk) without a limit. Else `failure`.
  absl::Status bear(const absl::Status& failure);
  void succeeded();
  // It is not wanted any more.
  void forget() { since_.reset(); }

  // It has failed, and has not succeeded since.
  bool waiting() const { return since_.has_value(); }
  // And it is too early to try again.
  bool pausing() const { return waiting() && clock_->steady_now() < next_try_; }

  static bool may_pass(const absl::Status& failure);

 private:
  using Instant = std::chrono::steady_clock::time_point;

  std::string what_;
  Duration limit_;
  const Clock* clock_;
  Logger log_;
  std::optional<Instant> since_ = std::nullopt;
  Instant deadline_ = {};
  Instant next_try_ = {};
};

}  // namespace levada
