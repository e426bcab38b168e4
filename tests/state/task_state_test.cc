// What a task's state keeps on disk between two runs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/state/timestamped_key_value_store.h>
#include <levada/state/window_store.h>

#include "tests/state/test_state.h"

namespace levada {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::ms;
using ::testing::Pair;
using testing::Place;
using testing::TestState;

using Store = KeyValueStore<std::string, std::string>;
using Timestamped = TimestampedKeyValueStore<std::string, std::string>;
using Windows = WindowStore<std::string, std::string>;

StoreSpec windows(Duration segment = Duration(100)) {
  return Windows::spec("w", {.window_size = Duration(10), .retention = Duration(1000), .segment_interval = segment});
}

std::vector<std::string> segments_of(TestState& state) {
  std::vector<std::string> names;
  for (const std::int64_t id : state.host("w").segments().ids()) names.push_back(std::to_string(id));
  return names;
}

TEST(TaskState, KeepsWhatWasCommitted) {
  TestState state({Store::spec("s"), windows()}, Place::kDisk);
  state.store<Store>("s").put("a", "1");
  state.store<Windows>("w").put("b", "2", ms(50));
  state.commit({{"s", 5}, {"w", 7}});
  state.reopen();
  EXPECT_EQ(state.store<Store>("s").get("a"), "1");
  EXPECT_EQ(state.store<Windows>("w").fetch("b", ms(50)), "2");
  EXPECT_EQ(state->changelog_offset("s"), 5);
  EXPECT_EQ(state->changelog_offset("w"), 7);
}

TEST(TaskState, ForgetsWhatWasNotCommitted) {
  TestState state({Store::spec("s")}, Place::kDisk);
  state.store<Store>("s").put("a", "1");
  state.reopen();
  EXPECT_EQ(state.store<Store>("s").get("a"), std::nullopt);
}

TEST(TaskState, AnOffsetThatIsNotNamedStays) {
  TestState state({Store::spec("s")}, Place::kDisk);
  state.commit({{"s", 5}});
  state.store<Store>("s").put("a", "1");
  state.commit();
  EXPECT_EQ(state->changelog_offset("s"), 5);
  state.reopen();
  EXPECT_EQ(state->changelog_offset("s"), 5);
}

TEST(TaskState, CommitsStoresInMemoryToo) {
  TestState state({Store::spec("s", {.engine = StoreEngine::kInMemory}), Store::spec("t")}, Place::kDisk);
  state.store<Store>("s").put("a", "1");
  state.commit({{"s", 5}});
  state->discard();
  EXPECT_EQ(state.store<Store>("s").get("a"), "1");
  EXPECT_EQ(state->changelog_offset("s"), std::nullopt);
}

TEST(TaskState, BuffersAreEmptyAfterACommit) {
  TestState state({Store::spec("s")}, Place::kDisk);
  state.store<Store>("s").put("a", "1");
  EXPECT_GT(state->buffered_bytes(), 0);
  state.commit();
  EXPECT_EQ(state->buffered_bytes(), 0);
}

TEST(TaskState, ChargesTheBudgetWithItsBuffers) {
  TestState state({Store::spec("s")});
  state.store<Store>("s").put("a", "1");
  state->settle_budget();
  EXPECT_EQ(state.budget.write_buffers().used(), state->buffered_bytes());
  state.close();
  EXPECT_EQ(state.budget.write_buffers().used(), 0);
}

TEST(TaskState, ChargesTheBudgetWithWhatItKeepsForReads) {
  TestState state({Store::spec("s")}, Place::kDisk);
  state.store<Store>("s").put("a", "1");
  state.commit();
  state->settle_budget();
  EXPECT_GT(state.budget.committed_values().used(), 0);
  EXPECT_EQ(state.budget.write_buffers().used(), 0);
  state.close();
  EXPECT_EQ(state.budget.committed_values().used(), 0);
}

TEST(TaskState, KeepsNoMoreForReadsThanTheBudgetAllows) {
  constexpr int kCommits = 40;
  TestState state({Store::spec("s")}, Place::kDisk);
  for (int n = 0; n < kCommits; ++n) {
    state.store<Store>("s").put(std::to_string(n), std::string(500 << 10, 'v'));
    state.commit();
    state->settle_budget();
    EXPECT_LE(state.budget.committed_values().used(), state.budget.committed_values().limit());
  }
  for (int n = 0; n < kCommits; ++n) EXPECT_TRUE(state.store<Store>("s").get(std::to_string(n)));
}

TEST(TaskState, KeepsNothingOfAnExpiredSegment) {
  TestState state({windows()}, Place::kDisk);
  state.store<Windows>("w").put("a", std::string(1000, 'v'), ms(50));
  state.commit();
  EXPECT_GT(state.host("w").committed_bytes(), 1000);
  state.store<Windows>("w").put("a", "1", ms(1200));
  state.commit();
  EXPECT_LT(state.host("w").committed_bytes(), 1000);
}

TEST(TaskState, FlushingChangesNothingThatCanBeRead) {
  TestState state({Store::spec("s"), windows()}, Place::kDisk);
  state.store<Store>("s").put("a", "1");
  state.commit({{"s", 5}});
  ASSERT_TRUE(state->flush().ok());
  EXPECT_EQ(state.store<Store>("s").get("a"), "1");
  state.reopen();
  EXPECT_EQ(state.store<Store>("s").get("a"), "1");
}

TEST(TaskState, DropsExpiredSegmentsWhole) {
  TestState state({windows()}, Place::kDisk);
  for (const std::int64_t start : {50, 150, 1099}) state.store<Windows>("w").put("a", "1", ms(start));
  state.commit();
  EXPECT_THAT(segments_of(state), ElementsAre("0", "1", "10"));
  state.store<Windows>("w").put("a", "1", ms(1200));
  state.commit();
  EXPECT_THAT(segments_of(state), ElementsAre("10", "12"));
  state.reopen();
  EXPECT_THAT(segments_of(state), ElementsAre("10", "12"));
}

TEST(TaskState, AnAbortDropsNoSegment) {
  TestState state({windows()}, Place::kDisk);
  state.store<Windows>("w").put("a", "1", ms(50));
  state.commit();
  state.store<Windows>("w").put("a", "1", ms(100000));
  state->discard();
  state.commit();
  EXPECT_EQ(state.store<Windows>("w").fetch("a", ms(50)), "1");
}

TEST(TaskState, AStoreThatIsNoLongerAskedForIsDropped) {
  TestState state({Store::spec("s"), Store::spec("t"), windows()}, Place::kDisk);
  state.store<Store>("s").put("a", "1");
  state.store<Store>("t").put("a", "1");
  state.store<Windows>("w").put("a", "1", ms(50));
  state.commit({{"s", 5}, {"t", 6}, {"w", 7}});
  state.reopen({Store::spec("t")});
  EXPECT_EQ(state.store<Store>("t").get("a"), "1");
  state.reopen({Store::spec("s"), Store::spec("t"), windows()});
  EXPECT_EQ(state.store<Store>("s").get("a"), std::nullopt);
  EXPECT_EQ(state->changelog_offset("s"), std::nullopt);
  EXPECT_EQ(state->changelog_offset("t"), 6);
  EXPECT_EQ(state.store<Windows>("w").fetch("a", ms(50)), std::nullopt);
}

TEST(TaskState, AStoreOfAnotherKindIsAnErrorThatSaysSo) {
  TestState state({Store::spec("s")}, Place::kDisk);
  const absl::Status status = state.try_reopen({Timestamped::spec("s")});
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr(state.directory().string()));
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("store s was written as a key-value store and is now a timestamped key-value store"));
}

