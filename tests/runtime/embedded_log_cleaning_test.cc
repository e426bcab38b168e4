// What an embedded cluster forgets, and when.

#include <string>

#include "tests/runtime/embedded_test_clients.h"

namespace levada::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(EmbeddedRetention, ForgetsRecordsByTheirTimestamp) {
  EmbeddedWorld world;
  world.create("t", 1, {{"retention.ms", "1000"}});
  world.send("t", {.value = "old", .timestamp = kStart - 1001ms});
  world.send("t", {.value = "young", .timestamp = kStart - 1000ms});

  world.cluster.run_log_cleaner();

  EXPECT_THAT(world.read("t").values, ElementsAre("young"));
  EXPECT_EQ(world.range("t"), (OffsetRange{1, 2}));
}

TEST(EmbeddedRetention, KeepsWhatStandsBehindAYoungRecord) {
  EmbeddedWorld world;
  world.create("t", 1, {{"retention.ms", "1000"}});
  world.send("t", {.value = "young", .timestamp = kStart});
  world.send("t", {.value = "old", .timestamp = kStart - 1h});

  world.cluster.run_log_cleaner();

  EXPECT_THAT(world.read("t").values, ElementsAre("young", "old"));
}

TEST(EmbeddedRetention, IsSevenDaysByDefaultAndForEverOnRequest) {
  EmbeddedWorld world;
  world.create("default");
  world.create("for-ever", 1, {{"retention.ms", "-1"}});
  for (const char* topic : {"default", "for-ever"}) world.send(topic, {.timestamp = kStart - 24h * 7 - 1ms});

  world.cluster.run_log_cleaner();

  EXPECT_EQ(world.range("default"), (OffsetRange{1, 1}));
  EXPECT_EQ(world.range("for-ever"), (OffsetRange{0, 1}));
}

TEST(EmbeddedRetention, DoesNotTouchACompactedTopic) {
  EmbeddedWorld world;
  world.create("t", 1, {{"retention.ms", "1000"}, {"cleanup.policy", "compact"}});
  world.send("t", {.timestamp = kStart - 1h});

  world.cluster.run_log_cleaner();

  EXPECT_EQ(world.range("t"), (OffsetRange{0, 1}));
}

TEST(EmbeddedRetention, RunsByItselfWhenTheClockHasMoved) {
  EmbeddedWorld world;
  world.create("t", 1, {{"retention.ms", "1000"}});
  world.send("t", {});

  world.clock.advance(4min);
  EXPECT_EQ(world.range("t"), (OffsetRange{0, 1}));
  world.clock.advance(1min);
  EXPECT_EQ(world.range("t"), (OffsetRange{1, 1}));
}

TEST(EmbeddedCompaction, KeepsTheLastRecordOfEachKeyAtItsOffset) {
  EmbeddedWorld world;
  world.create("t", 1, {{"cleanup.policy", "compact"}});
  for (const char* value : {"1", "2", "3"}) {
    world.send("t", {.key = "a", .value = value});
    world.send("t", {.key = "b", .value = value});
  }
  world.send("t", {.key = "a", .value = "4"});

  world.cluster.run_log_cleaner();

  const EmbeddedCollector read = world.read("t");
  EXPECT_THAT(read.values, ElementsAre("3", "4"));
  EXPECT_THAT(read.offsets, ElementsAre(5, 6));
  EXPECT_THAT(read.ends, ElementsAre(7));
  EXPECT_EQ(world.range("t"), (OffsetRange{0, 7}));
}

TEST(EmbeddedCompaction, LetsAReaderInTheMiddleGoOn) {
  EmbeddedWorld world;
  world.create("t", 1, {{"cleanup.policy", "compact"}});
  const std::unique_ptr<Consumer> reader = world.cluster.consumer({}).value();
  ASSERT_TRUE(reader->assign({{.partition = {"t", 0}}}).ok());
  EmbeddedCollector collector;
  world.send("t", {.key = "a", .value = "1"});
  world.send("t", {.key = "a", .value = "2"});
  ASSERT_TRUE(reader->poll(0ms, 100, collector).ok());

  world.send("t", {.key = "a", .value = "3"});
  world.send("t", {.key = "a", .value = "4"});
  world.cluster.run_log_cleaner();
  ASSERT_TRUE(reader->poll(0ms, 100, collector).ok());

  EXPECT_THAT(collector.values, ElementsAre("1", "2", "4"));
}

