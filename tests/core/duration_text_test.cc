#include <cstdint>
#include <limits>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/core/duration_text.h>

namespace levada {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;

Duration duration(std::string_view text) { return parse_duration(text).value(); }
std::string duration_error(std::string_view text) { return std::string(parse_duration(text).status().message()); }
std::string size_error(std::string_view text) { return std::string(parse_size(text).status().message()); }

TEST(DurationText, ReadsEveryUnit) {
  EXPECT_EQ(duration("500ms"), Duration(500));
  EXPECT_EQ(duration("90s"), seconds(90));
  EXPECT_EQ(duration("10min"), minutes(10));
  EXPECT_EQ(duration("24h"), hours(24));
  EXPECT_EQ(duration("36500d"), hours(24) * 36500);
}

TEST(DurationText, AddsUnitsFromLargeToSmall) {
  EXPECT_EQ(duration("1h30min"), minutes(90));
  EXPECT_EQ(duration("1d2h3min4s5ms"), hours(26) + minutes(3) + seconds(4) + Duration(5));
  EXPECT_EQ(duration(" 0s "), Duration::zero());
}

TEST(DurationText, SaysWhatIsWrong) {
  EXPECT_THAT(duration_error(""), HasSubstr("it is empty"));
  EXPECT_THAT(duration_error("10"), HasSubstr("the unit is missing"));
  EXPECT_THAT(duration_error("min"), HasSubstr("a number is missing"));
  EXPECT_THAT(duration_error("-5s"), HasSubstr("a number is missing"));
  EXPECT_THAT(duration_error("1.5h"), HasSubstr("\"1.5h\""));
  EXPECT_THAT(duration_error("10m"), HasSubstr("unknown unit \"m\""));
  EXPECT_THAT(duration_error("30min1h"), HasSubstr("from large to small"));
  EXPECT_THAT(duration_error("1s1s"), HasSubstr("each once"));
}

TEST(DurationText, RefusesWhatDoesNotFit) {
  EXPECT_EQ(duration("9223372036854775807ms"), Duration::max());
  EXPECT_THAT(duration_error("9223372036854775808ms"), HasSubstr("too large"));
  EXPECT_THAT(duration_error("9223372036854775807s"), HasSubstr("too large"));
  EXPECT_THAT(duration_error("106751991167d86400000000ms"), HasSubstr("too large"));
}

TEST(DurationText, WritesWhatItReads) {
  for (const char* text : {"0ms", "1ms", "90ms", "1s500ms", "1min30s", "1h30min", "1d", "36500d"}) {
    EXPECT_EQ(format_duration(duration(text)), text);
  }
  EXPECT_EQ(format_duration(seconds(-90)), "-1min30s");
  EXPECT_EQ(format_duration(Duration::min()), "-9223372036854775808ms");
}

TEST(SizeText, ReadsBinaryAndDecimalUnits) {
  EXPECT_EQ(parse_size("1000000").value(), 1'000'000);
  EXPECT_EQ(parse_size("512MiB").value(), std::int64_t{512} << 20);
  EXPECT_EQ(parse_size("1GiB").value(), std::int64_t{1} << 30);
  EXPECT_EQ(parse_size("2 TiB").value(), std::int64_t{2} << 40);
  EXPECT_EQ(parse_size("64kib").value(), 65'536);
  EXPECT_EQ(parse_size("5MB").value(), 5'000'000);
  EXPECT_EQ(parse_size("7B").value(), 7);
}

TEST(SizeText, SaysWhatIsWrong) {
  EXPECT_THAT(size_error(""), HasSubstr("a number is missing"));
  EXPECT_THAT(size_error("-1"), HasSubstr("a number is missing"));
  EXPECT_THAT(size_error("12 parsecs"), HasSubstr("unknown unit"));
  EXPECT_THAT(size_error("9223372036854775807KiB"), HasSubstr("too large"));
}

TEST(SizeText, WritesTheLargestUnitThatDivides) {
  EXPECT_EQ(format_size(std::int64_t{512} << 20), "512MiB");
  EXPECT_EQ(format_size(std::int64_t{1} << 30), "1GiB");
  EXPECT_EQ(format_size(1'000'000), "1000000");
  EXPECT_EQ(format_size(0), "0");
}

}  // namespace
}  // namespace levada
