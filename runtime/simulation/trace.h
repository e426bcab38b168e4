// What has happened in a simulation: its last steps to read, and a fingerprint of all of them.
//
//   trace.step("instance-1", "crashes");                 // read, and part of the fingerprint
//   trace.request("instance-1", "commit", "orders-0");   // part of the fingerprint only
//   trace.remark("instance-1", "restoring …");           // read only: it may name what differs from run to run
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include <levada/core/log.h>
#include <levada/core/time.h>

namespace levada::internal {

class SimulationTrace {
 public:
  explicit SimulationTrace(const ManualClock& clock) : clock_(clock), start_(clock.steady_now()) {}

  void step(std::string_view who, std::string_view what);
  void request(std::string_view who, std::string_view what, std::string_view about);
  void remark(std::string_view who, std::string_view what);

  std::uint64_t fingerprint() const { return fingerprint_; }
  // One line each, with the time since the beginning.
  std::string last_steps() const;

 private:
  void add_to_fingerprint(std::string_view text);

  const ManualClock& clock_;
  const std::chrono::steady_clock::time_point start_;
  std::uint64_t fingerprint_ = 0xcbf29ce484222325;  // FNV-1a
  std::deque<std::string> lines_ = {};
};

// The log of one instance as remarks.
class SimulationLog final : public LogSink {
 public:
  SimulationLog(SimulationTrace& trace, std::string who) : trace_(trace), who_(std::move(who)) {}
  void write(const LogEvent& event) override;

 private:
  SimulationTrace& trace_;
  const std::string who_;
};

}  // namespace levada::internal
