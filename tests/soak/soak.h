// Instances of the main job under a steady load, while they are killed, leave and come back, and their broker is
// killed: at random moments, in a random order. At the end the results must be those of the events.
//
//   Soak soak({.kills = 200, .guarantee = "exactly_once_v2"});
//   soak.run();
//
// What does not hold is a failure of the running test.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "tests/soak/memory_log.h"
#include "tests/support/child_program.h"
#include "tests/support/kafka_broker.h"
#include "tests/support/order_job.h"

namespace levada::testing {

struct SoakOptions {
  int instances = 2;
  bool static_members = false;  // every other one
  int kills = 4;                // of instances, by SIGKILL
  int leaves = 1;               // of instances that come back, by SIGTERM
  int broker_kills = 1;
  double gap = 1.0;     // seconds of input from one fault to the next, on average
  double rate = 5'000;  // events a second
  std::string guarantee = "exactly_once_v2";
  std::filesystem::path memory = {};  // where to write down what the instances take; empty: nowhere
  std::uint64_t seed = 0;
};

class Soak {
 public:
  explicit Soak(SoakOptions options);
  void run();

 private:
  enum class Fault { kKill, kLeave, kBrokerKill };

  std::vector<Fault> faults();
  void produce();
  void keep_producing();
  void start(std::size_t number);
  void wait_for_a_random_moment();
  void happen(Fault fault);
  void finish();
  std::vector<std::string> guarantee() const;

  const SoakOptions options_;
  std::mt19937_64 random_;
  KafkaBroker broker_ = KafkaBroker();
  OrderJob job_{broker_.bootstrap()};
  MemoryLog memory_;
  std::unique_ptr<ChildProgram> producer_ = nullptr;
  std::vector<std::unique_ptr<ChildProgram>> instances_ = {};
  Offset awaited_ = 0;  // records of the input
};

}  // namespace levada::testing
