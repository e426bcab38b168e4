// Results at the close of windows, in a task that starts again: what has gone on is remembered with the offsets.
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/core/offset_metadata.h>
#include <levada/dsl/streams_builder.h>
#include <levada/runtime/task.h>
#include <levada/state/memory_budget.h>

#include "tests/state/test_state.h"

namespace levada {
namespace {

using ::testing::ElementsAre;
using testing::ms;
using testing::TemporaryDirectory;

class SentRecords final : public RecordCollector {
 public:
  SinkTopic topic(const std::string& name) override {
    names_.push_back(name);
    return static_cast<SinkTopic>(names_.size() - 1);
  }
  const std::string& name(SinkTopic topic) const override { return names_[static_cast<std::size_t>(topic)]; }
  Partition partitions(SinkTopic) const override { return 1; }
  void send(SinkTopic topic, const OutputRecord& record) override {
    if (names_[static_cast<std::size_t>(topic)] == "out") sent_.emplace_back(*record.value);
  }

  std::vector<std::string> take() { return std::exchange(sent_, {}); }

 private:
  std::vector<std::string> names_ = {};
  std::vector<std::string> sent_ = {};
};

class ClosedWindows : public ::testing::Test {
 protected:
  ClosedWindows() { start({}); }

  static Topology build() {
    StreamsBuilder builder;
    builder.stream<std::string, std::string>({"in", "other"})
        .group_by_key()
        .windowed_by(TimeWindows::of(Duration(10)))
        .emit_strategy(EmitStrategy::on_window_close())
        .reduce([](const std::string& so_far, const std::string& value) { return so_far + value; }, {.store = "w"})
        .to_stream()
        .to("out");
    return builder.build().value();
  }

  void start(const std::vector<CommittedOffset>& offsets) {
    task_.reset();
    TaskPlan plan{.topology = &topology_, .stores = topology_.stores};
    for (NodeId id = 0; id < topology_.nodes.size(); ++id) plan.nodes.push_back(id);
    for (const char* topic : {"in", "other"}) plan.inputs.push_back({{topic, 0}, topic});
    task_ = Task::open(plan, {application_id_, sent_, dropped_, clock_}, directory_ / "task", budget_).value();
    ASSERT_TRUE(task_->start().ok());
    for (std::size_t i = 0; i < task_->inputs(); ++i) task_->input(i).start_at(0, kNoTimestamp);
    task_->resume(offsets);
  }

  void pipe(const std::string& value, std::int64_t time) {
    PartitionInput& input = task_->input(0);
    input.push({"a", value, ms(time), input.fetch_position(), no_headers()});
    ASSERT_TRUE(task_->prepare().value());
    ASSERT_TRUE(task_->process().ok());
  }

  std::vector<CommittedOffset> commit() {
    EXPECT_TRUE(task_->prepare_commit().ok());
    std::vector<CommittedOffset> offsets = task_->committable();
    EXPECT_TRUE(task_->finish_commit({}).ok());
    return offsets;
  }

  const std::string application_id_ = "app";
  const Topology topology_ = build();
  TemporaryDirectory directory_ = {};
  ManualClock clock_{ms(0)};
  MemoryBudget budget_{64 << 20};
  SentRecords sent_ = {};
  DroppedRecords dropped_{Logger(), clock_};
  std::unique_ptr<Task> task_ = nullptr;
};

TEST_F(ClosedWindows, AreLookedForOnceASecond) {
  pipe("A", 5);
  clock_.advance(Duration(999));
  pipe("B", 15);
  EXPECT_THAT(sent_.take(), ElementsAre());
  clock_.advance(Duration(1));
  pipe("C", 16);
  EXPECT_THAT(sent_.take(), ElementsAre("A"));
  pipe("D", 25);
  EXPECT_THAT(sent_.take(), ElementsAre());
  clock_.advance(Duration(1000));
  pipe("E", 26);
  EXPECT_THAT(sent_.take(), ElementsAre("BC"));
}

TEST_F(ClosedWindows, AreToldOnceAcrossRestarts) {
  pipe("A", 5);
  clock_.advance(Duration(1000));
  pipe("B", 15);
  EXPECT_THAT(sent_.take(), ElementsAre("A"));
  const std::vector<CommittedOffset> offsets = commit();
  ASSERT_EQ(offsets.size(), 2U);  // of both inputs, since the time belongs to both
  for (const CommittedOffset& offset : offsets) {
    EXPECT_THAT(decode_offset_metadata(offset.metadata).processor_times, ElementsAre(::testing::Pair("w", ms(15))));
  }
  EXPECT_EQ(commit().size(), 0U);
  start(offsets);
  pipe("C", 25);
  EXPECT_THAT(sent_.take(), ElementsAre("B"));
}

}  // namespace
}  // namespace levada
