#include <chrono>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/core/log_text.h>
#include <levada/core/log_throttle.h>

namespace levada {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

class Lines final : public LogSink {
 public:
  void write(const LogEvent& event) override { append_log_text(event, lines.emplace_back()); }
  std::vector<std::string> lines = {};
};

class LogThrottleTest : public testing::Test {
 protected:
  int admitted(std::string_view reason, int times) {
    int passes = 0;
    for (int i = 0; i < times; ++i) passes += throttle_.admit(reason).has_value() ? 1 : 0;
    return passes;
  }

  ManualClock clock_;
  LogThrottle throttle_{clock_, {.first = 3, .interval = seconds(10)}};
  Lines sink_;
  Logger log_{sink_, LogLevel::kWarn};
};

TEST_F(LogThrottleTest, LetsTheFirstOfEachReasonPass) {
  EXPECT_EQ(admitted("null key", 1'000), 3);
  EXPECT_EQ(admitted("not JSON", 2), 2);
}

TEST_F(LogThrottleTest, ThenOnePerIntervalWithTheNumberHeldBack) {
  admitted("null key", 1'003);
  clock_.advance(seconds(10));
  const auto pass = throttle_.admit("null key");
  ASSERT_TRUE(pass.has_value());
  EXPECT_EQ(pass->suppressed, 1'000);
  EXPECT_EQ(admitted("null key", 5), 0);
}

TEST_F(LogThrottleTest, ReportsWhatFoundNoLaterWarning) {
  admitted("null key", 10);
  throttle_.report(log_, "records skipped");
  EXPECT_THAT(sink_.lines, IsEmpty());
  clock_.advance(seconds(10));
  throttle_.report(log_, "records skipped");
  throttle_.report(log_, "records skipped");
  EXPECT_THAT(sink_.lines, ElementsAre("records skipped reason=\"null key\" suppressed=7"));
}

TEST_F(LogThrottleTest, ReportsTheRestAtTheEnd) {
  admitted("null key", 4);
  admitted("not JSON", 3);
  throttle_.report_all(log_, "records skipped");
  EXPECT_THAT(sink_.lines, ElementsAre("records skipped reason=\"null key\" suppressed=1"));
}

TEST(LogThrottle, WithoutFirstOnesStillWarnsOncePerInterval) {
  ManualClock clock;
  LogThrottle throttle(clock, {.first = 0, .interval = seconds(1)});
  clock.advance(seconds(5));
  EXPECT_TRUE(throttle.admit("x").has_value());
  EXPECT_FALSE(throttle.admit("x").has_value());
}

}  // namespace
}  // namespace levada
