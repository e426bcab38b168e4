// What is sent is what is read.

#include <string>

#include "tests/clients/client_test.h"

namespace levada::testing {
namespace {

using ::testing::ElementsAre;

class Records : public ClientTest {};
INSTANTIATE_TEST_SUITE_P(Clients, Records, ::testing::ValuesIn(both_clusters()), cluster_name);

TEST_P(Records, KeyAndValueComeBackAsSent) {
  const std::string topic = create_topic();
  const std::string binary("\0\xff\n", 3);

  send(topic, {.key = binary, .value = "value"});

  const std::vector<Seen> records = read_all(topic);
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(records[0].key, binary);
  EXPECT_EQ(records[0].value, "value");
}

TEST_P(Records, NullIsNotEmpty) {
  const std::string topic = create_topic();

  send(topic, {{.key = std::nullopt, .value = ""}, {.key = "", .value = std::nullopt}, {}});

  const std::vector<Seen> records = read_all(topic);
  ASSERT_EQ(records.size(), 3u);
  EXPECT_EQ(records[0].key, std::nullopt);
  EXPECT_EQ(records[0].value, "");
  EXPECT_EQ(records[1].key, "");
  EXPECT_EQ(records[1].value, std::nullopt);
  EXPECT_EQ(records[2].key, std::nullopt);
  EXPECT_EQ(records[2].value, std::nullopt);
}

TEST_P(Records, TimestampComesBackAsSent) {
  const std::string topic = create_topic();

  send(topic, {.value = "old", .timestamp = at(123ms)});

  EXPECT_EQ(read_all(topic).at(0).timestamp, at(123ms));
}

TEST_P(Records, TimestampsNeedNotRise) {
  const std::string topic = create_topic();

  send(topic, {{.value = "b", .timestamp = at(2h)}, {.value = "a", .timestamp = at(1h)}});

  const std::vector<Seen> records = read_all(topic);
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].timestamp, at(2h));
  EXPECT_EQ(records[1].timestamp, at(1h));
}

TEST_P(Records, WithoutTimestampTheTimeOfSendingIsTaken) {
  const std::string topic = create_topic();
  const Timestamp before = SystemClock().now();

  send(topic, {.value = "now"});

  const Timestamp sent = read_all(topic).at(0).timestamp;
  EXPECT_GE(sent, before);
  EXPECT_LE(sent, SystemClock().now());
}

TEST_P(Records, HeadersKeepOrderDuplicatesAndNulls) {
  const std::string topic = create_topic();
  const Headers headers = {{"b", "1"}, {"a", std::nullopt}, {"b", ""}, {"b", "1"}};

  send(topic, {.value = "v", .headers = headers});

  EXPECT_EQ(read_all(topic).at(0).headers, headers);
}

TEST_P(Records, HeadersDoNotSpillOverToTheNextRecord) {
  const std::string topic = create_topic();

  send(topic, {{.value = "with", .headers = {{"h", "1"}}}, {.value = "without"}});

  const std::vector<Seen> records = read_all(topic);
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[1].headers, Headers{});
}

TEST_P(Records, WithoutAValueHaveHeadersAllTheSame) {
  const std::string topic = create_topic();
  const Headers headers = {{"h", "1"}};

  send(topic, {{.key = "k", .value = "", .headers = headers}, {.key = "k", .value = std::nullopt, .headers = headers}});

  const std::vector<Seen> records = read_all(topic);
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].headers, headers);
  EXPECT_EQ(records[1].headers, headers);
}

TEST_P(Records, KeepTheirOrderWithinAPartition) {
  const std::string topic = create_topic();
  std::vector<std::string> values;
  for (int i = 0; i < 5000; ++i) values.push_back(std::to_string(i));

  send_values(topic, values);

  const std::vector<Seen> records = read_all(topic);
  EXPECT_EQ(values_of(records), values);
  ASSERT_EQ(records.size(), 5000u);
  for (std::size_t i = 0; i < records.size(); ++i) ASSERT_EQ(records[i].offset, static_cast<Offset>(i));
}

