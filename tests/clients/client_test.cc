#include "tests/clients/client_test.h"

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include <levada/runtime/embedded_cluster.h>
#include <levada/runtime/kafka_cluster.h>

#include "tests/support/kafka_broker.h"

namespace levada::testing {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr Duration kPollTimeout = 50ms;

// Longer than the heartbeat of a real member, so that a rebalance is soon noticed.
const ClientProperties& quick_group() {
  static const ClientProperties properties = {{"heartbeat.interval.ms", "100"}, {"session.timeout.ms", "6000"}};
  return properties;
}

const SystemClock& clock() {
  static const SystemClock system_clock;
  return system_clock;
}

std::unique_ptr<Cluster> make_cluster(const std::string& name) {
  if (name == "embedded") return std::make_unique<EmbeddedCluster>(clock());
  const std::optional<std::string> bootstrap = shared_broker();
  if (!bootstrap) {
    throw std::runtime_error(
        "no broker: LEVADA_TEST_BOOTSTRAP is not set. Run by `ctest -L clients`, or leave these tests out by "
        "--gtest_filter='*/embedded'");
  }
  return KafkaCluster::create({{"bootstrap.servers", *bootstrap}}).value();
}

template <typename T>
std::unique_ptr<T> expect_client(absl::StatusOr<std::unique_ptr<T>> client) {
  if (!client.ok()) throw std::runtime_error(client.status().ToString());
  return *std::move(client);
}

void expect_ok(const absl::Status& status) { EXPECT_TRUE(status.ok()) << status; }

}  // namespace

std::vector<std::string> values_of(const std::vector<Seen>& records) {
  std::vector<std::string> values;
  for (const Seen& record : records) values.push_back(record.value.value_or("(null)"));
  return values;
}

std::vector<Offset> offsets_of(const std::vector<Seen>& records) {
  std::vector<Offset> offsets;
  for (const Seen& record : records) offsets.push_back(record.offset);
  return offsets;
}

void Collector::on_record(std::size_t tag, const LogRecord& record) {
  records.push_back({.tag = tag,
                     .key = record.key ? NullableBytes(*record.key) : std::nullopt,
                     .value = record.value ? NullableBytes(*record.value) : std::nullopt,
                     .timestamp = record.timestamp,
                     .offset = record.offset,
                     .headers = record.headers});
}

void Member::subscribe(const std::vector<std::string>& topics) { expect_ok(consumer_->subscribe(topics, *this)); }

absl::Status Member::poll() { return consumer_->poll(kPollTimeout, 1000, seen); }

void Member::on_assigned(const std::vector<TopicPartition>& partitions) {
  told.push_back(fmt::format("assigned {}", partitions.size()));
  partitions_ = partitions;
  std::sort(partitions_.begin(), partitions_.end());
  if (!assigns) return;
  std::vector<Assignment> assignment;
  for (const TopicPartition& each : partitions_) assignment.push_back({.partition = each, .tag = assignment.size()});
  expect_ok(consumer_->assign(assignment));
}

void Member::on_revoked(const std::vector<TopicPartition>& partitions) {
  told.push_back(fmt::format("revoked {}", partitions.size()));
  if (when_revoked) when_revoked();
  std::erase_if(partitions_, [&](const auto& each) { return std::ranges::count(partitions, each) > 0; });
}

void Member::on_lost(const std::vector<TopicPartition>& partitions) {
  told.push_back(fmt::format("lost {}", partitions.size()));
  partitions_.clear();
}

void ClientTest::SetUp() {
  cluster_ = make_cluster(GetParam());
  admin_ = expect_client(cluster_->admin({}));
}

std::unique_ptr<Consumer> ClientTest::consumer(ClientProperties properties) {
  return expect_client(cluster_->consumer(properties));
}

std::unique_ptr<Producer> ClientTest::producer(const ClientProperties& properties) {
  return expect_client(cluster_->producer(properties));
}

std::unique_ptr<Producer> ClientTest::transactional(const std::string& id) {
  std::unique_ptr<Producer> made = producer({{"transactional.id", id}});
  expect_ok(made->init_transactions(kPatience));
  return made;
}

