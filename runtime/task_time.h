// How far event time has come in a task: to the highest timestamp of its records, or to the limit that upstream tasks
// set (upstream_times.h), if that is less.
//
//   TaskTime time;
//   time.set_limit(lowest);
//   time.observe(record.timestamp);
//   context.set_time_limit(time.limit());               // by reference: it changes with what is read
//
// Owned by the task; used on its thread.
#pragma once

#include <levada/core/observed_time.h>

namespace levada {

class TaskTime {
 public:
  TaskTime() = default;
  TaskTime(const TaskTime&) = delete;
  TaskTime& operator=(const TaskTime&) = delete;

  void observe(Timestamp time) { time_.observe(time); }
  void set_limit(Timestamp limit) {
    limit_ = limit;
    time_.observe(kNoTimestamp);
  }

  // Both live as long as this. kNoTimestamp: no time is known.
  const Timestamp& of_records() const { return time_.now(); }
  const Timestamp& limit() const { return limit_; }

 private:
  Timestamp limit_ = kNoTimeLimit;
  ObservedTime time_{limit_};
};

}  // namespace levada
