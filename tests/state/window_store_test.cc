#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/state/timestamped_window_store.h>

#include "tests/state/test_state.h"

namespace levada {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::Logged;
using testing::ms;
using ::testing::Pair;
using testing::Place;
using testing::TestState;

using Store = WindowStore<std::string, std::string>;
using Timestamped = TimestampedWindowStore<std::string, std::string>;

constexpr Duration kSize{10};
constexpr Duration kRetention{1000};
constexpr Duration kSegment{100};

StoreSpec windows(const Store::Options& options = {}) {
  Store::Options all = options;
  all.window_size = kSize;
  if (all.retention == Duration()) all.retention = kRetention;
  if (all.segment_interval == Duration()) all.segment_interval = kSegment;
  return Store::spec("w", all);
}

Windowed<std::string> window(std::string key, std::int64_t start) {
  return {std::move(key), {ms(start), ms(start) + kSize}};
}

Bytes window_key(BytesView key, std::int64_t start, std::int32_t seqnum = 0) {
  Bytes bytes;
  append_window_key({key, ms(start), seqnum}, bytes);
  return bytes;
}

class WindowStoreTest : public ::testing::TestWithParam<Place> {
 protected:
  Store& store() { return state.store<Store>("w"); }

  TestState state{{windows()}, GetParam()};
};

INSTANTIATE_TEST_SUITE_P(Engines, WindowStoreTest, ::testing::Values(Place::kMemory, Place::kDisk),
                         [](const auto& place) { return place.param == Place::kDisk ? "Disk" : "Memory"; });

TEST_P(WindowStoreTest, FetchesOneWindow) {
  store().put("a", "1", ms(50));
  EXPECT_EQ(store().fetch("a", ms(50)), "1");
  state.commit();
  EXPECT_EQ(store().fetch("a", ms(50)), "1");
  EXPECT_EQ(store().fetch("a", ms(51)), std::nullopt);
}

TEST_P(WindowStoreTest, FetchesAKeyBetweenTwoTimes) {
  for (const std::int64_t start : {0, 90, 110, 250}) store().put("a", std::to_string(start), ms(start));
  state.commit();
  store().put("a", "200", ms(200));
  EXPECT_THAT(store().fetch("a", ms(90), ms(200)).to_vector(),
              ElementsAre(Pair(ms(90), "90"), Pair(ms(110), "110"), Pair(ms(200), "200")));
  EXPECT_THAT(store().backward_fetch("a", ms(90), ms(200)).to_vector(),
              ElementsAre(Pair(ms(200), "200"), Pair(ms(110), "110"), Pair(ms(90), "90")));
}

TEST_P(WindowStoreTest, FetchesNoLongerKeysThatLieBetween) {
  store().put("a", "1", ms(10));
  store().put(std::string("a\0\0\0\0\0\0\0\x14", 9), "longer", ms(10));
  EXPECT_THAT(store().fetch("a", ms(0), ms(100)).to_vector(), ElementsAre(Pair(ms(10), "1")));
}

TEST_P(WindowStoreTest, FetchesKeysOfAnyLengthSegmentBySegment) {
  store().put("b", "1", ms(150));
  store().put("b", "2", ms(20));
  store().put("abc", "3", ms(30));
  state.commit();
  store().put("a", "4", ms(40));
  store().put("c", "5", ms(10));
  EXPECT_THAT(store().fetch("a", "b", ms(0), ms(200)).to_vector(),
              ElementsAre(Pair(window("a", 40), "4"), Pair(window("abc", 30), "3"), Pair(window("b", 20), "2"),
                          Pair(window("b", 150), "1")));
  EXPECT_THAT(store().backward_fetch("a", "b", ms(0), ms(200)).to_vector(),
              ElementsAre(Pair(window("b", 150), "1"), Pair(window("b", 20), "2"), Pair(window("abc", 30), "3"),
                          Pair(window("a", 40), "4")));
}

TEST_P(WindowStoreTest, FetchesEverythingBetweenTwoTimes) {
  store().put("b", "1", ms(10));
  store().put("a", "2", ms(110));
  store().put("a", "3", ms(300));
  EXPECT_THAT(store().fetch_all(ms(10), ms(200)).to_vector(),
              ElementsAre(Pair(window("b", 10), "1"), Pair(window("a", 110), "2")));
  EXPECT_THAT(store().all().to_vector(),
              ElementsAre(Pair(window("b", 10), "1"), Pair(window("a", 110), "2"), Pair(window("a", 300), "3")));
}

TEST_P(WindowStoreTest, ReadsNothingOlderThanTheRetention) {
  store().put("a", "old", ms(99));
  store().put("a", "kept", ms(101));
  store().put("a", "new", ms(1100));
  EXPECT_EQ(store().fetch("a", ms(99)), std::nullopt);
  EXPECT_THAT(store().all().to_vector(), ElementsAre(Pair(window("a", 101), "kept"), Pair(window("a", 1100), "new")));
}

TEST_P(WindowStoreTest, LogsWhatIsExpiredAndDoesNotStoreIt) {
  store().put("a", "new", ms(2000));
  state.commit();
  state.changes("w");
  store().put("a", "late", ms(500));
  EXPECT_THAT(state.changes("w"), ElementsAre(Logged{window_key("a", 500), "late", kNoTimestamp}));
  state.commit();
  EXPECT_THAT(store().all().to_vector(), ElementsAre(Pair(window("a", 2000), "new")));
}

TEST_P(WindowStoreTest, LogsKeysWithoutTheirSegment) {
  store().put("a", "1", ms(250));
  EXPECT_THAT(state.changes("w"), ElementsAre(Logged{window_key("a", 250), "1", kNoTimestamp}));
}

TEST_P(WindowStoreTest, ErasesAWindow) {
  store().put("a", "1", ms(50));
  state.commit();
  store().put("a", std::nullopt, ms(50));
  EXPECT_EQ(store().fetch("a", ms(50)), std::nullopt);
  state.commit();
  EXPECT_THAT(store().all().to_vector(), IsEmpty());
}

TEST_P(WindowStoreTest, AbortTakesEventTimeBack) {
  store().put("a", "1", ms(50));
  state.commit();
  store().put("a", "far", ms(90000));
  state->discard();
  EXPECT_EQ(store().fetch("a", ms(50)), "1");
}

TEST_P(WindowStoreTest, MayBeWrittenWhileItIsWalked) {
  for (const std::int64_t start : {0, 90, 110, 250}) store().put("a", "1", ms(start));
  state.commit();
  for (const auto& [key, value] : store().all()) store().put(key.key, std::nullopt, key.window.start);
  EXPECT_THAT(store().all().to_vector(), IsEmpty());
}

TEST_P(WindowStoreTest, RefusesWindowsBefore1970) {
  EXPECT_THROW(store().put("a", "1", ms(-1)), std::invalid_argument);
  EXPECT_EQ(store().fetch("a", ms(-1)), std::nullopt);
  EXPECT_THAT(store().fetch("a", ms(-10), ms(-1)).to_vector(), IsEmpty());
}

TEST_P(WindowStoreTest, KeepsAHundredYears) {
  constexpr Duration kCentury = std::chrono::hours(24 * 36500);
  TestState old({Store::spec("w", {.window_size = kSize, .retention = kCentury})}, GetParam());
  auto& century = old.store<Store>("w");
  century.put("a", "1", ms(0));
  century.put("a", "2", ms(1'700'000'000'000));
  old.commit();
  EXPECT_THAT(century.fetch("a", ms(0), Timestamp::max()).to_vector(),
              ElementsAre(Pair(ms(0), "1"), Pair(ms(1'700'000'000'000), "2")));
}

TEST_P(WindowStoreTest, KeepsForeverWithTheLongestRetention) {
  TestState forever({Store::spec("w", {.window_size = kSize, .retention = Duration::max()})}, GetParam());
  auto& store = forever.store<Store>("w");
  store.put("a", "1", ms(1));
  store.put("a", "2", Timestamp::max());
  forever.commit();
  EXPECT_EQ(store.fetch("a", ms(1)), "1");
  EXPECT_EQ(store.all().to_vector().back().first.window.end, Timestamp::max());
}

TEST(WindowStoreInMemory, ExpiresToTheMillisecond) {
  TestState state({windows({.engine = StoreEngine::kInMemory})});
  auto& store = state.store<Store>("w");
  store.put("a", "1", ms(1200));
  store.put("a", "expired", ms(200));
  store.put("a", "kept", ms(201));
  EXPECT_THAT(store.all().to_vector(), ElementsAre(Pair(window("a", 201), "kept"), Pair(window("a", 1200), "1")));
}

TEST(WindowStoreWithDuplicates, KeepsAllValuesOfAWindow) {
  TestState state({windows({.retain_duplicates = true})}, Place::kDisk);
  auto& store = state.store<Store>("w");
  store.put("a", "1", ms(5));
  store.put("a", "2", ms(5));
  EXPECT_THAT(store.fetch("a", ms(5), ms(5)).to_vector(), ElementsAre(Pair(ms(5), "1"), Pair(ms(5), "2")));
  EXPECT_THAT(state.changes("w"), ElementsAre(Logged{window_key("a", 5, 1), "1", kNoTimestamp},
                                              Logged{window_key("a", 5, 2), "2", kNoTimestamp}));
}

TEST(WindowStoreWithDuplicates, LogsNullsAndDoesNotStoreThem) {
  TestState state({windows({.retain_duplicates = true})});
  auto& store = state.store<Store>("w");
  store.put("a", "1", ms(5));
  store.put("a", std::nullopt, ms(5));
  EXPECT_THAT(store.all().to_vector(), ElementsAre(Pair(window("a", 5), "1")));
  EXPECT_THAT(state.changes("w"), ElementsAre(Logged{window_key("a", 5, 1), "1", kNoTimestamp},
                                              Logged{window_key("a", 5, 2), std::nullopt, kNoTimestamp}));
}

TEST(WindowStoreWithDuplicates, NullsAreTooLateInMemoryOnly) {
  for (const StoreEngine engine : {StoreEngine::kInMemory, StoreEngine::kRocksDb}) {
    TestState state({windows({.retain_duplicates = true, .engine = engine})});
    int late = 0;
    state.host("w").set_drop_listener([&](DropReason) { ++late; });
    auto& store = state.store<Store>("w");
    store.put("a", std::nullopt, ms(100'000));
    store.put("a", "1", ms(5));
    store.put("a", std::nullopt, ms(5));
    EXPECT_EQ(late, engine == StoreEngine::kInMemory ? 2 : 0);
    EXPECT_EQ(store.all().to_vector().size(), engine == StoreEngine::kInMemory ? 0U : 1U);
  }
}

TEST(WindowStoreWithDuplicates, OverwritesNoneAfterARestart) {
  TestState state({windows({.retain_duplicates = true})}, Place::kDisk);
  state.store<Store>("w").put("a", "1", ms(5));
  state.commit();
  state.reopen();
  auto& store = state.store<Store>("w");
  store.put("a", "2", ms(5));
  EXPECT_THAT(store.fetch("a", ms(5), ms(5)).to_vector(), ElementsAre(Pair(ms(5), "1"), Pair(ms(5), "2")));
}

TEST(TimestampedWindowStoreTest, TellsWindowsAtCommit) {
  TestState state({Timestamped::spec(
      "w", {.window_size = kSize, .retention = kRetention, .segment_interval = kSegment, .caching = true})});
  auto& store = state.store<Timestamped>("w");
  std::vector<std::pair<Windowed<std::string>, std::string>> told;
  store.set_flush_listener([&](const Windowed<std::string>& key, const Change<std::string>& change,
                               const RecordContext&, Timestamp timestamp) {
    EXPECT_EQ(timestamp, ms(57));
    told.emplace_back(key, *change.after);
  });
  store.put("b", {.value = "1", .timestamp = ms(57)}, ms(150));
  store.put("a", {.value = "2", .timestamp = ms(57)}, ms(50));
  state.commit();
  EXPECT_THAT(told, ElementsAre(Pair(window("b", 150), "1"), Pair(window("a", 50), "2")));
}

TEST(TimestampedWindowStoreTest, LogsThePlainValueWithItsTime) {
  TestState state({Timestamped::spec("w", {.window_size = kSize, .retention = kRetention})});
  state.at(3);
  state.store<Timestamped>("w").put("a", {.value = "1", .timestamp = ms(57)}, ms(50));
  state.store<Timestamped>("w").put("b", std::nullopt, ms(50));
  EXPECT_THAT(state.changes("w"),
              ElementsAre(Logged{window_key("a", 50), "1", ms(57)}, Logged{window_key("b", 50), std::nullopt, ms(3)}));
}

TEST(WindowSegmentsTest, TheDefaultIntervalIsHalfTheRetentionAndAtLeastAMinute) {
  using namespace std::chrono_literals;
  EXPECT_EQ(default_segment_interval(1h), 30min);
  EXPECT_EQ(default_segment_interval(10s), 60s);
  EXPECT_EQ(default_segment_interval(Duration::max()), Duration::max() / 2);
}

TEST(WindowStoreTimeLimit, NothingExpiresThatItKeepsOpen) {
  TestState state({windows()}, Place::kDisk);
  Timestamp limit = ms(900);
  state.host("w").segments().set_time_limit(limit);
  auto& store = state.store<Store>("w");
  store.put("a", "late", ms(5000));
  store.put("a", "early", ms(50));
  EXPECT_EQ(store.fetch("a", ms(50)), "early");
  limit = ms(6000);
  store.put("a", "later", ms(5010));
  EXPECT_EQ(store.fetch("a", ms(50)), std::nullopt);
}

}  // namespace
}  // namespace levada
