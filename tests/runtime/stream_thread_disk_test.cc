// What becomes of a thread and its tasks when disks are full, and files are damaged or in use.
#include <filesystem>
#include <utility>

#include <levada/state/store_error.h>

#include "tests/runtime/thread_with_faults.h"
#include "tests/support/full_disk.h"

namespace levada::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

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

Topology damaged_while_processing(int* times) {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("in").process<Damaged>(times).to("out");
  return builder.build().value();
}

class StreamThreadDisk : public ThreadWithFaults {};

TEST_F(StreamThreadDisk, ADamagedTaskIsRestoredWhileTheOthersCommit) {
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

TEST_F(StreamThreadDisk, DamageThatACommitMeetsIsRepairedAndTheOthersCommit) {
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

TEST_F(StreamThreadDisk, ADamagedStoreWithoutAChangelogIsAnError) {
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

TEST_F(StreamThreadDisk, AStoreWithoutAChangelogThatCannotBeOpenedIsAnError) {
  start(counts({.logging = false}));
  send();
  run_until_counted();
  stop();
  std::filesystem::resize_file(directory_of({0, 0}) / "CURRENT", 0);
  start(counts({.logging = false}));
  EXPECT_THAT(std::string(run_until_error().message()), HasSubstr("store counts cannot be restored"));
}

TEST_F(StreamThreadDisk, ATaskIsRestoredEachTimeItIsDamagedAfterACommit) {
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

TEST_F(StreamThreadDisk, ATaskThatIsDamagedAgainBeforeItCommitsIsAnError) {
  int damages = 100;
  start(damaged_while_processing(&damages));
  send();
  const absl::Status error = run_until_error();
  EXPECT_TRUE(absl::IsDataLoss(error)) << error;
  EXPECT_THAT(std::string(error.message()), HasSubstr("damaged again, before the first commit"));
  EXPECT_GE(damages, 97);
}

TEST_F(StreamThreadDisk, ARecordThatCannotBeReadIsNoDamage) {
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

TEST_F(StreamThreadDisk, DamageThatARestoreMeetsIsRepaired) {
  const CountOptions large{.padding = std::string(2000, 'x')};
  start(counts(large));
  send();
  run_until_counted();
  stop();
  std::filesystem::remove_all(directory_.path());
  TakingAway listener(directory_of({0, 0}));
  listener_ = &listener;
  budget_ = &small_budget_;  // so that the restore writes files
  start(counts(large));
  send();
  run_until_counted();
  EXPECT_EQ(listener.started, 3);
  EXPECT_EQ(log_.count(kRestores), 1) << log_.text();
}

TEST_F(StreamThreadDisk, AFullDiskIsWaitedForAndNothingIsLost) {
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

TEST_F(StreamThreadDisk, ADiskThatIsFullDuringARestoreIsWaitedFor) {
  const CountOptions large{.padding = std::string(2000, 'x')};
  start(counts(large));
  send();
  run_until_counted();
  stop();
  std::filesystem::remove_all(directory_.path());
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

TEST_F(StreamThreadDisk, AllTasksAreOpenedInOneRound) {
  start(counts());
  for (int i = 0; i < 100 && !std::filesystem::exists(directory_of({0, 0})); ++i) ASSERT_TRUE(round().ok());
  EXPECT_TRUE(std::filesystem::exists(directory_of({0, 1})));
}

TEST_F(StreamThreadDisk, ALockedDirectoryIsWaitedForAndTheOthersRun) {
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

TEST_F(StreamThreadDisk, ADirectoryThatStaysLockedIsAnError) {
  start(counts());
  std::unique_ptr<TaskState> other = open_state({0, 0});
  const absl::Status error = run_until_error(1s);
  EXPECT_THAT(std::string(error.message()), AllOf(HasSubstr("task 0_0"), HasSubstr(directory_of({0, 0}).string()),
                                                  HasSubstr("in use by another process"), HasSubstr("5min")));
}

}  // namespace
}  // namespace levada::testing
