// What the Kafka cluster says without a broker: about its properties, and about brokers that are not there.

#include <chrono>
#include <memory>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/runtime/kafka_cluster.h>

namespace levada {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using SteadyClock = std::chrono::steady_clock;

constexpr Duration kTimeout = 500ms;
constexpr auto kBounded = 10s;  // no call may take so long

ClientProperties nowhere(const ClientProperties& more = {}) {
  ClientProperties properties = {{"bootstrap.servers", "127.0.0.1:1"}};
  properties.insert(properties.end(), more.begin(), more.end());
  return properties;
}

std::string refusal_of(const ClientProperties& properties) {
  const absl::Status status = KafkaCluster::create(properties).status();
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  return std::string(status.message());
}

class Ignore final : public RecordHandler, public RebalanceListener {
 public:
  void on_record(std::size_t, const LogRecord&) override {}
  void on_end_of_partition(std::size_t, Offset) override {}
  void on_assigned(const std::vector<TopicPartition>&) override {}
  void on_revoked(const std::vector<TopicPartition>&) override {}
  void on_lost(const std::vector<TopicPartition>&) override {}
};

void expect_unreachable(const absl::Status& status) {
  EXPECT_TRUE(absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("127.0.0.1:1"));
}

class Stopwatch {
 public:
  ~Stopwatch() { EXPECT_LT(SteadyClock::now() - started_, kBounded); }

 private:
  const SteadyClock::time_point started_ = SteadyClock::now();
};

TEST(KafkaClusterProperties, UnknownOnesAreNamed) {
  EXPECT_THAT(refusal_of(nowhere({{"linger.mss", "5"}})), HasSubstr("linger.mss"));
}

TEST(KafkaClusterProperties, WrongValuesAreNamedWithTheirKey) {
  EXPECT_THAT(refusal_of(nowhere({{"linger.ms", "soon"}})), AllOf(HasSubstr("linger.ms"), HasSubstr("soon")));
}

TEST(KafkaClusterProperties, TheConsumerProtocolNeedsANewerLibrary) {
  const auto cluster = KafkaCluster::create(nowhere()).value();

  const absl::Status made = cluster->consumer({{"group.id", "g"}, {"group.protocol", "consumer"}}).status();

  if (made.ok()) return;  // it is one
  EXPECT_TRUE(absl::IsInvalidArgument(made)) << made;
  EXPECT_THAT(std::string(made.message()),
              HasSubstr("property group.protocol=consumer: needs librdkafka 2.12 or later, this is "));
}

TEST(KafkaClusterProperties, OneClientsOwnAreCheckedWhenItIsMade) {
  const auto cluster = KafkaCluster::create(nowhere()).value();

  EXPECT_TRUE(absl::IsInvalidArgument(cluster->producer({{"acks", "1"}}).status())) << "acks=1 and idempotence exclude";
  EXPECT_TRUE(absl::IsInvalidArgument(cluster->consumer({{"no.such.key", "1"}}).status()));
}

TEST(KafkaClusterProperties, SecretsAreNotRepeated) {
  const auto cluster =
      KafkaCluster::create(nowhere({{"security.protocol", "ssl"}, {"ssl.key.pem", "my-secret"}})).value();

  const absl::Status made = cluster->consumer({}).status();

  ASSERT_TRUE(absl::IsInvalidArgument(made)) << made;
  EXPECT_THAT(std::string(made.message()), Not(HasSubstr("my-secret")));
}

TEST(KafkaClusterProperties, WhatLevadaReliesOnCannotBeOtherwise) {
  EXPECT_THAT(refusal_of(nowhere({{"enable.auto.commit", "true"}})), HasSubstr("enable.auto.commit"));
  EXPECT_THAT(refusal_of(nowhere({{"partition.assignment.strategy", "cooperative-sticky"}})),
              HasSubstr("partition.assignment.strategy"));
  EXPECT_TRUE(KafkaCluster::create(nowhere({{"enable.auto.commit", "FALSE"}})).ok());
}

TEST(KafkaClusterProperties, BrokersMustBeNamed) { EXPECT_THAT(refusal_of({}), HasSubstr("bootstrap.servers")); }

TEST(KafkaClusterProperties, ResetPolicyIsOneOfThree) {
  EXPECT_THAT(refusal_of(nowhere({{"auto.offset.reset", "middle"}})), HasSubstr("middle"));
  EXPECT_TRUE(KafkaCluster::create(nowhere({{"auto.offset.reset", "none"}})).ok());
}

TEST(KafkaClusterWithoutBroker, CallsOfAConsumerEndWhenTheirTimeIsOver) {
  const Stopwatch bounded;
  const auto consumer = KafkaCluster::create(nowhere()).value()->consumer({{"group.id", "g"}}).value();

  expect_unreachable(consumer->committed({{"topic", 0}}, kTimeout).status());
  expect_unreachable(consumer->offsets({"topic", 0}, kTimeout).status());
  expect_unreachable(consumer->offset_at({"topic", 0}, Timestamp(1h), kTimeout).status());
}

TEST(KafkaClusterWithoutBroker, PollGoesOnTryingAndReportsNothing) {
  const Stopwatch bounded;
  Ignore ignore;
  const auto consumer = KafkaCluster::create(nowhere()).value()->consumer({{"group.id", "g"}}).value();
  ASSERT_TRUE(consumer->subscribe({"topic"}, ignore).ok());

  for (int i = 0; i < 3; ++i) {
    const absl::Status polled = consumer->poll(100ms, 10, ignore);
    EXPECT_TRUE(polled.ok()) << polled;
  }
}

TEST(KafkaClusterWithoutBroker, CallsOfAProducerEndWhenTheirTimeIsOver) {
  const Stopwatch bounded;
  const auto producer = KafkaCluster::create(nowhere()).value()->producer({{"transactional.id", "t"}}).value();

  expect_unreachable(producer->topic("topic", kTimeout).status());
  expect_unreachable(producer->init_transactions(kTimeout));
}

TEST(KafkaClusterWithoutBroker, CallsOfAnAdminEndWhenTheirTimeIsOver) {
  const Stopwatch bounded;
  const auto admin = KafkaCluster::create(nowhere()).value()->admin({}).value();

  expect_unreachable(admin->create_topics({{.name = "topic"}}, kTimeout));
  expect_unreachable(admin->describe_topics({"topic"}, kTimeout).status());
  expect_unreachable(admin->describe_group("group", kTimeout).status());
}

}  // namespace
}  // namespace levada