TEST_P(Records, GoToThePartitionTheyNameAndNoOther) {
  const std::string topic = create_topic(3);

  send(topic, {{.value = "two", .partition = 2}, {.value = "zero", .partition = 0}});

  EXPECT_THAT(values_of(read_all(topic, 0)), ElementsAre("zero"));
  EXPECT_THAT(values_of(read_all(topic, 1)), ElementsAre());
  EXPECT_THAT(values_of(read_all(topic, 2)), ElementsAre("two"));
}

TEST_P(Records, WithoutKeyAndPartitionGoSomewhere) {
  const std::string topic = create_topic(3);

  send(topic, std::vector<Message>(10, {.value = "v", .partition = kAnyPartition}));

  EXPECT_EQ(read_all(topic, 0).size() + read_all(topic, 1).size() + read_all(topic, 2).size(), 10u);
}

TEST_P(Records, LargerThanAChunkComeBackWhole) {
  const std::string topic = create_topic();
  const std::string large(500'000, 'x');

  send_values(topic, {"before", large, "after"});

  EXPECT_THAT(values_of(read_all(topic)), ElementsAre("before", large, "after"));
}

TEST_P(Records, TooLargeIsRefused) {
  const std::string topic = create_topic();
  const std::unique_ptr<Producer> to = producer();
  const TopicHandle handle = to->topic(topic, kPatience).value();

  const absl::Status sent = to->send({.topic = handle, .partition = 0, .value = std::string(2'000'000, 'x')});

  EXPECT_TRUE(absl::IsInvalidArgument(sent)) << sent;
  EXPECT_TRUE(to->flush(kPatience).ok());
  EXPECT_THAT(read_all(topic), ElementsAre());
}

TEST_P(Records, ForAPartitionThatDoesNotExistAreRefused) {
  const std::string topic = create_topic(2);
  const std::unique_ptr<Producer> to = producer();
  const TopicHandle handle = to->topic(topic, kPatience).value();

  EXPECT_TRUE(absl::IsInvalidArgument(to->send({.topic = handle, .partition = 2, .value = "v"})));
}

TEST_P(Records, WithoutKeyAreRefusedByACompactedTopic) {
  const std::string topic = create_topic(1, {{"cleanup.policy", "compact"}});
  const std::unique_ptr<Producer> to = producer();
  const TopicHandle handle = to->topic(topic, kPatience).value();

  absl::Status sent = to->send({.topic = handle, .partition = 0, .value = "v"});
  sent.Update(to->flush(kPatience));

  EXPECT_TRUE(absl::IsInvalidArgument(sent)) << sent;
}

TEST_P(Records, ProducerKnowsThePartitionsOfATopic) {
  const std::string topic = create_topic(3);
  const std::unique_ptr<Producer> to = producer();

  EXPECT_EQ(to->partitions(to->topic(topic, kPatience).value()), 3);
}

TEST_P(Records, TopicThatDoesNotExistIsNotFound) {
  const absl::Status found = producer()->topic(unique("nowhere"), 2s).status();

  EXPECT_TRUE(absl::IsNotFound(found)) << found;
}

TEST_P(Records, ReadMayStopAfterSomeAndGoOn) {
  const std::string topic = create_topic();
  send_values(topic, {"a", "b", "c", "d", "e"});
  const std::unique_ptr<Consumer> from = consumer();
  ASSERT_TRUE(from->assign({{.partition = {topic, 0}}}).ok());
  Collector collector;

  while (collector.records.size() < 5) {
    const std::size_t before = collector.records.size();
    ASSERT_TRUE(from->poll(kPatience, 2, collector).ok());
    EXPECT_LE(collector.records.size(), before + 2);
  }

  EXPECT_THAT(values_of(collector.records), ElementsAre("a", "b", "c", "d", "e"));
}

}  // namespace
}  // namespace levada::testing
