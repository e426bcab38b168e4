#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/core/time_mark.h>
#include <levada/state/timestamped_key_value_store.h>
#include <levada/state/timestamped_window_store.h>

#include "tests/state/test_state.h"
#include "tests/support/full_disk.h"

namespace levada {
namespace {

using ::testing::ElementsAre;
using testing::FullDisk;
using ::testing::IsEmpty;
using testing::ms;
using ::testing::Pair;
using testing::Place;
using testing::TestState;

using Plain = KeyValueStore<std::string, std::string>;
using Timestamped = TimestampedKeyValueStore<std::string, std::string>;
using Windows = TimestampedWindowStore<std::string, std::string>;

StoreSpec windows() {
  return Windows::spec("w",
                       {.window_size = Duration(10), .retention = Duration(1000), .segment_interval = Duration(100)});
}

Bytes window_key(BytesView key, std::int64_t start) {
  Bytes bytes;
  append_window_key({key, ms(start)}, bytes);
  return bytes;
}

class Restore : public ::testing::TestWithParam<Place> {};

INSTANTIATE_TEST_SUITE_P(Engines, Restore, ::testing::Values(Place::kMemory, Place::kDisk),
                         [](const auto& place) { return place.param == Place::kDisk ? "Disk" : "Memory"; });

TEST_P(Restore, TakesTheLastValueOfEachKey) {
  TestState state({Plain::spec("s")}, GetParam());
  ASSERT_TRUE(
      state->restore("s", {{"b", "1", ms(1)}, {"a", "2", ms(2)}, {"b", "3", ms(3)}, {"a", std::nullopt, ms(4)}}, 4)
          .ok());
  EXPECT_THAT(state.store<Plain>("s").all().to_vector(), ElementsAre(Pair("b", "3")));
}

TEST_P(Restore, PutsTheTimeOfTheRecordInFrontOfTheValue) {
  TestState state({Timestamped::spec("s")}, GetParam());
  ASSERT_TRUE(state->restore("s", {{"a", "1", ms(7)}}, 1).ok());
  EXPECT_EQ(state.store<Timestamped>("s").get("a"), (ValueAndTimestamp<std::string>{"1", ms(7)}));
}

TEST_P(Restore, PutsWindowsIntoTheirSegments) {
  TestState state({windows()}, GetParam());
  const Bytes late = window_key("a", 950);
  const Bytes early = window_key("a", 50);
  ASSERT_TRUE(state->restore("w", {{late, "2", ms(951)}, {early, "1", ms(51)}}, 2).ok());
  auto& store = state.store<Windows>("w");
  EXPECT_EQ(store.fetch("a", ms(50))->value, "1");
  EXPECT_EQ(store.fetch("a", ms(950))->value, "2");
}

TEST_P(Restore, LeavesOutWhatIsExpiredByTheEndOfTheBatch) {
  TestState state({windows()}, GetParam());
  const Bytes early = window_key("a", 50);
  const Bytes late = window_key("a", 5000);
  ASSERT_TRUE(state->restore("w", {{early, "1", ms(51)}, {late, "2", ms(5001)}}, 2).ok());
  EXPECT_EQ(state.store<Windows>("w").all().to_vector().size(), 1);
}

// What the limit of upstream tasks had kept open when it was written is kept.
TEST_P(Restore, GoesByTheTimeThatTheChangelogTells) {
  TestState state({windows()}, GetParam());
  const Bytes early = window_key("a", 50);
  const Bytes late = window_key("a", 5000);
  const Headers headers = {time_limit_header(ms(900))};
  ASSERT_TRUE(state->restore("w", {{early, "1", ms(51), &headers}, {late, "2", ms(5001), &headers}}, 2).ok());
  EXPECT_EQ(state.store<Windows>("w").all().to_vector().size(), 2);
}

TEST_P(Restore, AKeyThatIsNoWindowKeyIsDataLoss) {
  TestState state({windows()}, GetParam());
  EXPECT_EQ(state->restore("w", {{"short", "1", ms(1)}}, 1).code(), absl::StatusCode::kDataLoss);
}

TEST(RestoreOnDisk, KeepsTheOffset) {
  TestState state({Plain::spec("s")}, Place::kDisk);
  EXPECT_EQ(state->changelog_offset("s"), std::nullopt);
  ASSERT_TRUE(state->restore("s", {{"a", "1", ms(1)}}, 17).ok());
  EXPECT_EQ(state->changelog_offset("s"), 17);
  state.reopen();
  EXPECT_EQ(state->changelog_offset("s"), 17);
  EXPECT_EQ(state.store<Plain>("s").get("a"), "1");
}

TEST(RestoreOnDisk, KeepsTheOffsetOfAnEmptyChangelog) {
  TestState state({Plain::spec("s")}, Place::kDisk);
  ASSERT_TRUE(state->restore("s", {}, 0).ok());
  EXPECT_EQ(state->changelog_offset("s"), 0);
}

TEST(RestoreInMemory, KeepsTheOffsetAsLongAsTheStore) {
  TestState state({Plain::spec("s", {.engine = StoreEngine::kInMemory})}, Place::kDisk);
  EXPECT_EQ(state->changelog_offset("s"), std::nullopt);
  ASSERT_TRUE(state->restore("s", {{"a", "1", ms(1)}}, 17).ok());
  EXPECT_EQ(state->changelog_offset("s"), 17);
  EXPECT_FALSE(std::filesystem::exists(state.directory()));
  state.reopen();
  EXPECT_EQ(state->changelog_offset("s"), std::nullopt);
}

TEST(RestoreOnDisk, EventTimeComesBackWithTheWindows) {
  TestState state({windows()}, Place::kDisk);
  const Bytes late = window_key("a", 5000);
  ASSERT_TRUE(state->restore("w", {{late, "2", ms(5001)}}, 2).ok());
  state.reopen();
  state.store<Windows>("w").put("a", {.value = "late", .timestamp = ms(1)}, ms(50));
  EXPECT_EQ(state.store<Windows>("w").all().to_vector().size(), 1);
}

// More than what goes through the log: it comes as files.
class MuchToRestore : public ::testing::Test {
 protected:
  static constexpr int kKeys = 3000;

