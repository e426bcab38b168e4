#include <random>
#include <string>

#include <gtest/gtest.h>

#include <levada/core/iso8601.h>

namespace levada {
namespace {

constexpr Timestamp kTime{Duration(1'767'270'600'250)};

TEST(Iso8601, WritesUtcWithMilliseconds) {
  EXPECT_EQ(format_iso8601(kTime), "2026-01-01T12:30:00.250Z");
  EXPECT_EQ(format_iso8601(Timestamp()), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(format_iso8601(kNoTimestamp), "1969-12-31T23:59:59.999Z");
}

TEST(Iso8601, WritesMillisecondsOutsideTheCalendar) {
  EXPECT_EQ(format_iso8601(Timestamp::max()), "9223372036854775807");
  EXPECT_EQ(format_iso8601(Timestamp::min()), "-9223372036854775808");
}

TEST(Iso8601, ReadsTheUsualForms) {
  for (const char* text : {"2026-01-01T12:30:00.250Z", "2026-01-01t12:30:00,25z", "2026-01-01 12:30:00.250999999",
                           "2026-01-01T13:30:00.250+01:00", "2026-01-01T13:30:00.250+0100",
                           "2026-01-01T13:30:00.250+01", "2025-12-31T23:15:00.250-13:15"}) {
    EXPECT_EQ(parse_iso8601(text), kTime) << text;
  }
  EXPECT_EQ(parse_iso8601("2026-01-01T12:30Z"), kTime - Duration(250));
  EXPECT_EQ(parse_iso8601("2024-02-29T00:00:00Z"), *parse_iso8601("2024-02-28T00:00:00Z") + std::chrono::hours(24));
}

TEST(Iso8601, RefusesWhatIsNoTime) {
  for (const char* text : {"",
                           "2026",
                           "2026-01-01",
                           "2026-01-01T",
                           "2026-01-01T12",
                           "2026-01-01T12:",
                           "26-01-01T12:30Z",
                           "2026-13-01T12:30Z",
                           "2026-02-30T12:30Z",
                           "2025-02-29T12:30Z",
                           "2026-00-01T12:30Z",
                           "2026-01-01T24:00Z",
                           "2026-01-01T12:60Z",
                           "2026-01-01T12:30:61Z",
                           "2026-01-01T12:30:00.Z",
                           "2026-01-01T12:30:00.0000000001Z",
                           "2026-01-01T12:30:00Zx",
                           "2026-01-01T12:30:00+1:00",
                           "2026-01-01T12:30:00 UTC",
                           "+2026-01-01T12:30Z",
                           "-026-01-01T12:30Z",
                           "2026-13-01T12:30:00.000Z",
                           "2026-02-30T12:30:00.000Z",
                           "2026-01-01T24:30:00.000Z",
                           "2026-01-01T12:60:00.000Z",
                           "2026-01-01T12:30:60.000Z",
                           "2026-01-01T12:30:00.00xZ",
                           "2026-01-01T12:30:00.0/0Z",
                           "2026-01-01T12:30:00:000Z",
                           "1767270600250"}) {
    EXPECT_FALSE(parse_iso8601(text)) << text;
  }
}

// The form that is read at once means the same as one that is read step by step.
TEST(Iso8601, ReadsTheFormOfProgramsLikeAnyOther) {
  const std::string usual = "2024-02-29T19:38:57.645";
  for (std::size_t at = 0; at < usual.size(); ++at) {
    for (int character = 0; character < 256; ++character) {
      std::string changed = usual;
      changed[at] = static_cast<char>(character);
      ASSERT_EQ(parse_iso8601(changed + "Z"), parse_iso8601(changed + "+00:00")) << changed;
    }
  }
}

TEST(Iso8601, ReadsWhatItWrites) {
  std::mt19937_64 random(7);
  std::uniform_int_distribution<std::int64_t> millis(-62'000'000'000'000, 253'000'000'000'000);
  for (int i = 0; i < 10'000; ++i) {
    const Timestamp time{Duration(millis(random))};
    ASSERT_EQ(parse_iso8601(format_iso8601(time)), time) << format_iso8601(time);
  }
}

}  // namespace
}  // namespace levada
