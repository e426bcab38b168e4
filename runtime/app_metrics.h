// What an application has done since its start, summed over its threads.
//
//   AppMetricsSum sum;
//   sum.add(thread.metrics(), thread.dropped());
//   sum.total().processed
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <string>

#include <levada/core/operator_context.h>
#include <levada/core/streams_metrics.h>
#include <levada/runtime/dropped_records.h>
#include <levada/runtime/thread_metrics.h>

namespace levada {

struct AppMetrics {
  std::uint64_t input_processed = 0;  // records of topics that are not the application's own
  std::uint64_t processed = 0;        // all records, those of repartition topics too
  std::uint64_t restored = 0;
  std::chrono::nanoseconds restore_time = {};  // with at least one store being restored
  std::uint64_t commits = 0;
  std::uint64_t lag = 0;              // records known to stand in the assigned partitions and not processed yet
  std::uint64_t standby_tasks = 0;    // whose stores are kept up to date here
  std::uint64_t standby_records = 0;  // changelog records that went into them
  std::uint64_t standby_lag = 0;      // records known to stand in their changelogs and not read yet
  std::array<std::uint64_t, kDropReasons> dropped = {};  // by DropReason
  std::map<std::string, SensorTotals> sensors = {};      // the application's own: StreamsMetrics::add_sensor
  // From the first processed record to the last one.
  std::chrono::nanoseconds wall_time = {};
  std::chrono::nanoseconds cpu_time = {};  // of the whole process

  std::uint64_t dropped_total() const {
    std::uint64_t sum = 0;
    for (const std::uint64_t count : dropped) sum += count;
    return sum;
  }
};

class AppMetricsSum {
 public:
  void add(const ThreadMetrics& metrics, const DroppedRecords& dropped);
  void add(const DroppedRecords& dropped);
  void add(const StreamsMetrics& sensors);
  void add_restored(std::uint64_t records) { sum_.restored += records; }
  // What the thread left over when it ended is others' to do.
  void forget_lag() { sum_.lag = 0; }
  AppMetrics total() const;

 private:
  // When the first and the last record were processed, by the steady clock and by CPU time; 0: none yet.
  struct Span {
    std::int64_t first_wall = 0;
    std::int64_t last_wall = 0;
    std::int64_t first_cpu = 0;
    std::int64_t last_cpu = 0;
  };

  AppMetrics sum_ = {};
  Span span_ = {};
};

}  // namespace levada
