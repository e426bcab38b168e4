#include <algorithm>
#include <random>
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
using ::testing::IsEmpty;
using ::testing::SizeIs;

// Two tasks in memory that note the keys they process.
class ProcessorLoopTest : public ::testing::Test {
 protected:
  ProcessorLoopTest() {
    StreamsBuilder builder;
    builder.stream<std::string, std::string>("in").for_each(
        [this](const std::string& key, const std::string&) { seen_.push_back(key); });
    topology_ = builder.build().value();
    for (Partition partition = 0; partition < 2; ++partition) tasks_.push_back(task(partition));
  }

  std::unique_ptr<Task> task(Partition partition, bool feeds_tasks = true) {
    TaskPlan plan{.id = {0, partition},
                  .topology = &topology_,
                  .inputs = {{{"in", partition}, "in"}},
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
