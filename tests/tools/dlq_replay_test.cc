#include "tools/levada/dlq_replay.h"

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/core/exception_handler.h>
#include <levada/runtime/embedded_cluster.h>

namespace levada {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

Timestamp at(std::int64_t ms) { return Timestamp(Duration(ms)); }

struct Failed {
  std::string key = "k";
  std::string value = "v";
  Timestamp timestamp = at(1000);
  std::string topic = "in";  // empty: of a punctuation
  Partition partition = 1;
};

class DlqReplayTest : public ::testing::Test {
 protected:
  DlqReplayTest() {
    EXPECT_TRUE(admin_->create_topics({{.name = "in", .partitions = 2}, {.name = "other"}, {.name = "dead"}}, 1s).ok());
  }

  // A letter as an application writes it.
  template <class Error>
  void fail(const Failed& failed, const Error& error) {
    const Headers headers = {{"h", "1"}};
    const ErrorHandlerContext where{.topic = failed.topic,
                                    .partition = failed.topic.empty() ? -1 : failed.partition,
                                    .headers = headers,
                                    .timestamp = failed.timestamp,
                                    .source_raw_key = failed.key,
                                    .source_raw_value = failed.value};
    const DeadLetter letter = dead_letter("dead", where, describe_error(std::make_exception_ptr(error)));
    const absl::Status sent = producer_->send({.topic = producer_->topic("dead", 1s).value(),
                                               .partition = 0,
                                               .key = *letter.key,
                                               .value = *letter.value,
                                               .timestamp = letter.timestamp,
                                               .headers = &letter.headers});
    ASSERT_TRUE(sent.ok()) << sent;
  }

  absl::StatusOr<DlqReplay> read(const DlqFilter& filter = {}) {
    return DlqReplay::read(cluster_, {}, {.topic = "dead"}, filter);
  }

  // "key value @time headers" of all records.
  std::vector<std::string> records(const std::string& topic, Partition partition = 0) {
    struct Reader final : RecordHandler {
      void on_record(std::size_t, const LogRecord& record) override {
        std::string line = std::string(*record.key) + " " + std::string(*record.value) + " @" +
                           std::to_string(record.timestamp.time_since_epoch().count());
        for (const Header& header : record.headers) line += " " + header.key + "=" + *header.value;
        lines.push_back(line);
      }
      void on_end_of_partition(std::size_t, Offset) override { ended = true; }
      std::vector<std::string> lines = {};
      bool ended = false;
    } reader;
    const auto consumer = cluster_.consumer({}).value();
    EXPECT_TRUE(consumer->assign({{{topic, partition}, 0, 0}}).ok());
    while (!reader.ended) EXPECT_TRUE(consumer->poll(0ms, 1000, reader).ok());
    return reader.lines;
  }

  ManualClock clock_{Timestamp()};
  EmbeddedCluster cluster_{clock_};
  std::unique_ptr<Admin> admin_ = cluster_.admin({}).value();
  std::unique_ptr<Producer> producer_ = cluster_.producer({}).value();
};

TEST_F(DlqReplayTest, ReadingPutsNothingBack) {
  fail({}, std::runtime_error("x"));
  const auto replay = read();
  ASSERT_TRUE(replay.ok()) << replay.status();
  EXPECT_THAT(replay->groups(), ElementsAre(Pair(Pair("in", "std::runtime_error"), 1)));
  EXPECT_THAT(records("in", 1), IsEmpty());
}

TEST_F(DlqReplayTest, PutsRecordsBackWhereTheyCameFromAsTheyWere) {
  fail({}, std::runtime_error("x"));
  fail({.key = "l", .value = "w", .topic = "other", .partition = 0}, std::runtime_error("x"));
  ASSERT_TRUE(read()->put_back({}).ok());
  EXPECT_THAT(records("in", 1), ElementsAre("k v @1000 h=1"));
  EXPECT_THAT(records("other"), ElementsAre("l w @1000 h=1"));
}

TEST_F(DlqReplayTest, ChoosesByExceptionByTopicAndByTime) {
  fail({.value = "1"}, std::runtime_error("x"));
  fail({.value = "2"}, std::logic_error("x"));
  fail({.value = "3", .topic = "other", .partition = 0}, std::logic_error("x"));
  fail({.value = "4", .timestamp = at(2000)}, std::logic_error("x"));
  EXPECT_EQ(read({.exceptions = {"std::logic_error"}})->letters(), 3U);
  EXPECT_EQ(read({.exceptions = {"logic_error"}})->letters(), 3U);
  EXPECT_EQ(read({.topics = {"other"}})->letters(), 1U);
  EXPECT_EQ(read({.from = at(2000)})->letters(), 1U);
  EXPECT_EQ(read({.until = at(2000)})->filtered_out(), 1U);
  ASSERT_TRUE(read({.exceptions = {"logic_error"}, .topics = {"in"}, .until = at(2000)})->put_back({}).ok());
  EXPECT_THAT(records("in", 1), ElementsAre("k 2 @1000 h=1"));
}

TEST_F(DlqReplayTest, KnowsJavasExceptionsByTheirShortNames) {
  const Headers headers = {{std::string(kExceptionHeader), "org.apache.kafka.common.errors.SerializationException"},
                           {std::string(kTopicHeader), "in"},
                           {std::string(kPartitionHeader), "0"}};
  ASSERT_TRUE(
      producer_
          ->send({.topic = producer_->topic("dead", 1s).value(), .partition = 0, .value = "v", .headers = &headers})
          .ok());
  EXPECT_EQ(read({.exceptions = {"SerializationException"}})->letters(), 1U);
}

TEST_F(DlqReplayTest, LeavesOutWhatIsNoRecord) {
  fail({.topic = ""}, std::runtime_error("of a punctuation"));
  const auto replay = read();
  ASSERT_TRUE(replay.ok()) << replay.status();
  EXPECT_EQ(replay->letters(), 0U);
  EXPECT_EQ(replay->without_record(), 1U);
}

TEST_F(DlqReplayTest, APartitionThatIsThereNoMoreIsChosenAnew) {
  fail({.partition = 7}, std::runtime_error("x"));
  ASSERT_TRUE(read()->put_back({}).ok());
  EXPECT_EQ(records("in", 0).size() + records("in", 1).size(), 1U);
}

TEST_F(DlqReplayTest, WhatFailsMeanwhileIsNotPutBack) {
  fail({.value = "1"}, std::runtime_error("x"));
  auto replay = read();
  fail({.value = "again"}, std::runtime_error("x"));
  ASSERT_TRUE(replay->put_back({}).ok());
  EXPECT_THAT(records("in", 1), ElementsAre("k 1 @1000 h=1"));
}

TEST_F(DlqReplayTest, KeepsToItsRate) {
  for (int i = 0; i < 30; ++i) fail({}, std::runtime_error("x"));
  Duration slept{};
  ASSERT_TRUE(read()->put_back({.records_per_second = 10, .sleep = [&slept](Duration by) { slept += by; }}).ok());
  EXPECT_EQ(slept, 3s);
}

TEST_F(DlqReplayTest, SaysWhichTopicIsMissing) {
  EXPECT_THAT(std::string(DlqReplay::read(cluster_, {}, {.topic = "nowhere"}, {}).status().message()),
              HasSubstr("topic nowhere does not exist"));
  fail({.topic = "gone"}, std::runtime_error("x"));
  EXPECT_THAT(std::string(read().status().message()), HasSubstr("topic gone, which letters came from"));
}

}  // namespace
}  // namespace levada
