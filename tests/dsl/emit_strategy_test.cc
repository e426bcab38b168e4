// What comes out here is what Kafka Streams' own driver gave for the same records.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/dsl/windowed_run.h"

namespace levada {
namespace {

using testing::append;
using ::testing::ElementsAre;
using testing::Grouped;
using testing::ms;
using testing::Records;
using testing::run_sessions;
using testing::run_windows;
using testing::Text;

auto hopping(const Grouped& by_key) {
  return by_key.windowed_by(TimeWindows::of(Duration(10), {.grace = Duration(2)}).advance_by(Duration(5)))
      .emit_strategy(EmitStrategy::on_window_close())
      .aggregate(std::string(), append);
}

auto sliding(const Grouped& by_key) {
  return by_key.windowed_by(SlidingWindows::of(Duration(10), {.grace = Duration(50)}))
      .emit_strategy(EmitStrategy::on_window_close())
      .aggregate(std::string(), append);
}

auto sessions(const Grouped& by_key) {
  return by_key.windowed_by(SessionWindows::of(Duration(10), {.grace = Duration(5)}))
      .emit_strategy(EmitStrategy::on_window_close())
      .aggregate(std::string(), append, append);
}

const Records kHopping = {{"A", 7}, {"B", 11}, {"C", 12}, {"D", 13}, {"E", 17}, {"F", 4}, {"G", 18}, {"H", 40}};

TEST(EmitOnWindowClose, TellsHoppingWindowsOnceInTheOrderOfTime) {
  const auto run = run_windows(hopping, kHopping);
  EXPECT_THAT(run.lines, ElementsAre("A@7:", "B@11:", "C@12: [0]=A@7", "D@13:", "E@17: [5]=ABCD@13",
                                     "F@4:", "G@18:", "H@40: [10]=BCDEG@18 [15]=EG@18"));
  EXPECT_EQ(run.late, 1U);
}

TEST(EmitOnWindowClose, WithoutACacheLosesWhatIsExpiredWhenTimeJumps) {
  EXPECT_EQ(run_windows(hopping, kHopping, false).lines.back(), "H@40:");
}

TEST(EmitOnWindowClose, TellsSlidingWindows) {
  for (const bool caching : {false, true}) {
    const auto run = run_windows(sliding, {{"A", 20}, {"B", 25}, {"C", 81}, {"D", 86}, {"E", 200}}, caching);
    EXPECT_THAT(run.lines, ElementsAre("A@20:", "B@25:", "C@81: [10]=A@20 [15]=AB@25", "D@86: [21]=B@25", "E@200:"));
  }
}

TEST(EmitOnWindowClose, TellsSessionsWithTheirEnd) {
  for (const bool caching : {false, true}) {
    const auto run =
        run_sessions(sessions, {{"A", 0}, {"B", 10}, {"C", 25}, {"D", 26}, {"E", 22}, {"F", 60}, {"G", 70}}, caching);
    EXPECT_THAT(run.lines,
                ElementsAre("A@0:", "B@10:", "C@25:", "D@26: [10 0]=AB@10", "E@22:", "F@60: [26 22]=CDE@26", "G@70:"));
  }
}

TEST(EmitOnWindowClose, TellsTheWindowsOfAllKeysByTimeThenByKey) {
  const Topology topology = testing::windowed_topology(
      [](const Grouped& by_key) {
        return by_key.windowed_by(TimeWindows::of(Duration(10))).emit_strategy(EmitStrategy::on_window_close()).count();
      },
      Serde<Windowed<std::string>>());
  TopologyTestDriver driver(topology);
  for (const auto& [key, time] : Records{{"b", 11}, {"a", 12}, {"c", 13}, {"b", 5}, {"a", 25}}) {
    driver.pipe("in", {.key = key, .value = "v", .timestamp = ms(time)});
  }
  std::string keys;
  for (const TestBytes& record : driver.records("out")) keys += record.key->front();
  EXPECT_EQ(keys, "abc");
  EXPECT_EQ(driver.dropped_records(DropReason::kLate), 1U);
}

TEST(EmitOnWindowClose, OfUnlimitedWindowsIsAMistake) {
  StreamsBuilder builder;
  builder.stream<Text, Text>("in")
      .group_by_key()
      .windowed_by(UnlimitedWindows::of())
      .emit_strategy(EmitStrategy::on_window_close())
      .count();
  EXPECT_EQ(builder.build().status().message(),
            "emit_strategy: unlimited windows are never closed, so no result would go on");
}

TEST(UnlimitedWindowsTest, KeepOneWindowPerKeyForEver) {
  const auto run = run_windows(
      [](const Grouped& by_key) { return by_key.windowed_by(UnlimitedWindows::of().start_on(ms(100))).reduce(append); },
      {{"A", 50}, {"B", 1000}, {"C", 100}, {"D", 1'700'000'000'000}});
  EXPECT_THAT(run.lines, ElementsAre("A@50:", "B@1000: [100]=B@1000", "C@100: [100]=BC@1000",
                                     "D@1700000000000: [100]=BCD@1700000000000"));
  EXPECT_EQ(run.late, 0U);
  EXPECT_FALSE(UnlimitedWindows::of().start_on(ms(-1)).check().ok());
}

}  // namespace
}  // namespace levada
