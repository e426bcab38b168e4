#include <string>

#include <gtest/gtest.h>

#include <levada/runtime/record_queue.h>

namespace levada {
namespace {

void push(RecordQueue& queue, Offset offset, NullableView key, NullableView value,
          const Headers& headers = no_headers()) {
  queue.push({key, value, Timestamp(Duration(offset)), offset, headers});
}

TEST(RecordQueue, GivesCopiesInTheOrderTheyCame) {
  RecordQueue queue;
  {
    const std::string key = "k1";
    const std::string value = "v1";
    push(queue, 7, key, value);
  }
  push(queue, 8, "k2", "v2");
  EXPECT_EQ(queue.front().record.key, "k1");
  EXPECT_EQ(queue.front().record.value, "v1");
  EXPECT_EQ(queue.front().offset, 7);
  queue.pop();
  EXPECT_EQ(queue.front().record.key, "k2");
  queue.pop();
  EXPECT_TRUE(queue.empty());
}

TEST(RecordQueue, TellsNullFromEmpty) {
  RecordQueue queue;
  push(queue, 0, std::nullopt, "");
  EXPECT_EQ(queue.front().record.key, std::nullopt);
  EXPECT_EQ(queue.front().record.value, "");
}

TEST(RecordQueue, KeepsHeadersWithTheirRecord) {
  RecordQueue queue;
  push(queue, 0, "a", "1");
  push(queue, 1, "b", "2", {{"h", "x"}});
  push(queue, 2, "c", "3");
  EXPECT_TRUE(queue.front().record.headers.empty());
  queue.pop();
  EXPECT_EQ(queue.front().record.headers, (Headers{{"h", "x"}}));
  queue.pop();
  EXPECT_TRUE(queue.front().record.headers.empty());
}

TEST(RecordQueue, CountsBytesBackToNothing) {
  RecordQueue queue;
  for (Offset i = 0; i < 1000; ++i) push(queue, i, "key", std::string(500, 'v'));
  EXPECT_GT(queue.bytes(), 500'000U);
  while (!queue.empty()) queue.pop();
  EXPECT_EQ(queue.bytes(), 0U);
}

TEST(RecordQueue, ShowsKeysAhead) {
  RecordQueue queue;
  push(queue, 0, "a", "1");
  push(queue, 1, std::nullopt, std::nullopt);
  push(queue, 2, "c", "3");
  push(queue, 3, "d", "4");
  push(queue, 4, "e", std::string(100'000, 'x'));  // in a chunk of its own
  EXPECT_EQ(queue.look_ahead().next, std::nullopt);
  EXPECT_EQ(queue.look_ahead().soon, "c");
  queue.pop();
  EXPECT_EQ(queue.look_ahead().next, "c");
  EXPECT_EQ(queue.look_ahead().soon, "d");
  queue.pop();
  EXPECT_EQ(queue.look_ahead().next, "d");
  EXPECT_EQ(queue.look_ahead().soon, std::nullopt);
}

TEST(RecordQueue, TakesRecordsLargerThanItsChunks) {
  RecordQueue queue;
  const std::string large(1'000'000, 'x');
  push(queue, 0, "a", large);
  push(queue, 1, "b", "small");
  push(queue, 2, "c", large);
  EXPECT_EQ(queue.front().record.value, large);
  queue.pop();
  EXPECT_EQ(queue.front().record.value, "small");
  queue.pop();
  EXPECT_EQ(queue.front().record.value, large);
}

TEST(RecordQueue, IsUsableAfterRunningEmptyManyTimes) {
  RecordQueue queue;
  for (Offset i = 0; i < 10'000; ++i) {
    push(queue, i, "key", std::to_string(i));
    ASSERT_EQ(queue.front().record.value, std::to_string(i));
    queue.pop();
  }
}

}  // namespace
}  // namespace levada
