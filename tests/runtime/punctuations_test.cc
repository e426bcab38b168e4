#include <stdexcept>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/runtime/punctuations.h>

namespace levada {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Timestamp at(std::int64_t ms) { return Timestamp(Duration(ms)); }

struct Fired {
  std::function<void(Timestamp)> action() {
    return [this](Timestamp now) { times.push_back(now); };
  }
  std::vector<Timestamp> times = {};
};

TEST(Punctuations, StreamTimeIsDueAtOnceAndThenAligned) {
  Punctuations punctuations;
  Fired fired;
  punctuations.schedule(Duration(100), PunctuationType::kStreamTime, at(0), fired.action());
  for (const std::int64_t time : {30, 90, 100, 170, 205}) punctuations.run(PunctuationType::kStreamTime, at(time));
  EXPECT_THAT(fired.times, ElementsAre(at(30), at(100), at(205)));
}

TEST(Punctuations, WallClockIsFirstDueAnIntervalLater) {
  Punctuations punctuations;
  Fired fired;
  punctuations.schedule(Duration(100), PunctuationType::kWallClockTime, at(50), fired.action());
  EXPECT_FALSE(punctuations.run(PunctuationType::kWallClockTime, at(149)));
  EXPECT_TRUE(punctuations.run(PunctuationType::kWallClockTime, at(150)));
}

TEST(Punctuations, MissedIntervalsCollapseIntoOne) {
  Punctuations punctuations;
  Fired fired;
  punctuations.schedule(Duration(10), PunctuationType::kWallClockTime, at(0), fired.action());
  punctuations.run(PunctuationType::kWallClockTime, at(1005));
  punctuations.run(PunctuationType::kWallClockTime, at(1009));
  punctuations.run(PunctuationType::kWallClockTime, at(1010));
  EXPECT_THAT(fired.times, ElementsAre(at(1005), at(1010)));
}

TEST(Punctuations, ACancelledOneNeverFires) {
  Punctuations punctuations;
  Fired fired;
  const PunctuationId id = punctuations.schedule(Duration(10), PunctuationType::kStreamTime, at(0), fired.action());
  punctuations.cancel(id);
  punctuations.run(PunctuationType::kStreamTime, at(100));
  EXPECT_THAT(fired.times, IsEmpty());
}

TEST(Punctuations, OneMayCancelItselfAndTheNext) {
  Punctuations punctuations;
  Fired second;
  PunctuationId first_id{};
  PunctuationId second_id{};
  int first = 0;
  first_id = punctuations.schedule(Duration(10), PunctuationType::kStreamTime, at(0), [&](Timestamp) {
    ++first;
    punctuations.cancel(first_id);
    punctuations.cancel(second_id);
  });
  second_id = punctuations.schedule(Duration(10), PunctuationType::kStreamTime, at(0), second.action());
  punctuations.run(PunctuationType::kStreamTime, at(100));
  punctuations.run(PunctuationType::kStreamTime, at(200));
  EXPECT_EQ(first, 1);
  EXPECT_THAT(second.times, IsEmpty());
}

TEST(Punctuations, RefusesAnIntervalOfNothing) {
  Punctuations punctuations;
  EXPECT_THROW(punctuations.schedule(Duration(0), PunctuationType::kStreamTime, at(0), [](Timestamp) {}),
               std::invalid_argument);
}

}  // namespace
}  // namespace levada
