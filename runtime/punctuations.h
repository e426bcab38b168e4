// The schedules of a task's processors, and when each is due.
//
//   punctuations.schedule(1min, PunctuationType::kStreamTime, now, action);
//   punctuations.run(PunctuationType::kStreamTime, stream_time);
//
// Of several that are due, the one that is due first comes first; of those due at one time, the one that a queue of
// Java's gives, as in Kafka Streams. Owned by one task; an action may schedule and cancel, also itself.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>

#include <levada/core/context.h>
#include <levada/core/java_priority_queue.h>
#include <levada/core/time.h>

namespace levada {

class Punctuations {
 public:
  // Stream time is aligned to 0 and due at once; wall-clock time is first due an interval after `now`.
  // Throws std::invalid_argument for an interval under 1 ms.
  PunctuationId schedule(Duration interval, PunctuationType type, Timestamp now, std::function<void(Timestamp)> action);
  void cancel(PunctuationId id);

  bool empty() const { return active_.empty(); }

  // Calls what is due at `now`, each once however many intervals have passed. What an action schedules may be due, too.
  // False if nothing was due.
  bool run(PunctuationType type, Timestamp now);

  // When the next one of this type is due.
  std::optional<Timestamp> next(PunctuationType type) const;

 private:
  struct Schedule {
    PunctuationId id = {};
    Duration interval = {};
    Timestamp due = {};
    std::function<void(Timestamp)> action = {};
  };
  struct EarlierDue {
    bool operator()(const Schedule& one, const Schedule& other) const { return one.due < other.due; }
  };
  using Queue = internal::JavaPriorityQueue<Schedule, EarlierDue>;

  Queue& queue(PunctuationType type) { return type == PunctuationType::kStreamTime ? stream_time_ : wall_clock_time_; }
  const Queue& queue(PunctuationType type) const {
    return type == PunctuationType::kStreamTime ? stream_time_ : wall_clock_time_;
  }

  Queue stream_time_ = {};
  Queue wall_clock_time_ = {};
  std::set<PunctuationId> active_ = {};  // those of the queues that are not among them have been cancelled
  std::uint64_t last_id_ = 0;
};

}  // namespace levada
