#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/core/text.h>

namespace levada::internal {
namespace {

using testing::ElementsAre;

TEST(Text, TrimsBothEnds) {
  EXPECT_EQ(trim(" \ta b\r\n"), "a b");
  EXPECT_EQ(trim("   "), "");
}

TEST(Text, ComparesWithoutCase) {
  EXPECT_TRUE(equals_ignoring_case("MiB", "mib"));
  EXPECT_FALSE(equals_ignoring_case("MiB", "mi"));
  EXPECT_EQ(to_lower("LEVADA_Log"), "levada_log");
}

TEST(Text, ReadsWholeIntegersOnly) {
  EXPECT_EQ(parse_integer("-42"), -42);
  EXPECT_EQ(parse_integer("9223372036854775807"), INT64_MAX);
  for (const char* text : {"", "4x", " 4", "+4", "0x10", "9223372036854775808"}) {
    EXPECT_EQ(parse_integer(text), std::nullopt) << text;
  }
}

TEST(Text, SplitsAndKeepsEmptyParts) {
  EXPECT_THAT(split("a,b,,c", ','), ElementsAre("a", "b", "", "c"));
  EXPECT_THAT(split("", ','), ElementsAre(""));
}

TEST(Text, EscapesWhatWouldBreakALine) {
  EXPECT_EQ(escape_controls("a\nb\t\"c\" é"), "a\\nb\\x09\"c\" é");
  EXPECT_EQ(quote("a\n\"b\" \\"), "\"a\\n\\\"b\\\" \\\\\"");
}

}  // namespace
}  // namespace levada::internal
