// The schedules of a task's processors, and when each is due.
//
//   punctuations.schedule(1min, PunctuationType::kStreamTime, now, action);
//   punctuations.run(PunctuationType::kStreamTime, stream_time);
//
// Owned by one task; an action may schedule and cancel, also itself.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>

#include <levada/core/context.h>
#include <levada/core/time.h>

namespace levada {

class Punctuations {
 public:
  // Stream time is aligned to 0 and due at once; wall-clock time is first due an interval after `now`.
  // Throws std::invalid_argument for an interval under 1 ms.
  PunctuationId schedule(Duration interval, PunctuationType type, Timestamp now, std::function<void(Timestamp)> action);
  void cancel(PunctuationId id);

  bool empty() const { return schedules_.empty(); }

  // Calls what is due at `now`, each once however many intervals have passed. False if nothing was due.
  bool run(PunctuationType type, Timestamp now);

  // When the next one of this type is due.
  std::optional<Timestamp> next(PunctuationType type) const;

 private:
  struct Schedule {
    Duration interval;
    PunctuationType type;
    Timestamp due;
    std::function<void(Timestamp)> action;
  };

  std::map<std::uint64_t, Schedule> schedules_ = {};
  std::uint64_t last_id_ = 0;
};

}  // namespace levada
