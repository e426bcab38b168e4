// What the processors of an application count and measure for themselves, beside what it counts by itself: numbers
// under names, which AppMetrics::sensors has summed over all tasks and threads.
//
//   explicit Large(Context& context) : amounts_(context.metrics().add_sensor("large-amounts")) {}
//   void process(const Record& order) override { amounts_.record(order.value.amount); }
//   …
//   app.metrics().sensors.at("large-amounts").count
//
// There is one StreamsMetrics a thread, which outlives its tasks. A sensor is recorded to by its thread only, and read
// by any.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

namespace levada {

struct SensorTotals {
  std::uint64_t count = 0;
  double sum = 0;
  double max = 0;  // if anything was recorded

  void add(const SensorTotals& other);
};

class Sensor {
 public:
  void record(double value = 1) {
    const std::uint64_t count = count_.load(std::memory_order_relaxed);
    sum_.store(sum_.load(std::memory_order_relaxed) + value, std::memory_order_relaxed);
    max_.store(count == 0 ? value : std::max(max_.load(std::memory_order_relaxed), value), std::memory_order_relaxed);
    count_.store(count + 1, std::memory_order_relaxed);
  }

  SensorTotals totals() const { return {count_.load(), sum_.load(), max_.load()}; }

 private:
  std::atomic<std::uint64_t> count_{0};
  std::atomic<double> sum_{0};
  std::atomic<double> max_{0};
};

class StreamsMetrics {
 public:
  // The sensor of that name; the same one at each call.
  Sensor& add_sensor(const std::string& name);
  std::map<std::string, SensorTotals> totals() const;

 private:
  mutable std::mutex mutex_ = {};  // of the map, not of what is recorded
  std::map<std::string, Sensor> sensors_ = {};
};

}  // namespace levada
