// When each of many records was sent and when its result came back.
//
//   Flights flights(20'000 * 40);
//   flights.sent(i);                          // one thread
//   flights.came_back(i);                     // another one
//   flights.latencies(20'000 * 10);          // leaves out those sent while everything warmed up
//
// Times are of the steady clock of this process, so sending and receiving happen here.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace bench {

struct Latencies {
  std::size_t records = 0;
  double p50_ms = 0;
  double p90_ms = 0;
  double p99_ms = 0;
  double p999_ms = 0;
  double max_ms = 0;
};

class Flights {
 public:
  explicit Flights(std::size_t count) : sent_(new std::atomic<std::int64_t>[count]), latency_(count, kMissing) {}

  void sent(std::size_t index) { sent_[index].store(now(), std::memory_order_release); }
  // False if it has come back before.
  bool came_back(std::size_t index) {
    if (latency_[index] != kMissing) return false;
    latency_[index] = now() - sent_[index].load(std::memory_order_acquire);
    ++back_;
    return true;
  }
  std::size_t back() const { return back_; }
  std::size_t size() const { return latency_.size(); }

  // Of the records from this index on, when all have come back.
  Latencies latencies(std::size_t from) const;

 private:
  static constexpr std::int64_t kMissing = -1;
  static std::int64_t now() { return std::chrono::steady_clock::now().time_since_epoch().count(); }

  std::unique_ptr<std::atomic<std::int64_t>[]> sent_;
  std::vector<std::int64_t> latency_;  // in nanoseconds
  std::size_t back_ = 0;
};

}  // namespace bench
