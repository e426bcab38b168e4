#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/dsl/graph/names.h>

namespace levada::internal {
namespace {

using ::testing::HasSubstr;

TEST(NameGenerator, CountsWithTenDigitsOverAllPrefixes) {
  NameGenerator names;
  EXPECT_EQ(names.next("KSTREAM-FILTER-"), "KSTREAM-FILTER-0000000000");
  EXPECT_EQ(names.next_unless("mine", "KSTREAM-MAP-"), "mine");
  EXPECT_EQ(names.next_unless("", "KTABLE-TOSTREAM-"), "KTABLE-TOSTREAM-0000000002");
}

TEST(Names, TellsGeneratedNamesOfStreamsFromOthers) {
  EXPECT_TRUE(is_generated_stream_name("KSTREAM-AGGREGATE-STATE-STORE-0000000002"));
  EXPECT_FALSE(is_generated_stream_name("COGROUPKSTREAM-AGGREGATE-STATE-STORE-0000000003"));
  EXPECT_FALSE(is_generated_stream_name("KSTREAM-AGGREGATE-STATE-STORE-0000000002-repartition"));
  EXPECT_FALSE(is_generated_stream_name("KSTREAM-000000002"));
  EXPECT_FALSE(is_generated_stream_name("counts"));
}

TEST(Names, AreWhatKafkaTakes) {
  EXPECT_TRUE(check_name("topic", "a.b_c-9").ok());
  EXPECT_TRUE(check_name("topic", std::string(249, 'x')).ok());
  for (const std::string& bad : {std::string(), std::string("."), std::string(".."), std::string(250, 'x'),
                                 std::string("a b"), std::string("caf\xC3\xA9")}) {
    EXPECT_THAT(std::string(check_name("topic", bad).message()), HasSubstr("topic '" + bad + "': "));
  }
}

}  // namespace
}  // namespace levada::internal
