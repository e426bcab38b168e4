// An application that replays a topic on the embedded cluster: its instances are run by the test, round by round, each
// as fast as it likes, and the clock stands still in between.
//
//   Replay replay(topology, {.partitions = 4, .settings = {{"levada.upstream.time.enabled", "true"}}});
//   replay.send(event);
//   Replay::Instance& fast = replay.add("a", 50);
//   replay.add("b", 1);
//   replay.run_to_the_end();
//   EXPECT_EQ(replay.dropped(), 0);
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <levada/levada.h>
#include <levada/runtime/app_setup.h>
#include <levada/runtime/stream_thread.h>

#include "tests/support/faulty_cluster.h"
#include "tests/support/log_lines.h"
#include "tests/support/temporary_directory.h"

namespace levada::testing {

struct ReplayOptions {
  Partition partitions = 4;  // of "in"
  std::size_t records_per_round = 50;
  std::map<std::string, std::string> settings = {};
};

// A record as a reader of committed records sees it.
struct ReplayedRecord {
  Partition partition = 0;
  NullableBytes key = std::nullopt;
  NullableBytes value = std::nullopt;
  Timestamp timestamp = kNoTimestamp;
  Headers headers = {};
};

class Replay {
 public:
  // Reads "in"; writes to "out", which has one partition.
  Replay(Topology topology, ReplayOptions options);

  class Instance {
   public:
    // It does so many rounds where the slowest does one.
    Instance(Replay& replay, std::string name, int speed);

    void start();
    // As by SIGKILL.
    void kill();
    void stop();
    // Its state directory, while it does not run.
    void forget_disk() { directory_.emplace(); }
    void set_speed(int speed) { speed_ = speed; }
    void run();
    std::uint64_t dropped() const { return dropped_before_ + (thread_ ? thread_->dropped().total() : 0); }
    std::size_t tasks() const { return thread_->metrics().tasks; }
    std::uint64_t processed() const { return thread_->metrics().processed; }

   private:
    void end();

    Replay& replay_;
    std::string name_;
    int speed_;
    std::optional<TemporaryDirectory> directory_{std::in_place};
    std::vector<std::unique_ptr<FaultyCluster>> clusters_ = {};
    std::unique_ptr<StreamThread> thread_ = nullptr;
    std::uint64_t dropped_before_ = 0;
  };

  Instance& add(const std::string& name, int speed);
  // Of instances that start from now on.
  void set(const std::string& key, const std::string& value) { options_.settings[key] = value; }

  void send(Partition partition, const std::string& key, const std::string& value, Timestamp time);
  void run(int rounds);
  // All that was sent, and all that it caused, is processed and committed; and some rounds more.
  void run_to_the_end();

  std::uint64_t dropped() const;
  std::vector<ReplayedRecord> read(const std::string& topic);

 private:
  bool at_the_end();

  ManualClock clock_{Timestamp(std::chrono::seconds(1'000'000'000))};
  EmbeddedCluster broker_{clock_};
  LogLines log_ = {};
  const Logger logger_{log_, LogLevel::kInfo};
  MemoryBudget budget_{64 << 20};
  std::unique_ptr<Admin> admin_ = broker_.admin({}).value();
  std::unique_ptr<Producer> producer_ = broker_.producer({}).value();
  const Topology topology_;
  ReplayOptions options_;
  std::optional<ApplicationPlan> plan_ = std::nullopt;
  std::vector<std::unique_ptr<Instance>> instances_ = {};

  StreamsConfig config(const std::string& instance) const;
};

}  // namespace levada::testing
