#include <random>

#include <gtest/gtest.h>

#include <levada/core/uuid.h>

namespace levada {
namespace {

TEST(Uuid, ReadsEitherCaseAndWritesLowerCase) {
  const auto uuid = Uuid::parse("00112233-4455-6677-8899-AABBccddEEFF");
  ASSERT_TRUE(uuid);
  EXPECT_EQ(uuid->bytes[15], 0xff);
  EXPECT_EQ(uuid->to_string(), "00112233-4455-6677-8899-aabbccddeeff");
}

TEST(Uuid, RefusesAnythingElse) {
  for (const char* text : {"", "00112233-4455-6677-8899-aabbccddeef", "00112233-4455-6677-8899-aabbccddeeff0",
                           "001122334455-6677-8899-aabbccddeeff00", "0011223g-4455-6677-8899-aabbccddeeff",
                           "00112233--455-6677-8899-aabbccddeeff", "00112233 4455-6677-8899-aabbccddeeff"}) {
    EXPECT_FALSE(Uuid::parse(text)) << text;
  }
}

TEST(Uuid, IsMadeOfTheGivenRandomnessOnly) {
  std::mt19937_64 random(1);
  std::mt19937_64 same(1);
  const Uuid first = random_uuid(random);
  EXPECT_EQ(first, random_uuid(same));
  EXPECT_NE(first, random_uuid(random));
  EXPECT_EQ(first.to_string()[14], '4');
  EXPECT_NE(std::string("89ab").find(first.to_string()[19]), std::string::npos);
}

}  // namespace
}  // namespace levada
