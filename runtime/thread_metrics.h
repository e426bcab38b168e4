// What one thread counts. Written by the thread, read by any.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <ctime>

namespace levada {

// CPU time the whole process has used so far.
inline std::chrono::nanoseconds process_cpu_time() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

struct ThreadMetrics {
  using Counter = std::atomic<std::uint64_t>;
  using Nanoseconds = std::atomic<std::int64_t>;

  Counter processed{0};        // records taken from topics, those of the application's own included
  Counter input_processed{0};  // of them, from topics that are not its own
  Counter restored{0};         // changelog records that went into stores
  Counter commits{0};
  Counter lag{0};             // records that stand in its partitions and are not processed yet, as far as known
  Counter buffered_bytes{0};  // fetched and not processed
  Counter tasks{0};           // running or restoring

  Counter standby_tasks{0};    // open
  Counter standby_records{0};  // changelog records that went into their stores
  Counter standby_lag{0};      // records that stand in their changelogs and were not read yet, as far as known

  Nanoseconds restore_time{0};  // with at least one store being restored

  // When the first and the last record were processed; 0: none yet. Steady clock, and CPU time of the process.
  Nanoseconds first_wall{0};
  Nanoseconds last_wall{0};
  Nanoseconds first_cpu{0};
  Nanoseconds last_cpu{0};

  void add(Counter& counter, std::uint64_t count) { counter.fetch_add(count, std::memory_order_relaxed); }
};

}  // namespace levada
