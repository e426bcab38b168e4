#include <algorithm>

#include <levada/runtime/embedded/broker.h>

namespace levada::internal::embedded {

Broker::Broker(const Clock& clock, Duration log_cleaner_interval)
    : clock_(clock),
      log_cleaner_interval_(log_cleaner_interval),
      real_time_(dynamic_cast<const SystemClock*>(&clock) != nullptr),
      next_cleaning_(clock.steady_now() + log_cleaner_interval),
      groups_(topics_),
      transactions_(groups_) {}

void BrokerAccess::catch_up() {
  const Moment moment = now();
  if (moment.steady < next_due()) return;
  broker_.groups_.expire(moment.steady);
  broker_.transactions_.expire(moment);
  if (broker_.log_cleaner_interval_ > Duration::zero() && moment.steady >= broker_.next_cleaning_) {
    broker_.topics_.clean(Topics::Cleaning::kOnlyIfWorthIt, moment.wall);
    broker_.next_cleaning_ = moment.steady + broker_.log_cleaner_interval_;
  }
  announce();
}

SteadyTime BrokerAccess::next_due() const {
  SteadyTime due = broker_.log_cleaner_interval_ > Duration::zero() ? broker_.next_cleaning_ : SteadyTime::max();
  due = std::min(due, broker_.groups_.next_deadline().value_or(due));
  return std::min(due, broker_.transactions_.next_deadline().value_or(due));
}

void BrokerAccess::announce() {
  ++broker_.changes_;
  if (broker_.waiting_ > 0) broker_.changed_.notify_all();
}

bool BrokerAccess::wait(std::uint64_t seen, SteadyTime deadline) {
  if (!broker_.real_time_ || std::chrono::steady_clock::now() >= deadline) return false;
  const auto changed = [this, seen] { return broker_.changes_ != seen; };
  ++broker_.waiting_;
  broker_.changed_.wait_until(lock_, std::min(deadline, next_due()), changed);
  --broker_.waiting_;
  return true;
}

void BrokerAccess::clean_logs() { broker_.topics_.clean(Topics::Cleaning::kEverything, now().wall); }

SteadyTime deadline_after(Duration timeout) {
  const Duration longest = std::chrono::hours(24 * 365);
  return std::chrono::steady_clock::now() + std::clamp(timeout, Duration::zero(), longest);
}

}  // namespace levada::internal::embedded
