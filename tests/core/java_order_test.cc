#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/core/java_order.h>

namespace levada::internal {
namespace {

using ::testing::ElementsAre;

TEST(JavaOrder, HashesAsJavaStringsDo) {
  EXPECT_EQ(java_hash_code(""), 0U);
  EXPECT_EQ(java_hash_code("KSTREAM"), 299605899U);
  EXPECT_EQ(java_hash_code("\xF0\x9F\x98\x80"), 0xD83DU * 31 + 0xDE00U);
}

TEST(JavaOrder, ReplacesWhatIsNoUtf8) {
  EXPECT_EQ(to_utf16("a\xFF"
                     "b"),
            u"a\uFFFDb");
  EXPECT_EQ(to_utf16("\xE2\x82"), u"\uFFFD\uFFFD");
}

TEST(JavaOrder, IteratesByBucketNotByInsertion) {
  EXPECT_THAT(java_hash_order({"t3", "t1", "t2"}), ElementsAre("t1", "t2", "t3"));
  EXPECT_THAT(java_hash_order({"js-outer-other-join-store", "js-outer-shared-join-store"}),
              ElementsAre("js-outer-shared-join-store", "js-outer-other-join-store"));
}

TEST(JavaOrder, KeepsEachKeyOnceAndCollidingKeysInOrder) {
  EXPECT_THAT(java_hash_order({"BB", "Aa", "BB"}), ElementsAre("BB", "Aa"));  // equal hash codes
}

TEST(JavaOrder, HashesAsJavaByteArraysDo) {
  EXPECT_EQ(java_hash_code_of_bytes(""), 1U);
  EXPECT_EQ(java_hash_code_of_bytes("a"), 31U + 97U);
  EXPECT_EQ(java_hash_code_of_bytes("\xff"), 30U);
}

TEST(JavaOrder, TreeIsSortedHoweverItWasFilled) {
  JavaTreeSet set([](std::size_t a, std::size_t b) { return a < b ? -1 : a > b ? 1 : 0; });
  for (const std::size_t value : {5, 1, 9, 3, 7, 2, 8, 0, 6, 4, 5, 9}) set.add(value);
  EXPECT_THAT(set.values(), ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
}

TEST(JavaOrder, TreeKeepsThePlacesOfEarlierComparisons) {
  std::vector<int> weight = {3, 2, 1};
  JavaTreeSet set([&weight](std::size_t a, std::size_t b) { return weight[a] - weight[b]; });
  set.add(0);
  set.add(1);
  weight = {1, 2, 3};
  set.add(2);
  EXPECT_THAT(set.values(), ElementsAre(1, 0, 2));
}

}  // namespace
}  // namespace levada::internal
