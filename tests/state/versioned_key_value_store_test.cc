#include <map>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/state/versioned_key_value_store.h>

#include "tests/state/test_state.h"

namespace levada {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::Logged;
using testing::ms;
using testing::Place;
using testing::TestState;

using Store = VersionedKeyValueStore<std::string, std::string>;
using Found = std::optional<VersionedRecord<std::string>>;

constexpr Duration kHistory{1000};
constexpr Duration kSegment{100};

StoreSpec versioned() { return Store::spec("v", {.history_retention = kHistory, .segment_interval = kSegment}); }

Found latest(std::string value, std::int64_t from) { return {{std::move(value), ms(from), std::nullopt}}; }
Found version(std::string value, std::int64_t from, std::int64_t to) { return {{std::move(value), ms(from), ms(to)}}; }

class VersionedStore : public ::testing::TestWithParam<Place> {
 protected:
  Store& store() { return state.store<Store>("v"); }

  TestState state{{versioned()}, GetParam()};
};

INSTANTIATE_TEST_SUITE_P(Engines, VersionedStore, ::testing::Values(Place::kMemory, Place::kDisk),
                         [](const auto& place) { return place.param == Place::kDisk ? "Disk" : "Memory"; });

TEST_P(VersionedStore, KeepsWhatWasBefore) {
  store().put("k", "1", ms(10));
  store().put("k", "2", ms(30));
  state.commit();
  store().put("k", "3", ms(250));
  EXPECT_EQ(store().get("k"), latest("3", 250));
  EXPECT_EQ(store().get("k", ms(9)), std::nullopt);
  EXPECT_EQ(store().get("k", ms(29)), version("1", 10, 30));
  EXPECT_EQ(store().get("k", ms(30)), version("2", 30, 250));
  EXPECT_EQ(store().get("k", ms(250)), latest("3", 250));
  EXPECT_EQ(store().get("other"), std::nullopt);
}

TEST_P(VersionedStore, PutsWhatComesLateBetween) {
  store().put("k", "1", ms(10));
  store().put("k", "3", ms(500));
  const VersionedPut late = store().put("k", "2", ms(40));
  EXPECT_EQ(late.valid_to, ms(500));
  EXPECT_FALSE(late.is_latest());
  EXPECT_EQ(store().get("k", ms(39)), version("1", 10, 40));
  EXPECT_EQ(store().get("k", ms(499)), version("2", 40, 500));
  EXPECT_EQ(store().get("k"), latest("3", 500));
}

TEST_P(VersionedStore, PutsTheOldestLast) {
  EXPECT_TRUE(store().put("k", "3", ms(500)).is_latest());
  EXPECT_EQ(store().put("k", "1", ms(10)).valid_to, ms(500));
  EXPECT_EQ(store().get("k", ms(100)), version("1", 10, 500));
}

TEST_P(VersionedStore, ReplacesAVersionOfTheSameTime) {
  for (const char* value : {"a", "b"}) store().put("k", value, ms(10));
  EXPECT_EQ(store().get("k"), latest("b", 10));
  store().put("k", "c", ms(20));
  store().put("k", "d", ms(10));
  EXPECT_EQ(store().get("k", ms(15)), version("d", 10, 20));
}

TEST_P(VersionedStore, ADeletionIsAVersion) {
  store().put("k", "1", ms(10));
  EXPECT_EQ(store().erase("k", ms(20)), latest("1", 10));
  EXPECT_EQ(store().get("k"), std::nullopt);
  EXPECT_EQ(store().get("k", ms(15)), version("1", 10, 20));
  EXPECT_EQ(store().get("k", ms(20)), std::nullopt);
  store().put("k", "3", ms(30));
  store().put("k", "4", ms(40));
  EXPECT_EQ(store().get("k", ms(25)), std::nullopt);
  EXPECT_EQ(store().get("k", ms(35)), version("3", 30, 40));
}

TEST_P(VersionedStore, ADeletionOfNothingHoldsBackWhatIsOlder) {
  store().put("k", std::nullopt, ms(20));
  EXPECT_FALSE(store().put("k", "1", ms(10)).is_latest());
  EXPECT_EQ(store().get("k"), std::nullopt);
  EXPECT_EQ(store().get("k", ms(15)), version("1", 10, 20));
}

TEST_P(VersionedStore, RefusesWhatIsOlderThanItsHistory) {
  std::vector<DropReason> dropped;
  state.host("v").set_drop_listener([&](DropReason reason) { dropped.push_back(reason); });
  store().put("k", "1", ms(10));
  store().put("other", "1", ms(1500));
  EXPECT_TRUE(store().put("k", "2", ms(500)).stored);
  EXPECT_FALSE(store().put("k", "3", ms(499)).stored);
  EXPECT_THAT(dropped, ElementsAre(DropReason::kLate));
  EXPECT_EQ(store().get("k", ms(499)), std::nullopt);
  EXPECT_EQ(store().get("k", ms(600)), latest("2", 500));
}

TEST_P(VersionedStore, TheLatestVersionOutlivesTheHistory) {
  store().put("k", "1", ms(10));
  store().put("other", "1", ms(5000));
  state.commit();
  EXPECT_EQ(store().get("k"), latest("1", 10));
  EXPECT_EQ(store().get("k", ms(11)), latest("1", 10));
}

TEST_P(VersionedStore, LogsEveryPutWithItsTime) {
  state.at(7);
  store().put("k", "1", ms(10));
  store().put("k", "2", ms(20));
  store().put("k", "late", ms(15));
  store().put("k", std::nullopt, ms(2000));
  store().put("k", "too late", ms(30));
  EXPECT_THAT(state.changes("v"),
              ElementsAre(Logged{"k", "1", ms(10)}, Logged{"k", "2", ms(20)}, Logged{"k", "late", ms(15)},
                          Logged{"k", std::nullopt, ms(2000)}, Logged{"k", "too late", ms(30)}));
  state.commit();
  EXPECT_THAT(state.changes("v"), IsEmpty());
}

TEST_P(VersionedStore, IsRestoredByPuttingAgain) {
  const auto restored = state->restore("v",
                                       {{"k", "1", ms(10)},
                                        {"k", "3", ms(500)},
                                        {"k", "2", ms(40)},
                                        {"old", "1", ms(20)},
                                        {"other", "1", ms(1100)},
                                        {"k", "refused", ms(50)}},
                                       6);
  ASSERT_TRUE(restored.ok()) << restored;
  EXPECT_EQ(store().get("k", ms(499)), version("2", 40, 500));
  EXPECT_EQ(store().get("k"), latest("3", 500));
  EXPECT_EQ(store().get("old"), latest("1", 20));
  EXPECT_THAT(state.changes("v"), IsEmpty());
  EXPECT_FALSE(store().put("k", "refused", ms(99)).stored);
}

TEST_P(VersionedStore, DiscardForgetsWhatWasNotCommitted) {
  store().put("k", "1", ms(10));
  state.commit();
  store().put("k", "2", ms(2000));
  state->discard();
  EXPECT_EQ(store().get("k"), latest("1", 10));
  EXPECT_TRUE(store().put("k", "2", ms(20)).stored);
}

TEST(VersionedStoreOnDisk, IsThereAfterARestart) {
  TestState state({versioned()}, Place::kDisk);
  state.store<Store>("v").put("k", "1", ms(10));
  state.store<Store>("v").put("k", "2", ms(900));
  state.commit({{"v", 2}});
  state.reopen();
  EXPECT_EQ(state->changelog_offset("v"), 2);
  EXPECT_EQ(state.store<Store>("v").get("k", ms(20)), version("1", 10, 900));
  state.store<Store>("v").put("other", "1", ms(5000));
  state.commit();
  state.reopen();
  EXPECT_EQ(state.store<Store>("v").get("k"), latest("2", 900));
  EXPECT_FALSE(state.store<Store>("v").put("k", "3", ms(3999)).stored);
}

// Whatever the order of puts, the versions are those of a map by time.
TEST_P(VersionedStore, AgreesWithAModel) {
  std::mt19937 random(17);
  std::map<std::int64_t, std::optional<std::string>> model;
  for (int i = 0; i < 400; ++i) {
    const std::int64_t time = std::uniform_int_distribution<std::int64_t>(0, 900)(random);
    const bool deletes = !model.empty() && model.rbegin()->first != time && random() % 4 == 0;
    const std::optional<std::string> value = deletes ? std::nullopt : std::optional(std::to_string(i));
    store().put("k", value, ms(time));
    model[time] = value;
    if (i % 7 == 0) state.commit();
    for (std::int64_t at = 0; at <= 900; at += 30) {
      const auto next = model.upper_bound(at);
      const std::optional<std::string> expected = next == model.begin() ? std::nullopt : std::prev(next)->second;
      const Found found = store().get("k", ms(at));
      ASSERT_EQ(found ? std::optional(found->value) : std::nullopt, expected) << "put " << i << ", at " << at;
    }
  }
}

TEST(VersionSegmentInterval, IsAPartOfTheHistory) {
  EXPECT_EQ(default_version_segment_interval(3s), 2s);
  EXPECT_EQ(default_version_segment_interval(1min), 20s);
  EXPECT_EQ(default_version_segment_interval(5min), 1min);
  EXPECT_EQ(default_version_segment_interval(1h), 5min);
  EXPECT_EQ(default_version_segment_interval(24h), 1h);
}

TEST_P(VersionedStore, NothingIsTooOldThatTheLimitOfTimeKeepsOpen) {
  const Timestamp limit = ms(900);
  state.host("v").segments().set_time_limit(limit);
  store().put("other", "1", ms(5000));
  EXPECT_TRUE(store().put("k", "1", ms(10)).stored);
}

}  // namespace
}  // namespace levada
