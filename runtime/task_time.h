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

#include <algorithm>

#include <levada/core/observed_time.h>

namespace levada {

class TaskTime {
 public:
  void observe(Timestamp time) {
    highest_ = std::max(highest_, time);
    of_records_ = std::max(of_records_, std::min(highest_, limit_));
  }
  void set_limit(Timestamp limit) {
    limit_ = limit;
    observe(highest_);
  }

  // Both live as long as this. kNoTimestamp: no time is known.
  const Timestamp& of_records() const { return of_records_; }
  const Timestamp& limit() const { return limit_; }

 private:
  Timestamp highest_ = kNoTimestamp;
  Timestamp limit_ = kNoTimeLimit;
  Timestamp of_records_ = kNoTimestamp;
};

}  // namespace levada
