// A thread that counts, run by the test, round by round: the clock stands still in between. What its brokers answer,
// and what becomes of its files, is the test's to say.
//
//   class StreamThreadDamage : public ThreadWithFaults {};
//   TEST_F(StreamThreadDamage, …) { start(counts()); send(); run_until_counted(); stop(); damage({0, 1}); … }
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/levada.h>
#include <levada/runtime/stream_thread.h>

#include "tests/support/faulty_cluster.h"
#include "tests/support/log_lines.h"
#include "tests/support/temporary_directory.h"

namespace levada::testing {

using namespace std::chrono_literals;

class ThreadWithFaults : public ::testing::Test {
 protected:
  static constexpr int kKeys = 400;         // of each partition
  static constexpr Duration kRound = 10ms;  // how far the clock moves with each
  static constexpr const char* kTriesAgain = "warn: does not succeed yet and is tried again";
  static constexpr const char* kRestores = "warn: state is damaged and will be restored";

  struct CountOptions {
    bool logging = true;
    std::string padding = {};  // makes each value larger
  };
  // From "in" to "out"; values are a number, and the padding.
  static Topology counts(const CountOptions& options);
  static Topology counts();

  ThreadWithFaults();

  void start(Topology topology, const std::map<std::string, std::string>& more = {});
  void stop();

  // One record of each key, `kKeys` in each partition.
  void send(int times = 1);

  absl::Status round();
  // The first error, or a failure of the test when it does not come.
  absl::Status run_until_error(Duration step = kRound);
  void run_rounds(int rounds);
  void run_until(const std::function<bool()>& condition);
  void run_until_counted();

  Offset committed(Partition partition);
  // What the last counts in "out" sum up to; only of keys of this partition of "in", if one is given.
  int total(std::optional<Partition> only = std::nullopt);

  std::filesystem::path directory_of(const TaskId& id) const { return directory_ / "app" / id.to_string(); }
  std::unique_ptr<TaskState> open_state(const TaskId& id);
  // So that what the store holds is read from a file, and what is read is wrong.
  void damage(const TaskId& id);

  void fail(const std::string& what, const std::string& about, absl::StatusCode code = absl::StatusCode::kUnavailable);

  ManualClock clock_{Timestamp(1'000'000s)};
  EmbeddedCluster broker_{clock_};
  FaultyCluster cluster_{broker_};
  LogLines log_ = {};
  const Logger logger_{log_, LogLevel::kInfo};
  MemoryBudget large_budget_{64 << 20};
  MemoryBudget small_budget_{2 << 20};
  MemoryBudget* budget_ = &large_budget_;
  RestoreListener* listener_ = nullptr;
  const RecordContext no_record_ = {};
  std::unique_ptr<Admin> admin_ = broker_.admin({}).value();
  std::unique_ptr<Producer> producer_ = broker_.producer({}).value();
  TemporaryDirectory directory_;
  Topology topology_ = {};
  std::optional<ApplicationPlan> plan_ = std::nullopt;
  std::unique_ptr<StreamThread> thread_ = nullptr;
  int sent_ = 0;
};

}  // namespace levada::testing
