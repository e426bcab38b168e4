#include <algorithm>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/dsl/streams_builder.h>
#include <levada/runtime/embedded_cluster.h>
#include <levada/runtime/processor_loop.h>
#include <levada/runtime/producer_collector.h>
#include <levada/state/memory_budget.h>

namespace levada {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// Two tasks in memory that note the keys they process.
class ProcessorLoopTest : public ::testing::Test {
 protected:
  ProcessorLoopTest() {
    StreamsBuilder builder;
    builder.stream<std::string, std::string>("in").for_each([this](const std::string& key, const std::string&) {
      if (key == "bad") throw std::runtime_error("as the test wants it");
      seen_.push_back(key);
    });
    topology_ = builder.build().value();
    for (Partition partition = 0; partition < 2; ++partition) tasks_.push_back(task(partition));
  }

  std::unique_ptr<Task> task(Partition partition, bool feeds_tasks = true) {
    TaskPlan plan{.id = {0, partition},
                  .topology = &topology_,
                  .inputs = {{{"in", partition}, "in"}},
                  .default_timestamp_extractor = DefaultTimestampExtractor::kLogAndSkip,
                  .feeds_tasks = feeds_tasks};
    for (NodeId id = 0; id < topology_.nodes.size(); ++id) plan.nodes.push_back(id);
    auto task = Task::open(plan, {application_id_, collector_, dropped_, clock_}, std::nullopt, budget_).value();
    EXPECT_TRUE(task->start().ok());
    task->input(0).start_at(0, kNoTimestamp);
    return task;
  }

  void push(std::size_t task, const std::string& key, int milliseconds, std::size_t bytes = 1) {
    PartitionInput& input = tasks_[task]->input(0);
    const std::string value(bytes, 'v');
    input.push({key, value, Timestamp(Duration(milliseconds)), input.fetch_position(), no_headers()});
  }

  // As it comes from the consumer.
  void take(std::size_t task, const std::string& key, int milliseconds) {
    PartitionInput& input = tasks_[task]->input(0);
    const Timestamp time = Timestamp(Duration(milliseconds));
    loop_.take(*tasks_[task], input, {key, "v", time, input.fetch_position(), no_headers()});
  }

  std::size_t process(std::size_t records = 1000) {
    return loop_.process({tasks_[0].get(), tasks_[1].get()}, records).value();
  }