TEST(TaskState, KeepsTheSegmentsThatFilesWereWrittenWith) {
  TestState state({windows(Duration(100))}, Place::kDisk);
  state.store<Windows>("w").put("a", "1", ms(350));
  state.commit();
  state.reopen({windows(Duration(70))});
  EXPECT_EQ(state.store<Windows>("w").fetch("a", ms(350)), "1");
}

TEST(TaskState, ADirectoryInUseIsUnavailable) {
  TestState state({Store::spec("s")}, Place::kDisk);
  const auto second = TaskState::open(
      {.directory = state.directory(), .stores = {Store::spec("s")}, .budget = state.budget, .current = state.current});
  EXPECT_EQ(second.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(second.status().message()), HasSubstr(state.directory().string()));
}

TEST(TaskState, MakesItsFilesForItsOwnerOnly) {
  TestState state({Store::spec("s")}, Place::kDisk);
  state.store<Store>("s").put("a", "1");
  state.commit();
  ASSERT_TRUE(state->flush().ok());
  using std::filesystem::perms;
  const auto is_open_to_others = [](const std::filesystem::path& path) {
    return (std::filesystem::status(path).permissions() & (perms::group_all | perms::others_all)) != perms::none;
  };
  EXPECT_FALSE(is_open_to_others(state.directory()));
  for (const auto& file : std::filesystem::directory_iterator(state.directory())) {
    EXPECT_FALSE(is_open_to_others(file.path())) << file.path();
  }
}

TEST(TaskState, WritesNoLogOfItsOwn) {
  TestState state({Store::spec("s")}, Place::kDisk);
  EXPECT_FALSE(std::filesystem::exists(state.directory() / "LOG"));
}

TEST(TaskState, DestroyingLeavesNothing) {
  TestState state({Store::spec("s")}, Place::kDisk);
  state.close();
  ASSERT_TRUE(TaskState::destroy(state.directory()).ok());
  EXPECT_FALSE(std::filesystem::exists(state.directory()));
}

TEST(TaskState, ADirectoryThatCannotBeMadeIsAnErrorWithItsName) {
  TestState state({});
  const auto opened = TaskState::open({.directory = "/proc/no/such/place",
                                       .stores = {Store::spec("s")},
                                       .budget = state.budget,
                                       .current = state.current});
  EXPECT_FALSE(opened.ok());
  EXPECT_THAT(std::string(opened.status().message()), HasSubstr("/proc/no/such/place"));
}

}  // namespace
}  // namespace levada
