#include <utility>

#include <levada/core/log_throttle.h>

namespace levada {

std::optional<LogThrottle::Pass> LogThrottle::admit(std::string_view name) {
  auto found = reasons_.find(name);
  if (found == reasons_.end()) found = reasons_.emplace(name, Reason{}).first;
  Reason& reason = found->second;
  ++reason.seen;
  if (reason.seen < options_.first) return Pass{};
  const Instant now = clock_.steady_now();
  if (reason.seen > options_.first && now - reason.last_pass < options_.interval) {
    ++reason.suppressed;
    return std::nullopt;
  }
  reason.last_pass = now;
  return Pass{.suppressed = std::exchange(reason.suppressed, 0)};
}

void LogThrottle::report(const Logger& log, std::string_view message) {
  const Instant now = clock_.steady_now();
  for (auto& [name, reason] : reasons_) {
    if (reason.suppressed == 0 || now - reason.last_pass < options_.interval) continue;
    reason.last_pass = now;
    report(log, message, name, reason);
  }
}

void LogThrottle::report_all(const Logger& log, std::string_view message) {
  for (auto& [name, reason] : reasons_) {
    if (reason.suppressed != 0) report(log, message, name, reason);
  }
}

void LogThrottle::report(const Logger& log, std::string_view message, const std::string& name, Reason& reason) {
  log.warn(message, {{"reason", name}, {"suppressed", std::exchange(reason.suppressed, 0)}});
}

}  // namespace levada
