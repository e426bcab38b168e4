// A month of events over several partitions, replayed by two instances of a job that counts them by type and hour, with
// ten minutes of grace: the second one joins when the first has done a tenth.
//
//   MonthReplay replay({.events = 3'000'000});
//   replay.send();
//   const ReplayResult result = replay.run();            // dropped records, and hours whose counts are not right
//
// The truth is counted while events are made: live, none of them would be late.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include <levada/levada.h>

#include "tests/support/temporary_directory.h"

namespace levada::testing {

struct MonthReplayOptions {
  std::int64_t events = 3'000'000;
  Partition partitions = 8;
  std::int64_t grace_minutes = 10;
  std::string bootstrap_servers = "embedded";
  std::string guarantee = "at_least_once";
  std::string topic = "replay-events";
  std::string application = "replay";
  bool upstream_time = true;
};

struct ReplayResult {
  std::uint64_t dropped = 0;
  std::size_t hours = 0;
  std::size_t wrong_hours = 0;
  double seconds = 0;
  double cpu_seconds = 0;  // of both instances
};

class MonthReplay {
 public:
  explicit MonthReplay(MonthReplayOptions options);

  // Makes the topics and fills the input.
  void send();
  ReplayResult run();

 private:
  using Counts = std::map<std::string, std::int64_t>;

  std::string output() const { return options_.application + "-hours"; }
  Topology topology() const;
  StreamsApp start(const std::string& instance);
  void count_events();
  Counts read_output();

  const MonthReplayOptions options_;
  const SystemClock clock_{};
  const TemporaryDirectory directory_{};
  std::unique_ptr<Cluster> cluster_;
  std::unique_ptr<Admin> admin_;
  Counts truth_ = {};
};

}  // namespace levada::testing
