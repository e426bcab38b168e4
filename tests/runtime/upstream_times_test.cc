#include <gtest/gtest.h>

#include <levada/core/offset_metadata.h>
#include <levada/runtime/upstream_times.h>

namespace levada {
namespace {

Timestamp at(std::int64_t time) { return Timestamp(Duration(time)); }

TimeMark of(const TaskId& task, Timestamp time) {
  return {.sub_topology = task.sub_topology, .partition = task.partition, .time = time};
}

const std::vector<TaskId> kTasks = {{0, 0}, {0, 1}, {2, 0}};

TEST(UpstreamTimes, WithoutTasksThereIsNoLimit) { EXPECT_EQ(UpstreamTimes({}).lowest(), kNoTimeLimit); }

TEST(UpstreamTimes, OneThatHasSaidNothingHoldsTimeBack) {
  UpstreamTimes times(kTasks);
  times.hear(of({0, 0}, at(5)));
  times.hear(of({0, 1}, at(6)));
  EXPECT_EQ(times.lowest(), kNoTimestamp);
  times.hear(of({2, 0}, at(7)));
  EXPECT_EQ(times.lowest(), at(5));
}

TEST(UpstreamTimes, AreAsLateAsTheLast) {
  UpstreamTimes times(kTasks);
  for (const TaskId& task : kTasks) times.hear(of(task, at(5)));
  times.hear(of({0, 0}, at(9)));
  times.hear(of({2, 0}, at(8)));
  EXPECT_EQ(times.lowest(), at(5));
  times.hear(of({0, 1}, at(10)));
  EXPECT_EQ(times.lowest(), at(8));
}

TEST(UpstreamTimes, DoNotGoBack) {
  UpstreamTimes times({{0, 0}});
  times.hear(of({0, 0}, at(5)));
  times.hear(of({0, 0}, at(4)));
  EXPECT_EQ(times.lowest(), at(5));
}

TEST(UpstreamTimes, WhoHasNothingToComeCountsAgainWhenItHas) {
  UpstreamTimes times({{0, 0}, {0, 1}});
  times.hear(of({0, 0}, at(5)));
  times.hear(of({0, 1}, kNothingToCome));
  EXPECT_EQ(times.lowest(), at(5));
  times.hear(of({0, 0}, kNothingToCome));
  EXPECT_EQ(times.lowest(), kNoTimeLimit);
  times.hear(of({0, 1}, at(3)));
  EXPECT_EQ(times.lowest(), at(3));
}

TEST(UpstreamTimes, OthersAreNotHeard) {
  UpstreamTimes times({{0, 0}});
  times.hear(of({1, 0}, at(5)));
  EXPECT_EQ(times.lowest(), kNoTimestamp);
}

TEST(UpstreamTimes, AreCommittedWithTheOffset) {
  UpstreamTimes times(kTasks);
  times.hear(of({0, 0}, at(1'000)));
  times.hear(of({0, 1}, kNothingToCome));
  times.hear(of({2, 0}, at(300'000'000'123)));
  OffsetMetadata metadata = {.processor_times = {{"a-store", at(3)}}};
  metadata.processor_times.insert(times.entry("t", 17));
  const OffsetMetadata read = decode_offset_metadata(encode_offset_metadata(metadata));
  UpstreamTimes restored(kTasks);
  restored.restore("t", 17, read.processor_times);
  EXPECT_EQ(restored.lowest(), at(1'000));
  restored.hear(of({0, 0}, kNothingToCome));
  EXPECT_EQ(restored.lowest(), at(300'000'000'123));
}

TEST(UpstreamTimes, WhoHasSaidNothingHasNotAfterARestoreEither) {
  UpstreamTimes times(kTasks);
  times.hear(of({0, 0}, at(1'000)));
  UpstreamTimes restored(kTasks);
  restored.restore("t", 1, {times.entry("t", 1)});
  EXPECT_EQ(restored.lowest(), kNoTimestamp);
}

TEST(UpstreamTimes, EntriesOfOtherOffsetsAndTopicsAreOld) {
  UpstreamTimes times({{0, 0}});
  times.hear(of({0, 0}, at(5)));
  for (const auto& [topic, offset] : {std::pair("t", Offset(18)), std::pair("u", Offset(17))}) {
    UpstreamTimes restored({{0, 0}});
    restored.restore(topic, offset, {times.entry("t", 17)});
    EXPECT_EQ(restored.lowest(), kNoTimestamp) << topic;
  }
}

TEST(UpstreamTimes, EntriesThatCannotBeReadAreNone) {
  for (const char* name : {"levada.upstream.", "levada.upstream.!", "levada.upstream.AAAA", "other"}) {
    UpstreamTimes restored({{0, 0}});
    restored.restore("t", 17, {{name, at(17)}});
    EXPECT_EQ(restored.lowest(), kNoTimestamp) << name;
  }
}

// A broker takes 4,096 characters.
TEST(UpstreamTimes, OfManyTasksAreRoundedDownUntilTheyFit) {
  std::vector<TaskId> tasks;
  for (Partition p = 0; p < 400; ++p) tasks.push_back({0, p});
  UpstreamTimes times(tasks);
  const Timestamp start(std::chrono::hours(480'000));
  const Duration month = std::chrono::hours(24 * 30);
  for (const TaskId& task : tasks) times.hear(of(task, start + task.partition * month / 400));
  OffsetMetadata metadata;
  metadata.processor_times.insert(times.entry("t", 17));
  EXPECT_LT(encode_offset_metadata(metadata).size(), 4'000U);
  UpstreamTimes restored(tasks);
  restored.restore("t", 17, metadata.processor_times);
  EXPECT_EQ(restored.lowest(), start);
  for (const TaskId& task : tasks) {
    if (task.partition < 399) restored.hear(of(task, kNothingToCome));
  }
  EXPECT_LE(restored.lowest(), start + 399 * month / 400);
  EXPECT_GT(restored.lowest(), start + 399 * month / 400 - std::chrono::hours(1));
}

}  // namespace
}  // namespace levada
