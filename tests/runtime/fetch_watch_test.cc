#include <gtest/gtest.h>

#include <levada/runtime/kafka/fetch_watch.h>

namespace levada::internal {
namespace {

TEST(FetchWatch, WakesOnceAfterTheQueueWasFullAndHasRoomAgain) {
  FetchWatch watch(1000, 1 << 30);
  watch.queued(1000);
  EXPECT_FALSE(watch.take_wake_up());
  watch.queued(700);
  EXPECT_FALSE(watch.take_wake_up()) << "not much room yet";
  watch.queued(500);
  EXPECT_TRUE(watch.take_wake_up());
  watch.queued(400);
  EXPECT_FALSE(watch.take_wake_up());
}

TEST(FetchWatch, LeavesAQueueAloneThatNeverWasFull) {
  FetchWatch watch(1000, 1 << 30);
  watch.queued(600);
  watch.queued(0);
  EXPECT_FALSE(watch.take_wake_up());
}

TEST(FetchWatch, KnowsThatFewLargeRecordsFillTheQueueToo) {
  FetchWatch watch(1000, 100'000);
  for (int i = 0; i < 10; ++i) watch.delivered(1'000);
  watch.queued(90);
  watch.queued(40);
  EXPECT_TRUE(watch.take_wake_up());
}

TEST(FetchWatch, FollowsTheSizeOfTheRecords) {
  FetchWatch watch(1'000'000, 100'000);
  for (int i = 0; i < 100'000; ++i) watch.delivered(1);
  for (int i = 0; i < 100'000; ++i) watch.delivered(1'000);
  watch.queued(110);
  watch.queued(0);
  EXPECT_TRUE(watch.take_wake_up());
}

}  // namespace
}  // namespace levada::internal
