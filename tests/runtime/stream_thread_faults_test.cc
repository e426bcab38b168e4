// What becomes of a thread and its tasks when brokers do not answer, disks are full, and files are damaged. The thread
// is run by the test, round by round, and the clock stands still in between.
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <levada/levada.h>
#include <levada/runtime/app_setup.h>
#include <levada/runtime/stream_thread.h>
#include <levada/state/store_error.h>

#include "tests/support/faulty_cluster.h"
#include "tests/support/full_disk.h"
#include "tests/support/log_lines.h"

namespace levada {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using testing::FaultyCluster;
using testing::FullDisk;
using ::testing::HasSubstr;
using testing::LogLines;
using testing::Request;

constexpr int kKeys = 400;
constexpr Duration kRound = 10ms;  // how far the clock moves with each

// A task as of "read what is damaged", as often as the test says.
class Damaged final : public Processor<std::string, std::string, std::string, std::string> {
 public:
  Damaged(Context&, int* times) : times_(times) {}
  void process(const Record& record) override {
    if (*times_ > 0) {
      --*times_;
      throw StoreError(absl::DataLossError("state directory: damaged"));
    }
    emit(record);
  }

 private:
  int* times_;
};

struct CountOptions {
  bool logging = true;
  std::string padding = {};  // makes each value larger
};

// Values are a number, and the padding.
Topology counts(const CountOptions& options = {}) {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("in")
      .group_by_key()
      .aggregate(std::string("0"),
                 [padding = options.padding](const std::string& so_far, const std::string&) {
                   return std::to_string(std::stoi(so_far) + 1) + " " + padding;
                 },
                 {.store = "counts", .logging = options.logging})
      .to_stream()
      .to("out");
  return builder.build().value();
}

Topology damaged_while_processing(int* times) {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("in").process<Damaged>(times).to("out");
  return builder.build().value();
}

class StreamThreadFaults : public ::testing::Test {
 protected:
  StreamThreadFaults() {
    directory_ =
        std::filesystem::temp_directory_path() / ("levada-thread-" + std::to_string(::getpid()) + "-" +
                                                  ::testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(directory_);
    EXPECT_TRUE(admin_->create_topics({{.name = "in", .partitions = 2}, {.name = "out", .partitions = 2}}, 1s).ok());
  }
  ~StreamThreadFaults() override {
    thread_.reset();
    std::filesystem::remove_all(directory_);
  }

  void start(Topology topology, const std::map<std::string, std::string>& more = {}) {
    thread_.reset();
    topology_ = std::move(topology);
    StreamsConfig config;
    config.set("application.id", "app");
    config.set("bootstrap.servers", "embedded");
    config.set("commit.interval.ms", "100");
    config.set("state.dir", directory_.string());
    for (const auto& [key, value] : more) config.set(key, value);
    plan_ = internal::prepare_topics(topology_, config, *admin_, {}, logger_).value();
    thread_ = StreamThread::create(internal::thread_settings(config, *budget_, 1), {.plan = *plan_,
                                                                                    .cluster = cluster_,
                                                                                    .budget = *budget_,
                                                                                    .clock = clock_,
                                                                                    .log = logger_,
                                                                                    .restore_listener = listener_})
                  .value();
    ASSERT_TRUE(thread_->join().ok());
  }

  // One record of each key, `kKeys` in each partition.
  void send(int times = 1) {
    const TopicHandle in = producer_->topic("in", 1s).value();
    for (int i = 0; i < times * 2 * kKeys; ++i) {
      const std::string key = "k" + std::to_string(i % (2 * kKeys));
      ASSERT_TRUE(
          producer_->send({.topic = in, .partition = i % 2, .key = key, .value = "v", .timestamp = clock_.now()}).ok());
    }
    sent_ += times * 2 * kKeys;
  }

  absl::Status round() {
    clock_.advance(kRound);
    return thread_->run_once();
  }
  // The first error, or a failure of the test when it does not come.
  absl::Status run_until_error(Duration step = kRound) {
    for (int i = 0; i < 10'000; ++i) {
      clock_.advance(step);
      if (absl::Status status = thread_->run_once(); !status.ok()) return status;
    }
    ADD_FAILURE() << "no error\n" << log_.text();
    return absl::OkStatus();
  }
  void run_rounds(int rounds) {
    for (int i = 0; i < rounds; ++i) {
      const absl::Status status = round();
      ASSERT_TRUE(status.ok()) << status;
    }
  }
  void run_until(const std::function<bool()>& condition) {
    for (int i = 0; i < 10'000; ++i) {
      if (condition()) return;
      const absl::Status status = round();
      ASSERT_TRUE(status.ok()) << status;
    }
    FAIL() << "waited in vain; total " << total() << " of " << sent_ << "\n" << log_.text();
  }
  void run_until_counted() {
    run_until([this] { return total() == sent_ && committed(0) + committed(1) == sent_; });
  }
  void stop() {
    const absl::Status left = thread_->leave();
    EXPECT_TRUE(left.ok()) << left;
    thread_.reset();
  }

  Offset committed(Partition partition) {
    return std::max<Offset>(0, admin_->committed("app", {{"in", partition}}, 1s)->front().offset);
  }
  // What the last counts in "out" sum up to; only of keys of this partition of "in", if one is given.
  int total(std::optional<Partition> only = std::nullopt) {
    struct Reader final : RecordHandler {
      void on_record(std::size_t, const LogRecord& record) override {
        latest[std::string(*record.key)] = std::stoi(std::string(*record.value));
      }
      void on_end_of_partition(std::size_t, Offset) override { ++ended; }
      std::map<std::string, int> latest = {};
      int ended = 0;
    } reader;
    auto consumer = broker_.consumer({}).value();
    EXPECT_TRUE(consumer->assign({{{"out", 0}, 0, 0}, {{"out", 1}, 0, 1}}).ok());
    while (reader.ended < 2) EXPECT_TRUE(consumer->poll(0ms, 1000, reader).ok());
    int sum = 0;
    for (const auto& [key, count] : reader.latest) {
      if (!only || std::stoi(key.substr(1)) % 2 == *only) sum += count;
    }
    return sum;
  }

  std::filesystem::path directory_of(const TaskId& id) const { return directory_ / "app" / id.to_string(); }

  std::unique_ptr<TaskState> open_state(const TaskId& id) {
    return TaskState::open({.directory = directory_of(id),
                            .stores = plan_->task(id).stores,
                            .budget = *budget_,
                            .current = no_record_})
        .value();
  }
  // So that what the store holds is read from a file, and what is read is wrong.
  void damage(const TaskId& id) {
    ASSERT_TRUE(open_state(id)->flush().ok());
    std::filesystem::path largest;
    for (const auto& file : std::filesystem::directory_iterator(directory_of(id))) {
      if (file.path().extension() != ".sst") continue;
      if (largest.empty() || file.file_size() > std::filesystem::file_size(largest)) largest = file.path();
    }
    ASSERT_FALSE(largest.empty());
    std::fstream file(largest, std::ios::in | std::ios::out | std::ios::binary);
    file << std::string(std::filesystem::file_size(largest) / 2, '\x55');
  }

  void fail(const std::string& what, const std::string& about, absl::StatusCode code = absl::StatusCode::kUnavailable) {
    cluster_.set_fault([=](const Request& request) {
      if (request.what != what || request.about != about) return absl::OkStatus();
      return absl::Status(code, what + " of " + about + ": nobody answers");
    });
  }

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
  std::filesystem::path directory_ = {};
  Topology topology_ = {};
  std::optional<ApplicationPlan> plan_ = std::nullopt;
  std::unique_ptr<StreamThread> thread_ = nullptr;
  int sent_ = 0;
};

constexpr const char* kTriesAgain = "warn: does not succeed yet and is tried again";
constexpr const char* kRestores = "warn: state is damaged and will be restored";

TEST_F(StreamThreadFaults, ATaskWithoutAnswerWaitsAndTheOthersRun) {
  send();
  fail("committed", "in-0");
  start(counts());
  run_until([this] { return total(1) == kKeys; });
  run_rounds(500);
  EXPECT_EQ(total(0), 0);
  EXPECT_EQ(log_.count(kTriesAgain), 1) << log_.text();
  EXPECT_EQ(log_.count("what=task 0_0"), 1);
  cluster_.clear_fault();
  run_until_counted();
  EXPECT_EQ(log_.count("info: has succeeded what=task 0_0"), 1);
}

TEST_F(StreamThreadFaults, AChangelogWithoutAnswerIsWaitedFor) {
  send();
  fail("offsets", "app-counts-changelog-1", absl::StatusCode::kDeadlineExceeded);
  start(counts());
  run_until([this] { return total(0) == kKeys; });
  EXPECT_EQ(total(1), 0);
  cluster_.clear_fault();
  run_until_counted();
}

TEST_F(StreamThreadFaults, AnOutputTopicWithoutAnswerIsWaitedFor) {
  send();
  fail("topic", "out");
  start(counts());
  run_until([this] { return log_.count(kTriesAgain) == 2; });
  cluster_.clear_fault();
  run_until_counted();
}

TEST_F(StreamThreadFaults, ATaskWithoutAnswerForTheTaskTimeoutIsAnError) {
  fail("committed", "in-1");
  start(counts(), {{"task.timeout.ms", "20000"}});
  run_rounds(1900);
  const absl::Status error = run_until_error(1s);
  EXPECT_TRUE(absl::IsDeadlineExceeded(error)) << error;
  EXPECT_THAT(std::string(error.message()), AllOf(HasSubstr("task 0_1"), HasSubstr("committed of in-1: nobody answers"),
                                                  HasSubstr("20s"), HasSubstr("task.timeout.ms=20000")));
}

TEST_F(StreamThreadFaults, WhatIsNotGoingToPassIsAnErrorAtOnce) {
  fail("committed", "in-1", absl::StatusCode::kPermissionDenied);
  start(counts());
  EXPECT_TRUE(absl::IsPermissionDenied(run_until_error()));
}

TEST_F(StreamThreadFaults, ACommitWithoutAnswerIsRepeatedAndNothingIsProcessedMeanwhile) {
  start(counts());
  send();
  run_until_counted();
  cluster_.set_fault([](const Request& request) {
    return request.what == "flush" ? absl::DeadlineExceededError("flush with 3 records to go") : absl::OkStatus();
  });
  send();
  run_until([this] { return log_.count(kTriesAgain) == 1; });
  const auto processed = thread_->metrics().processed.load();
  send();
  run_rounds(1000);
  EXPECT_EQ(thread_->metrics().processed, processed);
  EXPECT_EQ(committed(0) + committed(1), 2 * kKeys);
  EXPECT_EQ(log_.count("warn"), 1) << log_.text();
  cluster_.clear_fault();
  run_until_counted();
}

TEST_F(StreamThreadFaults, ACommitWithoutAnswerForTheTaskTimeoutIsAnError) {
  start(counts(), {{"task.timeout.ms", "5000"}});
  send();
  run_until_counted();
  fail("commit", "in-0");
  send();
  const absl::Status error = run_until_error();
  EXPECT_THAT(std::string(error.message()), AllOf(HasSubstr("commit: without success for 5s"), HasSubstr("in-0")));
}

TEST_F(StreamThreadFaults, WhatWasGivenUpIsDoneAgain) {
  start(counts());
  send();
  cluster_.set_fault([done = false](const Request& request) mutable {
    if (request.what != "flush" || std::exchange(done, true)) return absl::OkStatus();
    return absl::AbortedError("delivery to out-0: given up");
  });
  run_until([this] { return committed(0) + committed(1) == sent_; });
  EXPECT_GE(total(), sent_);
  EXPECT_EQ(log_.count("warn: what was not committed is done again"), 1) << log_.text();
}

TEST_F(StreamThreadFaults, ADeliveryThatIsGivenUpAgainAndAgainIsAnErrorAndNotCommitted) {
  start(counts(), {{"task.timeout.ms", "5000"}});
  send();
  cluster_.set_fault([](const Request& request) {
    return request.what == "flush" ? absl::AbortedError("delivery to out-0: given up") : absl::OkStatus();
  });
  const absl::Status error = run_until_error();
  EXPECT_THAT(std::string(error.message()), HasSubstr("delivery to out-0"));
  EXPECT_EQ(committed(0) + committed(1), 0);
}

TEST_F(StreamThreadFaults, AGroupThatHasMovedOnIsNoError) {
  start(counts());
  send();
  run_until_counted();
  fail("commit", "in-0", absl::StatusCode::kFailedPrecondition);
  send();
  run_until([this] { return log_.count("the group has moved on") == 1; });
  cluster_.clear_fault();
  run_rounds(100);
}

TEST_F(StreamThreadFaults, ADamagedTaskIsRestoredWhileTheOthersCommit) {
  start(counts());
  send();
  run_until_counted();
  stop();
  damage({0, 1});
  start(counts());
  send();
  run_until_counted();
  EXPECT_EQ(log_.count(kRestores), 1) << log_.text();
  EXPECT_EQ(log_.count("task=0_1 reason=task 0_1, in-1 offset"), 1) << log_.text();
  EXPECT_EQ(thread_->metrics().restored, kKeys);
  EXPECT_EQ(thread_->state(), ThreadState::kRunning);
}

TEST_F(StreamThreadFaults, DamageThatACommitMeetsIsRepairedAndTheOthersCommit) {
  budget_ = &small_budget_;  // so that commits write files
  start(counts({.padding = std::string(2000, 'x')}));
  send();
  run_until_counted();
  std::filesystem::remove_all(directory_of({0, 0}));
  send();
  run_until_counted();
  run_until([this] { return log_.count(kRestores) == 1; });
  send();
  run_until_counted();
  EXPECT_TRUE(std::filesystem::exists(directory_of({0, 0})));
}

TEST_F(StreamThreadFaults, ADamagedStoreWithoutAChangelogIsAnError) {
  start(counts({.logging = false}));
  send();
  run_until_counted();
  stop();
  damage({0, 0});
  start(counts({.logging = false}));
  send();
  const absl::Status error = run_until_error();
  EXPECT_TRUE(absl::IsDataLoss(error)) << error;
  EXPECT_THAT(std::string(error.message()),
              AllOf(HasSubstr("task 0_0"), HasSubstr("store counts cannot be restored, because it has no changelog"),
                    HasSubstr(directory_of({0, 0}).string())));
  EXPECT_TRUE(std::filesystem::exists(directory_of({0, 0})));
}

TEST_F(StreamThreadFaults, AStoreWithoutAChangelogThatCannotBeOpenedIsAnError) {
  start(counts({.logging = false}));
  send();
  run_until_counted();
  stop();
  std::filesystem::resize_file(directory_of({0, 0}) / "CURRENT", 0);
  start(counts({.logging = false}));
  EXPECT_THAT(std::string(run_until_error().message()), HasSubstr("store counts cannot be restored"));
}

TEST_F(StreamThreadFaults, ATaskIsRestoredEachTimeItIsDamagedAfterACommit) {
  int damages = 1;
  start(damaged_while_processing(&damages));
  const auto send_one = [this] {
    const TopicHandle in = producer_->topic("in", 1s).value();
    ASSERT_TRUE(producer_->send({.topic = in, .partition = 0, .key = "k0", .value = "1"}).ok());
  };
  for (int time = 1; time <= 3; ++time) {
    damages = 1;
    send_one();
    run_until([&] { return committed(0) == time; });
    EXPECT_EQ(log_.count(kRestores), time);
  }
}

TEST_F(StreamThreadFaults, ATaskThatIsDamagedAgainBeforeItCommitsIsAnError) {
  int damages = 100;
  start(damaged_while_processing(&damages));
  send();
  const absl::Status error = run_until_error();
  EXPECT_TRUE(absl::IsDataLoss(error)) << error;
  EXPECT_THAT(std::string(error.message()), HasSubstr("damaged again, before the first commit"));
  EXPECT_GE(damages, 97);
}

TEST_F(StreamThreadFaults, ARecordThatCannotBeReadIsNoDamage) {
  StreamsBuilder builder;
  builder.stream<std::string, std::int64_t>("in").to("out");
  start(builder.build().value());
  send();
  EXPECT_THAT(std::string(run_until_error().message()), HasSubstr("in-"));
  EXPECT_EQ(log_.count(kRestores), 0);
}

// Takes the directory of a task away as soon as its restore begins.
class TakingAway final : public RestoreListener {
 public:
  explicit TakingAway(std::filesystem::path directory) : directory_(std::move(directory)) {}
  void on_restore_start(const TopicPartition&, const std::string&, Offset, Offset) override {
    ++started;
    if (started == 1) std::filesystem::remove_all(directory_);
  }
  void on_batch_restored(const TopicPartition&, const std::string&, Offset, std::uint64_t) override {}
  void on_restore_end(const TopicPartition&, const std::string&, std::uint64_t) override {}
  void on_restore_suspended(const TopicPartition&, const std::string&, std::uint64_t) override {}

