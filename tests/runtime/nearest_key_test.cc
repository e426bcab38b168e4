#include <gtest/gtest.h>

#include <levada/runtime/nearest_key.h>

namespace levada::internal {
namespace {

TEST(EditDistance, CountsInsertionsDeletionsReplacementsAndSwaps) {
  EXPECT_EQ(edit_distance("", ""), 0);
  EXPECT_EQ(edit_distance("abc", ""), 3);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3);
  EXPECT_EQ(edit_distance("threads", "thraeds"), 1);
}

TEST(NearestKey, FindsWhatWasMeant) {
  const LibrdkafkaKeys keys;
  EXPECT_EQ(nearest_key("num.stream.thread", keys), "num.stream.threads");
  EXPECT_EQ(nearest_key("aplication.id", keys), "application.id");
  EXPECT_EQ(nearest_key("sasl.pasword", keys), "sasl.password");
  EXPECT_EQ(nearest_key("memory.max.bytes", keys), "levada.memory.max.bytes");
  EXPECT_EQ(nearest_key("main.consumer.fetch.min.byte", keys), "main.consumer.fetch.min.bytes");
}

TEST(NearestKey, SaysNothingWhenNothingIsNear) { EXPECT_EQ(nearest_key("zzzzzzzzzzzzzzzzzzzz", LibrdkafkaKeys()), ""); }

}  // namespace
}  // namespace levada::internal
