#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/dsl/time_windows.h>

namespace levada {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

std::vector<std::pair<std::int64_t, std::int64_t>> windows_of(const TimeWindows& windows, std::int64_t time) {
  std::vector<std::pair<std::int64_t, std::int64_t>> found;
  windows.for_each_window(Timestamp(Duration(time)), [&found](const Window& window) {
    found.emplace_back(window.start.time_since_epoch().count(), window.end.time_since_epoch().count());
  });
  return found;
}

std::string mistake(const TimeWindows& windows) { return std::string(windows.check().message()); }

TEST(TimeWindows, TumblingWindowsDoNotOverlap) {
  const TimeWindows windows = TimeWindows::of(Duration(10));
  EXPECT_THAT(windows_of(windows, 0), ElementsAre(Pair(0, 10)));
  EXPECT_THAT(windows_of(windows, 9), ElementsAre(Pair(0, 10)));
  EXPECT_THAT(windows_of(windows, 10), ElementsAre(Pair(10, 20)));
}

TEST(TimeWindows, HoppingWindowsComeEarliestFirstAndNeverStartBeforeZero) {
  const TimeWindows windows = TimeWindows::of(Duration(10)).advance_by(Duration(4));
  EXPECT_THAT(windows_of(windows, 3), ElementsAre(Pair(0, 10)));
  EXPECT_THAT(windows_of(windows, 9), ElementsAre(Pair(0, 10), Pair(4, 14), Pair(8, 18)));
  EXPECT_THAT(windows_of(windows, 10), ElementsAre(Pair(4, 14), Pair(8, 18)));
}

TEST(TimeWindows, RefusesWhatMakesNoSense) {
  EXPECT_TRUE(TimeWindows::of(Duration(10), {.grace = Duration(0)}).check().ok());
  EXPECT_THAT(mistake(TimeWindows::of(Duration(-1))), HasSubstr("the size must be positive"));
  EXPECT_THAT(mistake(TimeWindows::of(Duration(10)).advance_by(Duration(11))), HasSubstr("advance_by(11 ms)"));
  EXPECT_THAT(mistake(TimeWindows::of(Duration(10)).advance_by(Duration(0))), HasSubstr("advance_by(0 ms)"));
  EXPECT_THAT(mistake(TimeWindows::of(Duration(10), {.grace = Duration(-1)})),
              HasSubstr("a grace of -1 ms is negative"));
}

}  // namespace
}  // namespace levada
