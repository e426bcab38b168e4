#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include <levada/core/duration_text.h>
#include <levada/runtime/patience.h>

namespace levada {
namespace {

using std::chrono::milliseconds;

constexpr Duration kShortestPause = milliseconds(20);
constexpr Duration kLongestPause = milliseconds(1000);

Duration whole_seconds(std::chrono::steady_clock::duration time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time);
}

}  // namespace

Patience::Patience(std::string what, Duration limit, const Clock& clock, Logger log)
    : what_(std::move(what)), limit_(limit), clock_(&clock), log_(std::move(log)) {}

bool Patience::may_pass(const absl::Status& failure) {
  return absl::IsUnavailable(failure) || absl::IsDeadlineExceeded(failure) || absl::IsResourceExhausted(failure);
}

absl::Status Patience::bear(const absl::Status& failure) {
  if (!may_pass(failure)) return failure;
  const Instant now = clock_->steady_now();
  if (!since_) {
    since_ = now;
    deadline_ = now + limit_;
    log_.warn("does not succeed yet and is tried again", {{"what", what_}, {"reason", failure.message()}});
  }
  const auto lasted = now - *since_;
  if (absl::IsResourceExhausted(failure)) deadline_ = now + limit_;
  if (now >= deadline_ && !absl::IsResourceExhausted(failure)) {
    return absl::DeadlineExceededError(fmt::format("{}: without success for {} (task.timeout.ms={}): {}", what_,
                                                   format_duration(whole_seconds(lasted)), limit_.count(),
                                                   std::string(failure.message())));
  }
  next_try_ = now + std::clamp(std::chrono::floor<Duration>(lasted / 2), kShortestPause, kLongestPause);
  return absl::OkStatus();
}

void Patience::succeeded() {
  if (!since_) return;
  log_.info("has succeeded",
            {{"what", what_}, {"after", format_duration(whole_seconds(clock_->steady_now() - *since_))}});
  since_.reset();
}

}  // namespace levada
