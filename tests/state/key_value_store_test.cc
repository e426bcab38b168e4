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

using Store = KeyValueStore<std::string, std::int64_t>;
using Timestamped = TimestampedKeyValueStore<std::string, std::int64_t>;

class KeyValueStoreTest : public ::testing::TestWithParam<Place> {
 protected:
  KeyValueStoreTest() { store().put_all({{"b", 2}, {"a", 1}, {"c", 3}}); }

  Store& store() { return state.store<Store>("s"); }

  TestState state{{Store::spec("s")}, GetParam()};
};

TEST_P(KeyValueStoreTest, GetsWhatWasPut) {
  EXPECT_EQ(store().get("a"), 1);
  EXPECT_EQ(store().get("x"), std::nullopt);
}

TEST_P(KeyValueStoreTest, GetsWhatWasCommitted) {
  state.commit();
  EXPECT_EQ(store().get("a"), 1);
}

TEST_P(KeyValueStoreTest, AbortBringsTheCommittedBack) {
  state.commit();
  store().put("a", 10);
  store().erase("b");
  state->discard();
  EXPECT_THAT(store().all().to_vector(), ElementsAre(Pair("a", 1), Pair("b", 2), Pair("c", 3)));
}

TEST_P(KeyValueStoreTest, EraseReturnsWhatWasThere) {
  EXPECT_EQ(store().erase("a"), 1);
  EXPECT_EQ(store().erase("a"), std::nullopt);
}

TEST_P(KeyValueStoreTest, PuttingNulloptErases) {
  store().put("a", std::nullopt);
  store().put("b", std::optional<std::int64_t>());
  store().put("c", std::optional<std::int64_t>(30));
  EXPECT_THAT(store().all().to_vector(), ElementsAre(Pair("c", 30)));
}

TEST_P(KeyValueStoreTest, PutIfAbsentKeepsWhatIsThere) {
  EXPECT_EQ(store().put_if_absent("a", 9), 1);
  EXPECT_EQ(store().put_if_absent("d", 4), std::nullopt);
  EXPECT_EQ(store().get("a"), 1);
  EXPECT_EQ(store().get("d"), 4);
}

TEST_P(KeyValueStoreTest, RangesIncludeBothEnds) {
  state.commit();
  store().put("bb", 22);
  EXPECT_THAT(store().range("a", "bb").to_vector(), ElementsAre(Pair("a", 1), Pair("b", 2), Pair("bb", 22)));
  EXPECT_THAT(store().reverse_range("b", "c").to_vector(), ElementsAre(Pair("c", 3), Pair("bb", 22), Pair("b", 2)));
}

TEST_P(KeyValueStoreTest, RangesWithoutAnEndAreOpen) {
  EXPECT_THAT(store().range(std::nullopt, "a").to_vector(), ElementsAre(Pair("a", 1)));
  EXPECT_THAT(store().range("c", std::nullopt).to_vector(), ElementsAre(Pair("c", 3)));
  EXPECT_THAT(store().reverse_all().to_vector(), ElementsAre(Pair("c", 3), Pair("b", 2), Pair("a", 1)));
}

TEST_P(KeyValueStoreTest, ARangeTheWrongWayRoundIsEmpty) {
  state.commit();
  EXPECT_THAT(store().range("c", "a").to_vector(), IsEmpty());
}

TEST_P(KeyValueStoreTest, ScansPrefixes) {
  state.commit();
  store().put_all({{"b1", 21}, {"b2", 22}});
  EXPECT_THAT(store().prefix_scan(std::string("b")).to_vector(),
              ElementsAre(Pair("b", 2), Pair("b1", 21), Pair("b2", 22)));
}

TEST_P(KeyValueStoreTest, MayBeWrittenWhileItIsWalked) {
  state.commit();
  for (const auto& [key, value] : store().all()) store().erase(key);
  EXPECT_THAT(store().all().to_vector(), IsEmpty());
}

TEST_P(KeyValueStoreTest, CountsItsEntries) {
  state.commit();
  EXPECT_EQ(store().approximate_num_entries(), 3);
}

INSTANTIATE_TEST_SUITE_P(Engines, KeyValueStoreTest, ::testing::Values(Place::kMemory, Place::kDisk),
                         [](const auto& place) { return place.param == Place::kDisk ? "Disk" : "Memory"; });

TEST(TimestampedKeyValueStore, KeepsTheTimeOfAValue) {
  TestState state({Timestamped::spec("s")});
  auto& store = state.store<Timestamped>("s");
  store.put("a", {.value = 1, .timestamp = ms(7)});
  EXPECT_EQ(store.get("a"), (ValueAndTimestamp<std::int64_t>{1, ms(7)}));
}

TEST(TimestampedKeyValueStore, LogsThePlainValueWithItsTimeAndTombstonesWithThatOfTheRecord) {
  TestState state({Timestamped::spec("s")});
  auto& store = state.store<Timestamped>("s");
  state.at(5);
  store.put("a", {.value = 1, .timestamp = ms(7)});
  store.put("b", std::nullopt);
  EXPECT_THAT(state.changes("s"),
              ElementsAre(Logged{"a", Bytes("\0\0\0\0\0\0\0\1", 8), ms(7)}, Logged{"b", std::nullopt, ms(5)}));
}

TEST(TaskStateStores, AnUnknownNameIsAnError) {
  TestState state({Store::spec("s")});
  EXPECT_THROW(state->store("t"), std::invalid_argument);
}

TEST(TaskStateStores, TwoStoresOfOneNameAreAnError) {
  TestState state({});
  EXPECT_EQ(state.try_reopen({Store::spec("s"), Timestamped::spec("s")}).code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace levada