TEST(EmbeddedCompaction, KeepsATombstoneForItsRetention) {
  EmbeddedWorld world;
  world.create("t", 1, {{"cleanup.policy", "compact"}, {"delete.retention.ms", "60000"}});
  world.send("t", {.key = "a", .value = "1"});
  world.send("t", {.key = "a", .value = std::nullopt});

  world.cluster.run_log_cleaner();
  EXPECT_THAT(world.read("t").values, ElementsAre("(null)"));
  world.clock.advance(59s);
  world.cluster.run_log_cleaner();
  EXPECT_THAT(world.read("t").values, ElementsAre("(null)"));
  world.clock.advance(1s);
  world.cluster.run_log_cleaner();

  EXPECT_THAT(world.read("t").values, IsEmpty());
  EXPECT_THAT(world.read("t").ends, ElementsAre(2));
}

TEST(EmbeddedCompaction, SparesWhatIsYoungerThanItsLag) {
  EmbeddedWorld world;
  world.create("t", 1, {{"cleanup.policy", "compact"}, {"min.compaction.lag.ms", "60000"}});
  world.send("t", {.key = "a", .value = "1"});
  world.send("t", {.key = "a", .value = "2"});

  world.cluster.run_log_cleaner();
  EXPECT_THAT(world.read("t").values, ElementsAre("1", "2"));
  world.clock.advance(1min);
  world.cluster.run_log_cleaner();

  EXPECT_THAT(world.read("t").values, ElementsAre("2"));
}

TEST(EmbeddedCompaction, SparesAnOpenTransactionAndWhatFollowsIt) {
  EmbeddedWorld world;
  world.create("t", 1, {{"cleanup.policy", "compact"}});
  world.send("t", {.key = "a", .value = "1"});
  const std::unique_ptr<Producer> writer = world.cluster.producer({{"transactional.id", "x"}}).value();
  ASSERT_TRUE(writer->init_transactions(1s).ok());
  ASSERT_TRUE(writer->begin_transaction().ok());
  EmbeddedWorld::send(*writer, "t", {.key = "a", .value = "aborted"});
  world.send("t", {.key = "b", .value = "2"});
  world.send("t", {.key = "b", .value = "3"});

  world.cluster.run_log_cleaner();
  ASSERT_TRUE(writer->abort_transaction(1s).ok());

  EXPECT_THAT(world.read("t").values, ElementsAre("1", "2", "3"));
}

TEST(EmbeddedCompaction, AnAbortedRecordReplacesNothing) {
  EmbeddedWorld world;
  world.create("t", 1, {{"cleanup.policy", "compact"}});
  world.send("t", {.key = "a", .value = "1"});
  const std::unique_ptr<Producer> writer = world.cluster.producer({{"transactional.id", "x"}}).value();
  ASSERT_TRUE(writer->init_transactions(1s).ok());
  ASSERT_TRUE(writer->begin_transaction().ok());
  EmbeddedWorld::send(*writer, "t", {.key = "a", .value = "aborted"});
  ASSERT_TRUE(writer->abort_transaction(1s).ok());

  world.cluster.run_log_cleaner();

  EXPECT_THAT(world.read("t").values, ElementsAre("1"));
  EXPECT_THAT(world.read("t").ends, ElementsAre(3));
}

TEST(EmbeddedCompaction, TogetherWithDeletionForgetsTheOldToo) {
  EmbeddedWorld world;
  world.create("t", 1, {{"cleanup.policy", "compact,delete"}, {"retention.ms", "1000"}});
  world.send("t", {.key = "old", .value = "1", .timestamp = kStart - 1h});
  world.send("t", {.key = "a", .value = "1"});
  world.send("t", {.key = "a", .value = "2"});

  world.cluster.run_log_cleaner();

  EXPECT_THAT(world.read("t").values, ElementsAre("2"));
}

TEST(EmbeddedCompaction, KeepsHeadersOfWhatItKeeps) {
  EmbeddedWorld world;
  world.create("t", 1, {{"cleanup.policy", "compact"}});
  const TopicHandle topic = world.producer->topic("t", 1s).value();
  const Headers headers = {{"h", std::nullopt}};
  ASSERT_TRUE(world.producer->send({.topic = topic, .partition = 0, .key = "a", .headers = &headers}).ok());

  world.cluster.run_log_cleaner();

  struct Seen final : RecordHandler {
    void on_record(std::size_t, const LogRecord& record) override { headers = record.headers; }
    void on_end_of_partition(std::size_t, Offset) override {}
    Headers headers;
  } seen;
  const std::unique_ptr<Consumer> reader = world.cluster.consumer({}).value();
  ASSERT_TRUE(reader->assign({{.partition = {"t", 0}}}).ok());
  ASSERT_TRUE(reader->poll(0ms, 10, seen).ok());
  EXPECT_EQ(seen.headers, headers);
}

}  // namespace
}  // namespace levada::testing
