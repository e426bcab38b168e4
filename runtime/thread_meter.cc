#include <utility>

#include <levada/runtime/thread_meter.h>

namespace levada {

namespace {

constexpr Duration kLagInterval = std::chrono::milliseconds(500);

}  // namespace

ThreadMeter::ThreadMeter(const Clock& clock, ThreadMetrics& metrics)
    : clock_(clock), metrics_(metrics), last_lag_(clock.steady_now()) {}

void ThreadMeter::note_begin() {
  round_began_ = clock_.steady_now();
  cpu_before_round_ = process_cpu_time();
}

void ThreadMeter::end_round(std::size_t processed, const ActiveTasks& tasks, const Consumer& consumer) {
  const Instant now = clock_.steady_now();
  if (processed > 0) {
    if (!std::exchange(has_processed_, true)) {
      metrics_.first_wall.store(round_began_.time_since_epoch().count(), std::memory_order_relaxed);
      metrics_.first_cpu.store(cpu_before_round_.count(), std::memory_order_relaxed);
    }
    metrics_.add(metrics_.processed, processed);
    metrics_.last_wall.store(now.time_since_epoch().count(), std::memory_order_relaxed);
    metrics_.last_cpu.store(process_cpu_time().count(), std::memory_order_relaxed);
  }
  for (Task* task : tasks.running()) metrics_.add(metrics_.input_processed, task->take_processed_inputs());
  if (now - last_lag_ < kLagInterval) return;
  last_lag_ = now;
  measure_lag(tasks, consumer);
}

void ThreadMeter::measure_lag(const ActiveTasks& tasks, const Consumer& consumer) {
  std::uint64_t lag = 0;
  for (const ActiveTasks::Input& each : tasks.inputs()) {
    const Offset end = consumer.last_known_end(each.input->where());
    if (end != kUnknownOffset && end > each.input->position()) lag += end - each.input->position();
  }
  metrics_.lag.store(lag, std::memory_order_relaxed);
}

void ThreadMeter::restoring(bool restoring) {
  if (restoring == restoring_since_.has_value()) return;
  const Instant now = clock_.steady_now();
  if (restoring_since_) {
    metrics_.restore_time.fetch_add(std::chrono::nanoseconds(now - *restoring_since_).count());
    restoring_since_.reset();
  } else {
    restoring_since_ = now;
  }
}

}  // namespace levada
