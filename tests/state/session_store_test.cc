#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/state/session_store.h>

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

using Store = SessionStore<std::string, std::string>;

StoreSpec sessions(Store::Options options = {}) {
  options.retention = Duration(1000);
  options.segment_interval = Duration(100);
  return Store::spec("s", options);
}

Windowed<std::string> session(std::string key, std::int64_t start, std::int64_t end) {
  return {std::move(key), {ms(start), ms(end)}};
}

Bytes session_key(BytesView key, std::int64_t start, std::int64_t end) {
  Bytes bytes;
  append_session_key({key, {ms(start), ms(end)}}, bytes);
  return bytes;
}

class SessionStoreTest : public ::testing::TestWithParam<Place> {
 protected:
  Store& store() { return state.store<Store>("s"); }

  TestState state{{sessions()}, GetParam()};
};

std::string name_of_place(const ::testing::TestParamInfo<Place>& place) {
  return place.param == Place::kDisk ? "Disk" : "Memory";
}

INSTANTIATE_TEST_SUITE_P(Engines, SessionStoreTest, ::testing::Values(Place::kMemory, Place::kDisk), name_of_place);

TEST_P(SessionStoreTest, FetchesOneSession) {
  store().put(session("a", 10, 50), "1");
  EXPECT_EQ(store().fetch_session("a", ms(10), ms(50)), "1");
  state.commit();
  EXPECT_EQ(store().fetch_session("a", ms(10), ms(50)), "1");
  EXPECT_EQ(store().fetch_session("a", ms(10), ms(51)), std::nullopt);
}

TEST_P(SessionStoreTest, FindsSessionsOfAKeyThatOverlap) {
  store().put(session("a", 0, 40), "ends too early");
  store().put(session("a", 30, 50), "1");
  store().put(session("a", 60, 210), "2");
  state.commit();
  store().put(session("a", 90, 90), "3");
  store().put(session("a", 101, 101), "starts too late");
  EXPECT_THAT(
      store().find_sessions("a", ms(50), ms(100)).to_vector(),
      ElementsAre(Pair(session("a", 30, 50), "1"), Pair(session("a", 90, 90), "3"), Pair(session("a", 60, 210), "2")));
  EXPECT_THAT(
      store().backward_find_sessions("a", ms(50), ms(100)).to_vector(),
      ElementsAre(Pair(session("a", 60, 210), "2"), Pair(session("a", 90, 90), "3"), Pair(session("a", 30, 50), "1")));
}

TEST_P(SessionStoreTest, FindsNoLongerKeysThatLieBetween) {
  store().put(session("a", 10, 10), "1");
  store().put(session(std::string("a\0\0\0\0\0\0\0\x0a", 9), 10, 10), "longer");
  EXPECT_THAT(store().fetch("a").to_vector(), ElementsAre(Pair(session("a", 10, 10), "1")));
}

TEST_P(SessionStoreTest, FetchesKeysOfAnyLengthSegmentBySegment) {
  store().put(session("b", 150, 150), "1");
  store().put(session("b", 20, 20), "2");
  store().put(session("abc", 30, 30), "3");
  state.commit();
  store().put(session("a", 40, 40), "4");
  store().put(session("c", 10, 10), "5");
  EXPECT_THAT(store().fetch("a", "b").to_vector(),
              ElementsAre(Pair(session("a", 40, 40), "4"), Pair(session("abc", 30, 30), "3"),
                          Pair(session("b", 20, 20), "2"), Pair(session("b", 150, 150), "1")));
  EXPECT_THAT(
      store().backward_fetch("b", std::nullopt).to_vector(),
      ElementsAre(Pair(session("b", 150, 150), "1"), Pair(session("c", 10, 10), "5"), Pair(session("b", 20, 20), "2")));
  EXPECT_THAT(store().find_sessions(std::nullopt, "abc", ms(40), ms(99)).to_vector(),
              ElementsAre(Pair(session("a", 40, 40), "4")));
}

TEST_P(SessionStoreTest, FindsSessionsOfAllKeysByTheirEnd) {
  store().put(session("b", 0, 150), "1");
  store().put(session("a", 0, 160), "2");
  store().put(session("a", 0, 10), "3");
  EXPECT_THAT(store().find_sessions(ms(11), ms(160)).to_vector(),
              ElementsAre(Pair(session("a", 0, 160), "2"), Pair(session("b", 0, 150), "1")));
  EXPECT_THAT(store().find_sessions(ms(11), ms(159)).to_vector(), ElementsAre(Pair(session("b", 0, 150), "1")));
}

