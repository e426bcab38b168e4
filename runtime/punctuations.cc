#include <stdexcept>
#include <utility>

#include <levada/runtime/punctuations.h>

namespace levada {

PunctuationId Punctuations::schedule(Duration interval, PunctuationType type, Timestamp now,
                                     std::function<void(Timestamp)> action) {
  if (interval < Duration(1)) throw std::invalid_argument("schedule: the interval must be at least 1 ms");
  const Timestamp first = type == PunctuationType::kStreamTime ? Timestamp(Duration(0)) : now + interval;
  const PunctuationId id{++last_id_};
  active_.insert(id);
  queue(type).push({id, interval, first, std::move(action)});
  return id;
}

void Punctuations::cancel(PunctuationId id) { active_.erase(id); }

bool Punctuations::run(PunctuationType type, Timestamp now) {
  Queue& waiting = queue(type);
  bool any = false;
  while (!waiting.empty() && waiting.front().due <= now) {
    Schedule schedule = waiting.pop();
    if (!active_.contains(schedule.id)) continue;
    schedule.action(now);
    any = true;
    if (!active_.contains(schedule.id)) continue;  // it has cancelled itself
    const auto missed = (now - schedule.due) / schedule.interval;
    schedule.due += schedule.interval * (missed + 1);
    waiting.push(std::move(schedule));
  }
  return any;
}

std::optional<Timestamp> Punctuations::next(PunctuationType type) const {
  std::optional<Timestamp> soonest;
  for (const Schedule& schedule : queue(type).elements()) {
    if (!active_.contains(schedule.id)) continue;
    if (!soonest || schedule.due < *soonest) soonest = schedule.due;
  }
  return soonest;
}

}  // namespace levada
