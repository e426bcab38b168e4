// Event time as an operator or a store sees it: the highest timestamp that has come to it, but no more than what the
// tasks upstream allow. It never goes back.
//
//   ObservedTime time(context.time_limit());
//   time.observe(record.timestamp);
//   if (window.end + grace <= time.now()) …            // late
//
// The limit is the task's (runtime/upstream_times.h) and changes with what it reads. Where there is none, it is the end
// of time.
#pragma once

#include <algorithm>

#include <levada/core/time.h>

namespace levada {

inline constexpr Timestamp kNoTimeLimit = Timestamp::max();

class ObservedTime {
 public:
  // It outlives this.
  explicit ObservedTime(const Timestamp& limit) : limit_(&limit) {}

  // kNoTimestamp: nothing has come, but the limit may have risen.
  void observe(Timestamp time) {
    highest_ = std::max(highest_, time);
    now_ = std::max(now_, std::min(highest_, *limit_));
  }
  // kNoTimestamp before the first. Lives as long as this.
  const Timestamp& now() const { return now_; }

  void set_limit(const Timestamp& limit) { limit_ = &limit; }

 private:
  const Timestamp* limit_;
  Timestamp highest_ = kNoTimestamp;
  Timestamp now_ = kNoTimestamp;
};

}  // namespace levada