TEST_P(SessionStoreTest, RemovesASession) {
  store().put(session("a", 10, 50), "1");
  state.commit();
  store().remove(session("a", 10, 50));
  EXPECT_EQ(store().fetch_session("a", ms(10), ms(50)), std::nullopt);
  state.commit();
  EXPECT_THAT(store().fetch("a").to_vector(), IsEmpty());
}

TEST_P(SessionStoreTest, ReadsNothingOlderThanTheRetention) {
  store().put(session("a", 0, 99), "old");
  store().put(session("a", 0, 101), "kept");
  store().put(session("a", 1100, 1100), "new");
  EXPECT_EQ(store().fetch_session("a", ms(0), ms(99)), std::nullopt);
  EXPECT_THAT(store().fetch("a").to_vector(),
              ElementsAre(Pair(session("a", 0, 101), "kept"), Pair(session("a", 1100, 1100), "new")));
}

TEST_P(SessionStoreTest, LogsKeysAsKafkaStreamsDoes) {
  state.at(7);
  store().put(session("a", 250, 300), "1");
  store().remove(session("a", 250, 260));
  EXPECT_THAT(state.changes("s"), ElementsAre(Logged{session_key("a", 250, 300), "1", ms(7)},
                                              Logged{session_key("a", 250, 260), std::nullopt, ms(7)}));
}

TEST_P(SessionStoreTest, LogsWhatIsExpiredAndDoesNotStoreIt) {
  store().put(session("a", 2000, 2000), "new");
  state.changes("s");
  store().put(session("a", 500, 500), "late");
  EXPECT_THAT(state.changes("s"), ElementsAre(Logged{session_key("a", 500, 500), "late", kNoTimestamp}));
  state.commit();
  EXPECT_THAT(store().fetch("a").to_vector(), ElementsAre(Pair(session("a", 2000, 2000), "new")));
}

TEST_P(SessionStoreTest, AbortTakesEventTimeBack) {
  store().put(session("a", 10, 50), "1");
  state.commit();
  store().put(session("a", 90000, 90000), "far");
  state->discard();
  EXPECT_THAT(store().fetch("a").to_vector(), ElementsAre(Pair(session("a", 10, 50), "1")));
}

TEST_P(SessionStoreTest, MayBeWrittenWhileItIsWalked) {
  for (const std::int64_t end : {0, 90, 110, 250}) store().put(session("a", 0, end), "1");
  state.commit();
  for (const auto& [found, value] : store().fetch("a")) store().remove(found);
  EXPECT_THAT(store().fetch("a").to_vector(), IsEmpty());
}

TEST_P(SessionStoreTest, RefusesSessionsBefore1970) {
  EXPECT_THROW(store().put(session("a", -1, 0), "1"), std::invalid_argument);
  EXPECT_THAT(store().find_sessions("a", ms(-20), ms(-10)).to_vector(), IsEmpty());
}

TEST_P(SessionStoreTest, IsRestored) {
  const Bytes early = session_key("a", 0, 50);
  const Bytes gone = session_key("a", 90, 95);
  const Bytes late = session_key("a", 900, 950);
  const auto status = state->restore(
      "s", {{late, "2", ms(1)}, {early, "1", ms(2)}, {gone, "3", ms(3)}, {gone, std::nullopt, ms(4)}}, 4);
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_THAT(store().fetch("a").to_vector(),
              ElementsAre(Pair(session("a", 0, 50), "1"), Pair(session("a", 900, 950), "2")));
  EXPECT_EQ(state->restore("s", {{"fifteen bytes..", "1", ms(1)}}, 5).code(), absl::StatusCode::kDataLoss);
}

TEST(SessionStoreInMemory, ExpiresToTheMillisecond) {
  TestState state({sessions({.engine = StoreEngine::kInMemory})});
  auto& store = state.store<Store>("s");
  store.put(session("a", 0, 1200), "1");
  store.put(session("a", 0, 200), "expired");
  store.put(session("a", 0, 201), "kept");
  EXPECT_THAT(store.fetch("a").to_vector(),
              ElementsAre(Pair(session("a", 0, 201), "kept"), Pair(session("a", 0, 1200), "1")));
}

