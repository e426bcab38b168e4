#include <stdexcept>
#include <utility>
#include <vector>

#include <levada/runtime/punctuations.h>

namespace levada {

PunctuationId Punctuations::schedule(Duration interval, PunctuationType type, Timestamp now,
                                     std::function<void(Timestamp)> action) {
  if (interval < Duration(1)) throw std::invalid_argument("schedule: the interval must be at least 1 ms");
  const Timestamp first = type == PunctuationType::kStreamTime ? Timestamp(Duration(0)) : now + interval;
  schedules_.emplace(++last_id_, Schedule{interval, type, first, std::move(action)});
  return PunctuationId{last_id_};
}

void Punctuations::cancel(PunctuationId id) { schedules_.erase(static_cast<std::uint64_t>(id)); }

bool Punctuations::run(PunctuationType type, Timestamp now) {
  std::vector<std::uint64_t> due;
  for (const auto& [id, schedule] : schedules_) {
    if (schedule.type == type && schedule.due <= now) due.push_back(id);
  }
  for (const std::uint64_t id : due) {
    const auto found = schedules_.find(id);
    if (found == schedules_.end()) continue;  // cancelled by one before it
    Schedule& schedule = found->second;
    const auto missed = (now - schedule.due) / schedule.interval;
    schedule.due += schedule.interval * (missed + 1);
    const auto action = schedule.action;  // the schedule may be cancelled from within
    action(now);
  }
  return !due.empty();
}

std::optional<Timestamp> Punctuations::next(PunctuationType type) const {
  std::optional<Timestamp> soonest;
  for (const auto& [id, schedule] : schedules_) {
    if (schedule.type == type && (!soonest || schedule.due < *soonest)) soonest = schedule.due;
  }
  return soonest;
}

}  // namespace levada
