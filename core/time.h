// Time as Kafka counts it, and the clock that everything is given instead of reading one by itself.
//
//   Timestamp now = clock.now();                        // wall clock, for timestamps and punctuators
//   ManualClock clock(Timestamp(Duration(0)));          // in tests: stands still until told
//   clock.advance(std::chrono::minutes(5));
//
// A clock is owned by whoever composes the program and outlives everything it is given to. now() and steady_now() may
// be called from any thread.
#pragma once

#include <atomic>
#include <chrono>

namespace levada {

using Duration = std::chrono::milliseconds;
using Timestamp = std::chrono::sys_time<Duration>;  // milliseconds since the epoch, as Kafka counts

// What Kafka writes where there is no timestamp.
inline constexpr Timestamp kNoTimestamp{Duration(-1)};

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Timestamp now() const = 0;                                     // wall clock; may jump
  virtual std::chrono::steady_clock::time_point steady_now() const = 0;  // never goes back; for measuring
};

class SystemClock final : public Clock {
 public:
  Timestamp now() const override { return std::chrono::floor<Duration>(std::chrono::system_clock::now()); }
  std::chrono::steady_clock::time_point steady_now() const override { return std::chrono::steady_clock::now(); }
};

// A clock that moves only when told; steady time moves along with wall-clock time.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Timestamp start = Timestamp{}) : start_(start) {}

  void advance(Duration by) { elapsed_.fetch_add(by.count()); }

  Timestamp now() const override { return start_ + elapsed(); }
  std::chrono::steady_clock::time_point steady_now() const override {
    return std::chrono::steady_clock::time_point(elapsed());
  }

 private:
  Duration elapsed() const { return Duration(elapsed_.load()); }

  Timestamp start_;
  std::atomic<Duration::rep> elapsed_{0};
};

}  // namespace levada