TEST(SessionStoreCached, TellsSessionsAtCommitWithTheirEnd) {
  TestState state({sessions({.caching = true})});
  auto& store = state.store<Store>("s");
  std::vector<std::string> told;
  store.set_flush_listener([&](const Windowed<std::string>& key, const Change<std::string>& change,
                               const RecordContext& record, Timestamp timestamp) {
    EXPECT_EQ(timestamp, key.window.end);
    EXPECT_EQ(record.timestamp, ms(3));
    told.push_back(key.key + change.before.value_or("-") + change.after.value_or("-"));
  });
  state.at(3);
  store.put(session("b", 10, 50), "1");
  store.put(session("a", 10, 20), "2");
  store.put(session("b", 10, 50), "3");
  store.remove(session("never there", 1, 1));
  state.commit();
  EXPECT_THAT(told, ElementsAre("a-2", "b-3"));
  store.remove(session("b", 10, 50));
  state.commit();
  EXPECT_EQ(told.back(), "b3-");
}

TEST(SessionStoreCached, StillHasWhatIsExpiredAndTellsNothingOfItsRemoval) {
  TestState state({sessions({.caching = true})});
  auto& store = state.store<Store>("s");
  std::vector<std::string> told;
  store.set_flush_listener([&](const Windowed<std::string>& key, const Change<std::string>& change,
                               const RecordContext&,
                               Timestamp) { told.push_back(key.key + change.after.value_or("-")); });
  store.put(session("a", 300, 350), "1");
  store.put(session("b", 1380, 1380), "2");
  state.commit();
  EXPECT_EQ(store.fetch_session("a", ms(300), ms(350)), "1");
  store.remove(session("a", 300, 350));
  state.commit();
  EXPECT_THAT(told, ElementsAre("a1", "b2"));
}

// A store that is walked by time: the same answers, and one more.
class SessionStoreByTime : public ::testing::TestWithParam<Place> {
 protected:
  Store& store() { return state.store<Store>("s"); }

  TestState state{{sessions({.by_time = true})}, GetParam()};
};

INSTANTIATE_TEST_SUITE_P(Engines, SessionStoreByTime, ::testing::Values(Place::kMemory, Place::kDisk), name_of_place);

TEST_P(SessionStoreByTime, FindsSessionsOfAllKeysInTheOrderOfTheirEnds) {
  store().put(session("a", 0, 160), "2");
  store().put(session("b", 0, 150), "1");
  store().put(session("a", 0, 10), "3");
  state.commit();
  store().put(session("b", 20, 150), "4");
  store().put(session("c", 0, 155), "5");
  store().remove(session("a", 0, 160));
  EXPECT_THAT(
      store().find_sessions(ms(11), ms(160)).to_vector(),
      ElementsAre(Pair(session("b", 0, 150), "1"), Pair(session("b", 20, 150), "4"), Pair(session("c", 0, 155), "5")));
  EXPECT_THAT(store().find_sessions(ms(0), ms(154)).to_vector().size(), 3);
}

TEST_P(SessionStoreByTime, StillReadsByKeyAndLogsTheSame) {
  store().put(session("a", 10, 50), "1");
  EXPECT_THAT(state.changes("s"), ElementsAre(Logged{session_key("a", 10, 50), "1", kNoTimestamp}));
  state.commit();
  EXPECT_EQ(store().fetch_session("a", ms(10), ms(50)), "1");
  EXPECT_THAT(store().fetch("a").to_vector(), ElementsAre(Pair(session("a", 10, 50), "1")));
  EXPECT_THAT(store().fetch(std::nullopt, std::nullopt).to_vector(), ElementsAre(Pair(session("a", 10, 50), "1")));
}

TEST_P(SessionStoreByTime, IsRestored) {
  const Bytes early = session_key("z", 0, 50);
  const Bytes late = session_key("a", 900, 950);
  const Bytes gone = session_key("a", 90, 95);
  ASSERT_TRUE(state->restore("s", {{late, "2", ms(1)}, {early, "1", ms(2)}, {gone, std::nullopt, ms(4)}}, 3).ok());
  EXPECT_THAT(store().find_sessions(ms(0), ms(1000)).to_vector(),
              ElementsAre(Pair(session("z", 0, 50), "1"), Pair(session("a", 900, 950), "2")));
}

TEST(SessionStoreOnDisk, IsNotTakenForOneThatIsWalkedByTime) {
  TestState state({sessions()}, Place::kDisk);
  const absl::Status status = state.try_reopen({sessions({.by_time = true})});
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), ::testing::HasSubstr("is now a session store that is read by time"));
}

}  // namespace
}  // namespace levada
