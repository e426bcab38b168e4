// Watches what a thread does, for its ThreadMetrics: how much it has processed and in what time, how far it is behind,
// and how long stores were restored.
//
//   meter.begin_round();
//   ASSIGN_OR_RETURN(const std::size_t processed, loop.process(…));
//   meter.end_round(processed, tasks, consumer);
//
// Used by that thread alone.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>

#include <levada/core/time.h>
#include <levada/runtime/active_tasks.h>
#include <levada/runtime/consumer.h>
#include <levada/runtime/thread_metrics.h>

namespace levada {

class ThreadMeter {
 public:
  ThreadMeter(const Clock& clock, ThreadMetrics& metrics);

  void begin_round() {
    if (!has_processed_) note_begin();
  }
  void end_round(std::size_t processed, const ActiveTasks& tasks, const Consumer& consumer);
  // Whether a store is being restored just now.
  void restoring(bool restoring);

 private:
  using Instant = std::chrono::steady_clock::time_point;

  void note_begin();
  void measure_lag(const ActiveTasks& tasks, const Consumer& consumer);

  const Clock& clock_;
  ThreadMetrics& metrics_;
  bool has_processed_ = false;
  Instant round_began_ = {};
  std::chrono::nanoseconds cpu_before_round_ = {};  // as long as nothing has been processed
  std::optional<Instant> restoring_since_ = std::nullopt;
  Instant last_lag_;
};

}  // namespace levada
