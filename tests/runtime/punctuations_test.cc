#include <stdexcept>
#include <string>
#include <utility>
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

// The names of what runs until the time, which are scheduled every so many milliseconds.
std::string order_of(const std::vector<std::pair<std::string, int>>& schedules, const std::vector<int>& times) {
  Punctuations punctuations;
  std::string order;
  for (const auto& [name, interval] : schedules) {
    punctuations.schedule(Duration(interval), PunctuationType::kStreamTime, at(0),
                          [&order, text = name](Timestamp) { order += text; });
  }
  for (const int time : times) {
    punctuations.run(PunctuationType::kStreamTime, at(time));
    order += " ";
  }
  return order;
}

TEST(Punctuations, WhatIsDueFirstComesFirst) {
  EXPECT_EQ(order_of({{"a", 10000}, {"b", 2000}}, {57192, 72201}), "ab ba ");
}

TEST(Punctuations, WhatIsDueAtOneTimeComesInTheOrderOfJavasQueue) {
  EXPECT_EQ(order_of({{"a", 10}, {"b", 10}, {"c", 10}}, {0}), "acb ");
}

TEST(Punctuations, OneThatIsScheduledMeanwhileMayBeDueAtOnce) {
  Punctuations punctuations;
  Fired inner;
  punctuations.schedule(Duration(10), PunctuationType::kStreamTime, at(0), [&](Timestamp) {
    if (inner.times.empty()) punctuations.schedule(Duration(10), PunctuationType::kStreamTime, at(0), inner.action());
  });
  punctuations.run(PunctuationType::kStreamTime, at(5));
  EXPECT_THAT(inner.times, ElementsAre(at(5)));
}

TEST(Punctuations, RefusesAnIntervalOfNothing) {
  Punctuations punctuations;
  EXPECT_THROW(punctuations.schedule(Duration(0), PunctuationType::kStreamTime, at(0), [](Timestamp) {}),
               std::invalid_argument);
}

}  // namespace
}  // namespace levada