Member ClientTest::member(const std::string& group, ClientProperties properties) {
  properties.insert(properties.begin(), {"group.id", group});
  properties.insert(properties.begin(), quick_group().begin(), quick_group().end());
  return Member(consumer(std::move(properties)));
}

std::string ClientTest::unique(const std::string& what) {
  static const auto started = SteadyClock::now().time_since_epoch().count();
  const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
  std::string name = test->name();
  name = name.substr(0, name.find('/'));
  return fmt::format("{}-{}-{}-{}-{}", name, what, started, getpid(), ++names_made_);
}

std::string ClientTest::create_topic(Partition partitions, std::map<std::string, std::string> config) {
  std::string name = unique("topic");
  config.try_emplace("retention.ms", "-1");
  expect_ok(admin().create_topics({{.name = name, .partitions = partitions, .config = std::move(config)}}, kPatience));
  return name;
}

void ClientTest::create_topic_named(const std::string& name, Partition partitions) {
  expect_ok(admin().create_topics({{.name = name, .partitions = partitions}}, kPatience));
}

void ClientTest::send(const std::string& topic, const std::vector<Message>& messages) {
  const std::unique_ptr<Producer> to = producer();
  const TopicHandle handle = to->topic(topic, kPatience).value();
  for (const Message& message : messages) {
    expect_ok(to->send({.topic = handle,
                        .partition = message.partition,
                        .key = message.key,
                        .value = message.value,
                        .timestamp = message.timestamp,
                        .headers = &message.headers}));
  }
  expect_ok(to->flush(kPatience));
}

void ClientTest::send_many(const std::string& topic, Partition partitions, int count) {
  std::vector<Message> messages;
  for (int i = 0; i < count; ++i) messages.push_back({.value = std::to_string(i), .partition = i % partitions});
  send(topic, messages);
}

void ClientTest::send_values(const std::string& topic, const std::vector<std::string>& values, Partition partition) {
  std::vector<Message> messages;
  for (const std::string& value : values) messages.push_back({.key = "k", .value = value, .partition = partition});
  send(topic, messages);
}

void ClientTest::send(Producer& producer, const std::string& topic, const std::string& value, Partition partition) {
  const TopicHandle handle = producer.topic(topic, kPatience).value();
  expect_ok(producer.send({.topic = handle, .partition = partition, .key = "k", .value = value}));
}

std::vector<Seen> ClientTest::read_all(const std::string& topic, Partition partition, ClientProperties properties) {
  const std::unique_ptr<Consumer> from = consumer(std::move(properties));
  expect_ok(from->assign({{.partition = {topic, partition}}}));
  Collector collector;
  read_to_end(*from, collector);
  return std::move(collector.records);
}

void ClientTest::read_to_end(Consumer& consumer, Collector& into) {
  into.ends.clear();
  read_until(consumer, into, [&into] { return !into.ends.empty(); });
}

void ClientTest::read_until(Consumer& consumer, Collector& into, const std::function<bool()>& done) {
  const auto deadline = SteadyClock::now() + kPatience;
  while (!done()) {
    ASSERT_LT(SteadyClock::now(), deadline) << "waited in vain; read " << into.records.size() << " records";
    const absl::Status polled = consumer.poll(kPollTimeout, 1000, into);
    ASSERT_TRUE(polled.ok()) << polled;
  }
}

std::function<bool()> ClientTest::has(const Member& member, std::size_t partitions) {
  return [&member, partitions] { return member.partitions().size() == partitions; };
}

void ClientTest::run_until(const std::vector<Member*>& members, const std::function<bool()>& done) {
  const auto deadline = SteadyClock::now() + kPatience;
  while (!done()) {
    ASSERT_LT(SteadyClock::now(), deadline) << "waited in vain";
    for (Member* member : members) {
      const absl::Status polled = member->poll();
      ASSERT_TRUE(polled.ok()) << polled;
    }
  }
}

std::vector<std::string> both_clusters() { return {"embedded", "kafka"}; }

std::string cluster_name(const ::testing::TestParamInfo<std::string>& info) { return info.param; }

}  // namespace levada::testing
