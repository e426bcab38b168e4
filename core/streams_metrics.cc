#include <levada/core/streams_metrics.h>

namespace levada {

void SensorTotals::add(const SensorTotals& other) {
  if (other.count == 0) return;
  max = count == 0 ? other.max : std::max(max, other.max);
  count += other.count;
  sum += other.sum;
}

Sensor& StreamsMetrics::add_sensor(const std::string& name) {
  const std::lock_guard lock(mutex_);
  return sensors_[name];
}

std::map<std::string, SensorTotals> StreamsMetrics::totals() const {
  const std::lock_guard lock(mutex_);
  std::map<std::string, SensorTotals> totals;
  for (const auto& [name, sensor] : sensors_) totals.emplace(name, sensor.totals());
  return totals;
}

}  // namespace levada
