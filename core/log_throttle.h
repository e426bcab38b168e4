// Keeps warnings that may come in millions from drowning the log: the first few of each reason pass, later ones only
// once per interval, with the number of those held back.
//
//   LogThrottle skipped(clock, {.first = 10, .interval = 10s});
//   if (const auto pass = skipped.admit("null key")) {
//     log.warn("record skipped", {{"reason", "null key"}, {"offset", offset}, {"suppressed", pass->suppressed}});
//   }
//   skipped.report(log, "records skipped");   // from time to time: what was held back and found no later warning
//
// Reasons are few and fixed; each is remembered for good. Owned by one thread. The clock must outlive it and is read
// only once a reason has used up its first warnings.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <levada/core/log.h>
#include <levada/core/time.h>

namespace levada {

struct LogThrottleOptions {
  std::uint64_t first = 10;
  Duration interval = std::chrono::seconds(10);
};

class LogThrottle {
 public:
  struct Pass {
    std::uint64_t suppressed = 0;  // how many of this reason were held back since the last that passed
  };

  explicit LogThrottle(const Clock& clock, LogThrottleOptions options = {}) : clock_(clock), options_(options) {}

  std::optional<Pass> admit(std::string_view reason);

  // One warning for each reason that has held some back for a whole interval, with fields `reason` and `suppressed`.
  void report(const Logger& log, std::string_view message);
  // The same for whatever was held back, at the end.
  void report_all(const Logger& log, std::string_view message);

 private:
  using Instant = std::chrono::steady_clock::time_point;

  struct Reason {
    std::uint64_t seen = 0;
    std::uint64_t suppressed = 0;
    Instant last_pass = {};
  };

  static void report(const Logger& log, std::string_view message, const std::string& name, Reason& reason);

  const Clock& clock_;
  LogThrottleOptions options_;
  std::map<std::string, Reason, std::less<>> reasons_ = {};
};

}  // namespace levada