  const std::string application_id_ = "app";
  const SystemClock clock_ = {};
  MemoryBudget budget_{64 << 20};
  EmbeddedCluster cluster_{clock_};
  std::unique_ptr<Producer> producer_ = cluster_.producer({}).value();
  ProducerCollector collector_{*producer_};
  DroppedRecords dropped_{Logger(), clock_};
  ThreadMetrics metrics_ = {};
  std::vector<std::string> seen_ = {};
  Topology topology_ = {};
  std::vector<std::unique_ptr<Task>> tasks_ = {};
  ProcessorLoop loop_{{.buffer_bytes = 100'000, .enough_bytes = 1000, .longest_wait = std::chrono::hours(1), .run = 2},
                      clock_,
                      metrics_};
};

TEST_F(ProcessorLoopTest, TakesTheOldestRecordOfAllTasks) {
  push(0, "a", 1);
  push(0, "c", 3);
  push(1, "b", 2);
  EXPECT_EQ(process(), 2u);
  EXPECT_THAT(seen_, ElementsAre("a", "b"));
}

TEST_F(ProcessorLoopTest, TakesTheOldestRecordOfManyTasks) {
  constexpr int kRecords = 100;  // of each task
  std::mt19937 random(5);
  for (std::size_t count = 3; count <= 9; ++count) {
    while (tasks_.size() < count) tasks_.push_back(task(static_cast<Partition>(tasks_.size())));
    std::vector<Task*> running;
    for (std::size_t i = 0; i < count; ++i) {
      for (int record = 0, time = 0; record < kRecords; ++record) {
        time += static_cast<int>(random() % 5);
        push(i, std::to_string(1000 + time), time);
      }
      tasks_[i]->input(0).reached_end(tasks_[i]->input(0).fetch_position());
      running.push_back(tasks_[i].get());
    }
    seen_.clear();
    while (loop_.process(running, 7).value() > 0) continue;
    EXPECT_THAT(seen_, SizeIs(count * kRecords));
    EXPECT_TRUE(std::ranges::is_sorted(seen_)) << count << " tasks";
  }
}

TEST_F(ProcessorLoopTest, TakesSomeRecordsAtOnceOfATaskThatFeedsNoOther) {
  for (Partition partition = 0; partition < 2; ++partition) tasks_[partition] = task(partition, false);
  for (const char* key : {"1", "4", "5", "6"}) push(0, key, key[0] - '0');
  for (const char* key : {"2", "3", "7", "8"}) push(1, key, key[0] - '0');
  for (const auto& task : tasks_) task->input(0).reached_end(4);

  EXPECT_EQ(process(3), 3u);
  EXPECT_THAT(seen_, ElementsAre("1", "4", "2"));
  while (process() > 0) continue;
  EXPECT_THAT(seen_, ElementsAre("1", "4", "2", "3", "7", "5", "6", "8"));
}

TEST_F(ProcessorLoopTest, KeepsTheOrderOfATaskThatFeedsOthersBesideOneThatFeedsNone) {
  tasks_[0] = task(0, false);
  for (const char* key : {"1", "3", "5"}) push(0, key, key[0] - '0');
  for (const char* key : {"2", "4", "6"}) push(1, key, key[0] - '0');
  for (const auto& task : tasks_) task->input(0).reached_end(3);

  while (process() > 0) continue;

  EXPECT_THAT(seen_, ElementsAre("1", "3", "2", "4", "5", "6"));
}

TEST_F(ProcessorLoopTest, ProcessesARecordAsItComesIfItsTaskFeedsNoOther) {
  tasks_[0] = task(0, false);
  take(0, "b", 2);
  take(0, "a", 1);
  EXPECT_THAT(seen_, ElementsAre("b", "a"));
  EXPECT_EQ(tasks_[0]->input(0).position(), 2);
  EXPECT_EQ(tasks_[0]->input(0).partition_time(), Timestamp(Duration(2)));
  EXPECT_EQ(tasks_[0]->buffered_bytes(), 0u);
  EXPECT_TRUE(tasks_[0]->needs_commit());
  EXPECT_TRUE(loop_.has_taken());
  EXPECT_EQ(process(), 2u);
  EXPECT_FALSE(loop_.has_taken());
  EXPECT_EQ(process(), 0u);
}

TEST_F(ProcessorLoopTest, QueuesARecordIfItsTaskFeedsOthers) {
  take(0, "b", 2);
  take(1, "a", 1);
  EXPECT_THAT(seen_, IsEmpty());
  EXPECT_EQ(process(), 1u);  // then the log may have an older one than "b"
  EXPECT_THAT(seen_, ElementsAre("a"));
}

TEST_F(ProcessorLoopTest, QueuesARecordBehindOneThatWaits) {
  tasks_[0] = task(0, false);
  push(0, "a", 1);
  take(0, "b", 2);
  EXPECT_THAT(seen_, IsEmpty());
  EXPECT_EQ(process(), 2u);
  EXPECT_THAT(seen_, ElementsAre("a", "b"));
  take(0, "c", 3);
  EXPECT_THAT(seen_, ElementsAre("a", "b", "c"));
}

TEST_F(ProcessorLoopTest, ARecordThatFailedAsItCameIsNotDoneAndOthersWait) {
  for (Partition partition = 0; partition < 2; ++partition) tasks_[partition] = task(partition, false);
  take(0, "a", 1);
  take(0, "bad", 2);
  take(1, "b", 3);
  EXPECT_THAT(seen_, ElementsAre("a"));
  EXPECT_EQ(tasks_[0]->input(0).position(), 1);
  EXPECT_EQ(tasks_[1]->input(0).buffered_records(), 1u);
  EXPECT_THAT(std::string(loop_.take_failure().message()), HasSubstr("task 0_0, in-0 offset 1: "));
  EXPECT_TRUE(loop_.take_failure().ok());
  EXPECT_EQ(process(), 2u);
  EXPECT_THAT(seen_, ElementsAre("a", "b"));
}

TEST_F(ProcessorLoopTest, PassesOverARecordAsItComes) {
  tasks_[0] = task(0, false);
  take(0, "too old", -1);
  EXPECT_EQ(tasks_[0]->input(0).position(), 1);
  EXPECT_FALSE(tasks_[0]->input(0).has_head());
  EXPECT_FALSE(loop_.has_taken());
  take(0, "a", 1);
  EXPECT_TRUE(loop_.take_failure().ok());
  EXPECT_THAT(seen_, ElementsAre("a"));
  EXPECT_EQ(tasks_[0]->input(0).take_processed(), 2u);
}

TEST_F(ProcessorLoopTest, ARecordThatCannotBeReadAsItComesIsNotDone) {
  tasks_[0] = task(0, false);
  loop_.take(*tasks_[0], tasks_[0]->input(0), {std::nullopt, "v", Timestamp(), 0, no_headers()});
  EXPECT_THAT(std::string(loop_.take_failure().message()), HasSubstr("in-0"));
  EXPECT_EQ(tasks_[0]->input(0).position(), 0);
  EXPECT_FALSE(tasks_[0]->input(0).has_head());
}

TEST_F(ProcessorLoopTest, WaitsForNoInputOfATaskThatFeedsNoOther) {
  tasks_[0] = task(0, false);
  push(1, "a", 1);
  EXPECT_EQ(process(), 1u);
  EXPECT_THAT(seen_, ElementsAre("a"));
}

TEST_F(ProcessorLoopTest, WaitsForAnInputThatRanDryAndWantsMore) {
  push(0, "a", 1);
  EXPECT_EQ(process(), 0u);
  EXPECT_THAT(seen_, IsEmpty());
  EXPECT_TRUE(loop_.waiting());
  EXPECT_TRUE(loop_.hungry());
}

TEST_F(ProcessorLoopTest, DoesNotWaitWhereNoOrderIsToBeKept) {
  tasks_[0] = task(0, false);
  push(0, "a", 1);
  EXPECT_EQ(process(), 1u);
  EXPECT_FALSE(loop_.waiting());
  EXPECT_TRUE(loop_.hungry());
}

TEST_F(ProcessorLoopTest, WantsNothingWhileEveryInputHasSomethingAndThereIsEnough) {
  EXPECT_TRUE(loop_.hungry());
  for (int i = 0; i < 4; ++i) {
    push(0, "a", 2 * i, 400);
    push(1, "b", 2 * i + 1, 400);
  }
  EXPECT_EQ(process(4), 4u);
  EXPECT_FALSE(loop_.hungry());
  EXPECT_EQ(process(2), 2u);
  EXPECT_TRUE(loop_.hungry());
}

TEST_F(ProcessorLoopTest, WantsMoreOfAnInputThatRanDryHoweverMuchTheOthersHave) {
  for (int i = 0; i < 4; ++i) push(0, "a", 10 + i, 2000);
  push(1, "b", 1);
  EXPECT_EQ(process(), 1u);
  EXPECT_TRUE(loop_.hungry());
}

TEST_F(ProcessorLoopTest, WantsMoreWhenTheTasksAreOthers) {
  for (int i = 0; i < 4; ++i) {
    push(0, "a", i, 2000);
    push(1, "b", i, 2000);
  }
  EXPECT_EQ(process(1), 1u);
  EXPECT_FALSE(loop_.hungry());
  EXPECT_EQ(loop_.process({}, 1).value(), 0u);
  EXPECT_TRUE(loop_.hungry());
}

}  // namespace
}  // namespace levada
