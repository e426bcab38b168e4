// What comes out here is what Kafka Streams' own driver gave for the same records.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/dsl/windowed_run.h"

namespace levada {
namespace {

using testing::append;
using ::testing::ElementsAre;
using testing::Grouped;
using testing::run_windows;
using testing::Text;

const SlidingWindows kWindows = SlidingWindows::of(Duration(10), {.grace = Duration(50)});

auto aggregate(const Grouped& by_key) { return by_key.windowed_by(kWindows).aggregate(std::string(), append); }
auto reduce(const Grouped& by_key) { return by_key.windowed_by(kWindows).reduce(append); }

class SlidingAggregate : public ::testing::TestWithParam<bool> {};

INSTANTIATE_TEST_SUITE_P(Caching, SlidingAggregate, ::testing::Bool());

TEST_P(SlidingAggregate, MakesAWindowThatEndsWithEachRecordAndOneBehindIt) {
  const auto run = run_windows(reduce, {{"A", 20}, {"B", 25}, {"C", 22}, {"D", 41}, {"E", 30}, {"F", 25}}, GetParam());
  EXPECT_THAT(run.lines, ElementsAre("A@20: [10]=A@20",                                      //
                                     "B@25: [21]=B@25 [15]=AB@25",                           //
                                     "C@22: [21]=BC@25 [15]=ABC@25 [12]=AC@22 [23]=B@25",    //
                                     "D@41: [31]=D@41",                                      //
                                     "E@30: [23]=BE@30 [21]=BCE@30 [26]=E@30 [20]=ABCE@30",  //
                                     "F@25: [23]=BEF@30 [21]=BCEF@30 [20]=ABCEF@30 [15]=ABCF@25"));
}

TEST_P(SlidingAggregate, EarlyRecordsShareTheFirstWindow) {
  const auto run = run_windows(
      aggregate,
      {{"A", 3}, {"B", 1}, {"C", 5}, {"D", 12}, {"E", 8}, {"F", 3}, {"G", 0}, {"H", 14}, {"I", 24}, {"J", 13}},
      GetParam());
  EXPECT_THAT(run.lines, ElementsAre("A@3: [0]=A@3",                                               //
                                     "B@1: [2]=A@3 [0]=AB@3",                                      //
                                     "C@5: [2]=AC@5 [4]=C@5 [0]=ABC@5",                            //
                                     "D@12: [4]=CD@12 [2]=ACD@12 [6]=D@12",                        //
                                     "E@8: [2]=ACDE@12 [4]=CDE@12 [6]=DE@12 [9]=D@12 [0]=ABCE@8",  //
                                     "F@3: [2]=ACDEF@12 [0]=ABCEF@8",                              //
                                     "G@0: [1]=ABCEF@8 [0]=ABCEFG@8",                              //
                                     "H@14: [9]=DH@14 [6]=DEH@14 [4]=CDEH@14 [13]=H@14",           //
                                     "I@24: [15]=I@24 [14]=HI@24",                                 //
                                     "J@13: [13]=HJ@14 [9]=DHJ@14 [6]=DEHJ@14 [4]=CDEHJ@14 [3]=ACDEFJ@13"));
}

TEST_P(SlidingAggregate, DropsARecordWhoseOwnWindowsAreClosed) {
  const auto run = run_windows(reduce, {{"A", 100}, {"B", 40}, {"C", 39}}, GetParam());
  EXPECT_THAT(run.lines, ElementsAre("A@100: [90]=A@100", "B@40:", "C@39:"));
  EXPECT_EQ(run.late, 2U);
}

TEST(SlidingWindowsTest, RefuseWhatMakesNoSense) {
  EXPECT_TRUE(SlidingWindows::of(Duration(0)).check().ok());
  EXPECT_FALSE(SlidingWindows::of(Duration(-1)).check().ok());
  EXPECT_FALSE(SlidingWindows::of(Duration(1), {.grace = Duration(-1)}).check().ok());
}

TEST(SlidingWindowsTest, AreKeptForTwiceTheDifferenceAndTheGrace) {
  StreamsBuilder builder;
  builder.stream<Text, Text>("in").group_by_key().windowed_by(kWindows).count(
      {.store = "c", .retention = Duration(69)});
  EXPECT_EQ(builder.build().status().message(),
            "store c: a retention of 69 ms is less than twice the time difference and the grace of its windows, 70 ms");
}

}  // namespace
}  // namespace levada
