// Entries that are gone when stream time has come further than their time to live.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/state/timestamped_key_value_store.h>

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

using Store = KeyValueStore<std::string, std::string>;
using Timestamped = TimestampedKeyValueStore<std::string, std::string>;

class TimeToLive : public ::testing::TestWithParam<Place> {
 protected:
  TimeToLive() { expire(); }

  // A record at this time puts the value.
  void put(const std::string& key, const std::string& value, std::int64_t time) {
    pass(time);
    state.at(time);
    store().put(key, value);
  }
  void pass(std::int64_t time) { stream_time = std::max(stream_time, ms(time)); }
  void reopen() {
    state.reopen();
    expire();
  }
  void expire() {
    for (StoreHost* host : state->hosts()) host->expire_by(stream_time);
  }
  Store& store() { return state.store<Store>("s"); }
  Timestamped& timestamped() { return state.store<Timestamped>("t"); }

  TestState state{{Store::spec("s", {.ttl = Duration(10)}), Timestamped::spec("t", {.ttl = Duration(10)})}, GetParam()};
  Timestamp stream_time = kNoTimestamp;
};

TEST_P(TimeToLive, WhatIsOlderIsGone) {
  put("a", "1", 0);
  put("b", "2", 5);
  pass(9);
  EXPECT_EQ(store().get("a"), "1");
  pass(10);
  EXPECT_EQ(store().get("a"), std::nullopt);
  EXPECT_EQ(store().get("b"), "2");
  EXPECT_THAT(store().all().to_vector(), ElementsAre(Pair("b", "2")));
  state.commit();
  EXPECT_THAT(store().reverse_all().to_vector(), ElementsAre(Pair("b", "2")));
}

TEST_P(TimeToLive, ATimestampedStoreGoesByTheTimeOfTheValue) {
  timestamped().put("a", {.value = "1", .timestamp = ms(0)});
  timestamped().put("b", {.value = "2", .timestamp = ms(5)});
  pass(10);
  EXPECT_EQ(timestamped().get("a"), std::nullopt);
  EXPECT_EQ(timestamped().get("b")->value, "2");
}

TEST_P(TimeToLive, AnotherPutBeginsItAnew) {
  put("a", "1", 0);
  put("a", "2", 8);
  pass(17);
  EXPECT_EQ(store().get("a"), "2");
  EXPECT_EQ(store().put_if_absent("a", "3"), "2");
  pass(18);
  state.at(18);
  EXPECT_EQ(store().put_if_absent("a", "3"), std::nullopt);
  EXPECT_EQ(store().get("a"), "3");
}

TEST_P(TimeToLive, TheChangelogIsThatOfAnyStore) {
  put("a", "1", 3);
  EXPECT_THAT(state.changes("s"), ElementsAre(Logged{"a", "1", ms(3)}));
}

TEST_P(TimeToLive, WhatIsRemovedHasATombstone) {
  put("a", "1", 0);
  put("b", "2", 5);
  state.commit();
  pass(12);
  EXPECT_TRUE(state.host("s").remove_expired());
  EXPECT_THAT(state.changes("s"), ElementsAre(Logged{"a", std::nullopt, ms(12)}));
  state.commit();
  EXPECT_FALSE(state.host("s").remove_expired());
  std::vector<std::string> keys;
  for (auto it = state.host("s").engine().range({}, Direction::kForward); it->valid(); it->next()) {
    keys.emplace_back(it->key());
  }
  EXPECT_THAT(keys, ElementsAre("b"));
}

TEST_P(TimeToLive, NothingIsRemovedThatHasChangedSince) {
  put("a", "1", 0);
  state.commit();
  put("a", "2", 12);
  EXPECT_FALSE(state.host("s").remove_expired());
  EXPECT_EQ(store().get("a"), "2");
}

TEST_P(TimeToLive, RemovingIsBoundedAndGetsRound) {
  constexpr int kKeys = 1000;
  for (int i = 0; i < kKeys; ++i) put("k" + std::to_string(i), "v", 0);
  state.commit();
  state.host("s").remove_expired();  // looks twice as often as something was put
  pass(10);
  EXPECT_TRUE(state.host("s").remove_expired());
  EXPECT_EQ(state.changes("s").size(), 100U);
  EXPECT_FALSE(state.host("s").remove_expired());
  for (int i = 0; i < 10; ++i) {
    pass(11 + i);
    state.host("s").remove_expired();
    state.commit();
  }
  EXPECT_FALSE(state.host("s").engine().range({}, Direction::kForward)->valid());
}

TEST_P(TimeToLive, WhatWasNotRemovedYetIsGoneAfterARestore) {
  put("a", "1", 0);
  put("b", "2", 5);
  const std::vector<Logged> changelog = state.changes("s");
  TestState restored({Store::spec("s", {.ttl = Duration(10)})}, GetParam());
  std::vector<RestoreRecord> records;
  for (const Logged& each : changelog) records.push_back({each.key, *each.value, each.timestamp});
  ASSERT_TRUE(restored->restore("s", records, 2).ok());
  pass(10);
  restored.host("s").expire_by(stream_time);
  EXPECT_THAT(restored.store<Store>("s").all().to_vector(), ElementsAre(Pair("b", "2")));
  EXPECT_TRUE(restored.host("s").remove_expired());
  EXPECT_THAT(restored.changes("s"), ElementsAre(Logged{"a", std::nullopt, ms(10)}));
}

TEST_P(TimeToLive, TheEntriesOfAnEarlierRunExpire) {
  put("a", "1", 0);
  state.commit();
  reopen();
  pass(10);
  EXPECT_EQ(store().get("a"), std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(Places, TimeToLive, ::testing::Values(Place::kMemory, Place::kDisk));

TEST(TimeToLiveCached, NobodyDownstreamIsToldOfWhatHasExpired) {
  TestState state({Timestamped::spec("t", {.caching = true, .ttl = Duration(10)})});
  Timestamp stream_time = ms(0);
  state.host("t").expire_by(stream_time);
  std::vector<std::string> told;
  auto& store = state.store<Timestamped>("t");
  store.send_old_values();
  store.set_flush_listener(
      [&](const std::string& key, const Change<std::string>& change, const RecordContext&, Timestamp) {
        told.push_back(key + ": " + change.before.value_or("-") + " " + change.after.value_or("-"));
      });
  const auto put = [&](const std::string& value, std::int64_t time) {
    stream_time = ms(time);
    state.at(time);
    store.put("a", {.value = value, .timestamp = ms(time)});
    store.flush_cache();
    state.commit();
  };
  put("1", 0);
  put("2", 9);
  put("3", 19);
  EXPECT_THAT(told, ElementsAre("a: - 1", "a: 1 2", "a: - 3"));
  stream_time = ms(40);
  EXPECT_TRUE(state.host("t").remove_expired());
  store.flush_cache();
  EXPECT_EQ(told.size(), 3U);
}

}  // namespace
}  // namespace levada