  static std::string value_of(int key) { return std::to_string(key) + std::string(1000, 'v'); }

  void add(Bytes key, NullableBytes value) {
    keys.push_back(std::move(key));
    values.push_back(std::move(value));
  }
  absl::Status restore(TestState& state, const std::string& store, Offset next) const {
    std::vector<RestoreRecord> records;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      records.push_back({keys[i], values[i] ? NullableView(*values[i]) : NullableView(), ms(7)});
    }
    return state->restore(store, records, next);
  }
  static std::size_t files_left(const TestState& state) {
    std::size_t count = 0;
    for (const auto& file : std::filesystem::directory_iterator(state.directory())) {
      if (file.path().filename().string().starts_with("ingest-")) ++count;
    }
    return count;
  }

  std::vector<Bytes> keys;
  std::vector<NullableBytes> values;
};

TEST_F(MuchToRestore, TakesTheLastValueOfEachKey) {
  TestState state({Plain::spec("s")}, Place::kDisk);
  state.store<Plain>("s").put("there before", "1");
  state.commit();
  for (int i = kKeys; i-- > 0;) add(std::to_string(i), value_of(i));
  add("0", "last");
  add("1", std::nullopt);
  ASSERT_TRUE(restore(state, "s", 17).ok());
  EXPECT_EQ(files_left(state), 0);
  state.reopen();
  EXPECT_EQ(state->changelog_offset("s"), 17);
  const auto& store = state.store<Plain>("s");
  EXPECT_EQ(store.get("0"), "last");
  EXPECT_EQ(store.get("1"), std::nullopt);
  EXPECT_EQ(store.get("2999"), value_of(2999));
  EXPECT_EQ(store.get("there before"), "1");
  EXPECT_EQ(store.all().to_vector().size(), kKeys);
}

TEST_F(MuchToRestore, ComesAgainAfterACrashBeforeTheOffset) {
  TestState state({Plain::spec("s")}, Place::kDisk);
  for (int i = 0; i < kKeys; ++i) add(std::to_string(i), value_of(i));
  ASSERT_TRUE(restore(state, "s", 17).ok());
  add("0", std::nullopt);
  ASSERT_TRUE(restore(state, "s", 18).ok());
  EXPECT_EQ(state.store<Plain>("s").all().to_vector().size(), kKeys - 1);
}

TEST_F(MuchToRestore, GoesIntoAllSegments) {
  TestState state({windows()}, Place::kDisk);
  for (int i = 0; i < kKeys; ++i) add(window_key(std::to_string(i), i % 10 * 100), value_of(i));
  ASSERT_TRUE(restore(state, "w", 17).ok());
  state.reopen();
  auto& store = state.store<Windows>("w");
  EXPECT_EQ(store.all().to_vector().size(), kKeys);
  EXPECT_EQ(store.fetch("2999", ms(900))->value, value_of(2999));
  EXPECT_EQ(store.fetch("2999", ms(900))->timestamp, ms(7));
}

TEST_F(MuchToRestore, CanBeRepeatedWhenTheDiskWasFull) {
  TestState state({Plain::spec("s")}, Place::kDisk);
  for (int i = 0; i < kKeys; ++i) add(std::to_string(i), value_of(i));
  {
    const FullDisk full(64 << 10);
    EXPECT_EQ(restore(state, "s", 17).code(), absl::StatusCode::kResourceExhausted);
  }
  EXPECT_EQ(files_left(state), 0);
  EXPECT_EQ(state->changelog_offset("s"), std::nullopt);
  ASSERT_TRUE(restore(state, "s", 17).ok());
  EXPECT_EQ(state.store<Plain>("s").all().to_vector().size(), kKeys);
}

TEST_F(MuchToRestore, LeavesNothingBehindWhenTheProcessIsKilled) {
  TestState state({Plain::spec("s")}, Place::kDisk);
  std::ofstream(state.directory() / "ingest-0") << "half a file";
  state.reopen();
  EXPECT_EQ(files_left(state), 0);
}

}  // namespace
}  // namespace levada