  int started = 0;

 private:
  const std::filesystem::path directory_;
};

TEST_F(StreamThreadFaults, DamageThatARestoreMeetsIsRepaired) {
  const CountOptions large{.padding = std::string(2000, 'x')};
  start(counts(large));
  send();
  run_until_counted();
  stop();
  std::filesystem::remove_all(directory_);
  TakingAway listener(directory_of({0, 0}));
  listener_ = &listener;
  budget_ = &small_budget_;  // so that the restore writes files
  start(counts(large));
  send();
  run_until_counted();
  EXPECT_EQ(listener.started, 3);
  EXPECT_EQ(log_.count(kRestores), 1) << log_.text();
}

TEST_F(StreamThreadFaults, AFullDiskIsWaitedForAndNothingIsLost) {
  const CountOptions large{.padding = std::string(2000, 'x')};
  start(counts(large), {{"task.timeout.ms", "5000"}});
  run_until([this] { return thread_->state() == ThreadState::kRunning; });
  {
    const FullDisk full(64 << 10);
    send();
    run_until([this] { return log_.count(kTriesAgain) == 1; });
    const auto processed = thread_->metrics().processed.load();
    send();
    run_rounds(2000);  // longer than the task timeout
    EXPECT_EQ(thread_->metrics().processed, processed);
    EXPECT_EQ(log_.count("the disk is full"), 1) << log_.text();
  }
  run_until_counted();
  stop();
  start(counts(large));
  send();
  run_until_counted();
  EXPECT_EQ(thread_->metrics().restored, 0U);
  EXPECT_EQ(log_.count(kRestores), 0) << log_.text();
}

TEST_F(StreamThreadFaults, ADiskThatIsFullDuringARestoreIsWaitedFor) {
  const CountOptions large{.padding = std::string(2000, 'x')};
  start(counts(large));
  send();
  run_until_counted();
  stop();
  std::filesystem::remove_all(directory_);
  start(counts(large));
  {
    const FullDisk full(64 << 10);
    run_until([this] { return log_.count(kTriesAgain) >= 1; });
    run_rounds(500);
    EXPECT_LE(log_.count(kTriesAgain), 2) << log_.text();
  }
  send();
  run_until_counted();
  EXPECT_EQ(thread_->metrics().restored, 2 * kKeys);
}

TEST_F(StreamThreadFaults, AllTasksAreOpenedInOneRound) {
  start(counts());
  for (int i = 0; i < 100 && !std::filesystem::exists(directory_of({0, 0})); ++i) ASSERT_TRUE(round().ok());
  EXPECT_TRUE(std::filesystem::exists(directory_of({0, 1})));
}

TEST_F(StreamThreadFaults, ALockedDirectoryIsWaitedForAndTheOthersRun) {
  start(counts());
  send();
  run_until_counted();
  stop();
  std::unique_ptr<TaskState> other = open_state({0, 0});
  start(counts());
  send();
  run_until([this] { return committed(1) == 2 * kKeys; });
  EXPECT_EQ(committed(0), kKeys);
  EXPECT_EQ(log_.count("in use by another process"), 1) << log_.text();
  other.reset();
  run_until_counted();
}

TEST_F(StreamThreadFaults, ADirectoryThatStaysLockedIsAnError) {
  start(counts());
  std::unique_ptr<TaskState> other = open_state({0, 0});
  const absl::Status error = run_until_error(1s);
  EXPECT_THAT(std::string(error.message()), AllOf(HasSubstr("task 0_0"), HasSubstr(directory_of({0, 0}).string()),
                                                  HasSubstr("in use by another process"), HasSubstr("5min")));
}

}  // namespace
}  // namespace levada
