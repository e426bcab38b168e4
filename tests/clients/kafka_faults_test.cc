// What becomes of clients when their broker goes away and comes back.

#include <chrono>
#include <string>

#include <levada/runtime/kafka_cluster.h>

#include "tests/clients/client_test.h"
#include "tests/support/kafka_broker.h"

namespace levada::testing {
namespace {

constexpr Duration kRecovery = 60s;

class KafkaFaults : public ::testing::Test {
 protected:
  void SetUp() override {
    cluster_ = KafkaCluster::create({{"bootstrap.servers", broker_.bootstrap()}}).value();
    const absl::Status created = cluster_->admin({}).value()->create_topics({{.name = "topic"}}, kRecovery);
    ASSERT_TRUE(created.ok()) << created;
  }

  void send(Producer& producer, int first, int last) {
    const TopicHandle topic = producer.topic("topic", kRecovery).value();
    for (int i = first; i < last; ++i) {
      const std::string value = std::to_string(i);
      const absl::Status sent = producer.send({.topic = topic, .partition = 0, .value = value});
      ASSERT_TRUE(sent.ok()) << sent;
    }
  }

  static void read_until(Consumer& consumer, Collector& seen, std::size_t count) {
    const auto deadline = std::chrono::steady_clock::now() + kRecovery;
    while (seen.records.size() < count) {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline) << "read only " << seen.records.size() << " of " << count;
      const absl::Status polled = consumer.poll(100ms, 1000, seen);
      ASSERT_TRUE(polled.ok()) << polled;
    }
  }

  KafkaBroker broker_;
  std::unique_ptr<Cluster> cluster_;
};

TEST_F(KafkaFaults, EachRecordArrivesOnceAcrossARestart) {
  const auto producer = cluster_->producer({}).value();
  const auto consumer = cluster_->consumer({}).value();
  ASSERT_TRUE(consumer->assign({{.partition = {"topic", 0}}}).ok());
  Collector seen;
  send(*producer, 0, 100);
  read_until(*consumer, seen, 100);

  broker_.kill();
  send(*producer, 100, 200);
  for (int i = 0; i < 3; ++i)
    ASSERT_TRUE(consumer->poll(100ms, 1000, seen).ok()) << "a broker that is away is no error";
  const absl::Status waiting = producer->flush(500ms);
  EXPECT_TRUE(absl::IsDeadlineExceeded(waiting)) << waiting;
  broker_.start();
  const absl::Status flushed = producer->flush(kRecovery);
  ASSERT_TRUE(flushed.ok()) << flushed;
  read_until(*consumer, seen, 200);

  std::vector<std::string> expected;
  for (int i = 0; i < 200; ++i) expected.push_back(std::to_string(i));
  EXPECT_EQ(values_of(seen.records), expected);
}

TEST_F(KafkaFaults, MemberGoesOnInItsGroupAcrossARestart) {
  Member member(cluster_->consumer({{"group.id", "g"}, {"session.timeout.ms", "6000"}}).value());
  const auto producer = cluster_->producer({}).value();
  send(*producer, 0, 1);
  member.subscribe({"topic"});
  read_until(member.consumer(), member.seen, 1);

  broker_.kill();
  const absl::Status away = member.consumer().commit({{.partition = {"topic", 0}, .offset = 1}});
  EXPECT_TRUE(absl::IsUnavailable(away)) << away;
  broker_.start();
  send(*producer, 1, 2);

  const auto deadline = std::chrono::steady_clock::now() + kRecovery;
  absl::Status committed = absl::UnknownError("never tried");
  while (member.seen.records.back().value != "1" || !committed.ok()) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline) << committed;
    ASSERT_TRUE(member.poll().ok());
    if (!member.partitions().empty()) committed = member.consumer().commit({{.partition = {"topic", 0}, .offset = 2}});
  }
}

// What it still had to say under its old member id fences its instance id, as if another process had taken it.
TEST_F(KafkaFaults, StaticMemberOutlivesABrokerThatWasAwayLongerThanItsSession) {
  Member member(
      cluster_->consumer({{"group.id", "g"}, {"group.instance.id", "1"}, {"session.timeout.ms", "6000"}}).value());
  const auto producer = cluster_->producer({}).value();
  send(*producer, 0, 1);
  member.subscribe({"topic"});
  read_until(member.consumer(), member.seen, 1);

  broker_.kill();
  absl::Status committed = absl::UnavailableError("never tried");
  for (int i = 0; i < 2; ++i) committed = member.consumer().commit({{.partition = {"topic", 0}, .offset = 1}});
  broker_.start();
  while (absl::IsUnavailable(committed))
    committed = member.consumer().commit({{.partition = {"topic", 0}, .offset = 1}});
  EXPECT_TRUE(absl::IsFailedPrecondition(committed)) << committed;
  send(*producer, 1, 2);

  const auto deadline = std::chrono::steady_clock::now() + kRecovery;
  while (member.seen.records.back().value != "1" || !committed.ok()) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline) << committed;
    const absl::Status polled = member.poll();
    ASSERT_TRUE(polled.ok()) << polled;
    if (!member.partitions().empty()) committed = member.consumer().commit({{.partition = {"topic", 0}, .offset = 2}});
  }
  EXPECT_THAT(member.told, ::testing::ElementsAre("assigned 1", "lost 1", "assigned 1"));
}

TEST_F(KafkaFaults, OffsetsOfATransactionAreGivenUpInTime) {
  Member member(cluster_->consumer({{"group.id", "g"}}).value());
  auto producer = cluster_->producer({{"transactional.id", "t"}}).value();
  ASSERT_TRUE(producer->init_transactions(kRecovery).ok());
  send(*cluster_->producer({}).value(), 0, 1);
  member.subscribe({"topic"});
  read_until(member.consumer(), member.seen, 1);
  ASSERT_TRUE(producer->begin_transaction().ok());

  broker_.kill();
  const auto started = std::chrono::steady_clock::now();
  const absl::Status sent =
      producer->send_offsets({{.partition = {"topic", 0}, .offset = 1}}, member.consumer().group_metadata(), 1s);
  EXPECT_FALSE(sent.ok());
  const absl::Status aborted = producer->abort_transaction(1s);
  EXPECT_FALSE(aborted.ok());
  producer.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - started, 30s) << sent << ", " << aborted;
}

TEST_F(KafkaFaults, ClientsEndInTimeWithoutTheirBroker) {
  Member member(cluster_->consumer({{"group.id", "g"}}).value());
  auto producer = cluster_->producer({}).value();
  send(*producer, 0, 1);
  member.subscribe({"topic"});
  read_until(member.consumer(), member.seen, 1);

  broker_.kill();
  send(*producer, 1, 2);
  const auto started = std::chrono::steady_clock::now();
  member.leave();
  producer.reset();

  EXPECT_LT(std::chrono::steady_clock::now() - started, 30s);
}

}  // namespace
}  // namespace levada::testing
