#include <gtest/gtest.h>

#include <levada/core/time.h>

namespace levada {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;

TEST(ManualClock, StandsStillUntilTold) {
  ManualClock clock(Timestamp(milliseconds(1'000)));
  const auto steady = clock.steady_now();
  EXPECT_EQ(clock.now(), Timestamp(milliseconds(1'000)));
  clock.advance(minutes(5));
  EXPECT_EQ(clock.now(), Timestamp(milliseconds(301'000)));
  EXPECT_EQ(clock.steady_now() - steady, minutes(5));
}

TEST(Timestamp, CountsMillisecondsSinceTheEpoch) {
  EXPECT_EQ(kNoTimestamp.time_since_epoch().count(), -1);
  EXPECT_EQ(Timestamp().time_since_epoch().count(), 0);
}

}  // namespace
}  // namespace levada
