#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/state/outer_join_store.h>

#include "tests/state/test_state.h"

namespace levada {
namespace {

using ::levada::testing::ms;
using ::levada::testing::Place;
using ::levada::testing::TestState;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const JoinReach kReach = {.left = Duration(10), .right = Duration(10)};

OuterJoinKey left(std::int64_t time, BytesView key) { return {ms(time), JoinSide::kLeft, key}; }
OuterJoinKey right(std::int64_t time, BytesView key) { return {ms(time), JoinSide::kRight, key}; }

struct Waiting {
  explicit Waiting(Place place = Place::kMemory) : state({OuterJoinStore::spec("j", {})}, place) {}

  OuterJoinStore& store() { return state.store<OuterJoinStore>("j"); }

  std::vector<std::string> closed(std::int64_t stream_time, const JoinReach& reach = kReach, std::int64_t wall = 0) {
    std::vector<std::string> values;
    store().observe(ms(stream_time));
    store().take_closed(reach, JoinSide::kLeft, ms(wall), [&](const OuterJoinKey& key, BytesView value) {
      values.push_back(std::string(key.key) + "=" + std::string(value));
    });
    return values;
  }

  TestState state;
};

TEST(OuterJoinStore, HandsOutWhatIsClosedInTheOrderOfTime) {
  Waiting waiting;
  waiting.store().add(left(5, "b"), "1");
  waiting.store().add(right(3, "a"), "2");
  EXPECT_THAT(waiting.closed(13), IsEmpty());
  EXPECT_THAT(waiting.closed(14), ElementsAre("a=2"));
  EXPECT_THAT(waiting.closed(20), ElementsAre("b=1"));
  EXPECT_THAT(waiting.closed(90), IsEmpty());
}

TEST(OuterJoinStore, KeepsAllValuesOfOneKeyTimeAndSide) {
  Waiting waiting;
  waiting.store().add(left(5, "a"), "1");
  waiting.store().add(left(5, "a"), "2");
  EXPECT_THAT(waiting.closed(100), ElementsAre("a=1", "a=2"));
}

TEST(OuterJoinStore, RemovesAllOfThem) {
  Waiting waiting;
  waiting.store().add(left(5, "a"), "1");
  waiting.store().add(left(5, "a"), "2");
  waiting.store().remove(left(5, "a"));
  EXPECT_THAT(waiting.closed(100), IsEmpty());
}

TEST(OuterJoinStore, RemovingWhatIsNotThereLogsNothing) {
  Waiting waiting;
  waiting.store().remove(left(5, "a"));
  EXPECT_EQ(waiting.state.host("j").buffered_bytes(), 0U);
}

TEST(OuterJoinStore, GraceKeepsWindowsOpen) {
  Waiting waiting;
  const JoinReach reach = {.left = Duration(10), .right = Duration(10), .grace = Duration(5)};
  waiting.store().add(left(0, "a"), "1");
  EXPECT_THAT(waiting.closed(15, reach), IsEmpty());
  EXPECT_THAT(waiting.closed(16, reach), ElementsAre("a=1"));
}

TEST(OuterJoinStore, LooksOnceAnInterval) {
  Waiting waiting;
  waiting.store().set_scan_interval(Duration(1000));
  EXPECT_THAT(waiting.closed(0, kReach, 500), IsEmpty());
  waiting.store().add(left(0, "a"), "1");
  EXPECT_THAT(waiting.closed(100, kReach, 1499), IsEmpty());
  EXPECT_THAT(waiting.closed(100, kReach, 1500), ElementsAre("a=1"));
}

TEST(OuterJoinStore, FindsWhatAnEarlierRunLeft) {
  Waiting waiting(Place::kDisk);
  waiting.store().add(left(5, "a"), "1");
  waiting.state.commit();
  waiting.state.reopen();
  EXPECT_THAT(waiting.closed(100), ElementsAre("a=1"));
}

}  // namespace
}  // namespace levada
