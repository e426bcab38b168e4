#include <algorithm>

#include <levada/runtime/app_metrics.h>

namespace levada {

void AppMetricsSum::add(const ThreadMetrics& metrics, const DroppedRecords& dropped) {
  sum_.input_processed += metrics.input_processed;
  sum_.processed += metrics.processed;
  sum_.restored += metrics.restored;
  sum_.restore_time = std::max(sum_.restore_time, std::chrono::nanoseconds(metrics.restore_time));
  sum_.commits += metrics.commits;
  sum_.lag += metrics.lag;
  sum_.standby_tasks += metrics.standby_tasks;
  sum_.standby_records += metrics.standby_records;
  sum_.standby_lag += metrics.standby_lag;
  add(dropped);
  if (metrics.first_wall == 0) return;
  if (span_.first_wall == 0 || metrics.first_wall < span_.first_wall) {
    span_.first_wall = metrics.first_wall;
    span_.first_cpu = metrics.first_cpu;
  }
  if (metrics.last_wall > span_.last_wall) {
    span_.last_wall = metrics.last_wall;
    span_.last_cpu = metrics.last_cpu;
  }
}

void AppMetricsSum::add(const DroppedRecords& dropped) {
  for (int reason = 0; reason < kDropReasons; ++reason) {
    sum_.dropped[static_cast<std::size_t>(reason)] += dropped.count(static_cast<DropReason>(reason));
  }
}

void AppMetricsSum::add(const StreamsMetrics& sensors) {
  for (const auto& [name, totals] : sensors.totals()) sum_.sensors[name].add(totals);
}

AppMetrics AppMetricsSum::total() const {
  AppMetrics total = sum_;
  total.wall_time = std::chrono::nanoseconds(span_.last_wall - span_.first_wall);
  total.cpu_time = std::chrono::nanoseconds(span_.last_cpu - span_.first_cpu);
  return total;
}

}  // namespace levada
