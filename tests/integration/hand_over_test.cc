// Kafka Streams runs an application on a real broker and stops; Levada goes on with its group and topics, and stops;
// Kafka Streams takes it back. Nothing is processed twice, nothing is lost, and no internal topic is new.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/core/murmur2.h>
#include <levada/levada.h>
#include <levada/runtime/kafka_cluster.h>

#include "tests/support/child_program.h"
#include "tests/support/kafka_broker.h"
#include "tests/support/places.h"

namespace levada {
namespace {

using namespace std::chrono_literals;
using testing::ChildProgram;

constexpr Partition kPartitions = 2;
constexpr Duration kLong = 60s;
constexpr Duration kGap = 10min;

// What HandOver.java adds for these names to the count of each customer's orders.
const std::vector<std::string> kParts = {"hourly", "sessions", "names", "titles"};
const std::vector<std::string> kInputs = {"orders", "customers", "purchases", "products"};
const std::vector<std::string> kOutputs = {"counts", "hourly", "sessions", "names", "titles"};

Topology application(const std::string& prefix) {
  using Text = std::string;
  StreamsBuilder builder;
  const auto orders = builder.stream<Text, Text>(prefix + "orders");
  const auto counts = orders.group_by_key().count({.store = "per-customer"});
  counts.to_stream().to(prefix + "counts");
  orders.group_by([](const Text& product) { return product; })
      .windowed_by(TimeWindows::of(1h, {.grace = 24h}))
      .count()
      .to_stream()
      .to(prefix + "hourly");
  orders.group_by_key()
      .windowed_by(SessionWindows::of(kGap, {.grace = 24h}))
      .count()
      .to_stream()
      .to(prefix + "sessions", {.key = session_windowed_serde<Text>()});
  builder.table<Text, Text>(prefix + "customers")
      .join(counts, [](const Text& name, std::int64_t count) { return name + ":" + std::to_string(count); })
      .to_stream()
      .to(prefix + "names");
  const auto purchases = builder.table<Text, Text>(prefix + "purchases");
  const auto products = builder.table<Text, Text>(prefix + "products");
  purchases
      .join(
          products, [](const Text& product) { return product; },
          [](const Text& product, const Text& title) { return product + "=" + title; })
      .to_stream()
      .to(prefix + "titles");
  return builder.build().value();
}

struct Order {
  std::string customer;
  std::string product;
  Timestamp time;
};

// Of the last day, for few customers and products; some come late.
std::vector<Order> some_orders(int count, std::mt19937& random) {
  const auto start = std::chrono::floor<std::chrono::hours>(Timestamp::clock::now()) - 24h;
  std::vector<Order> orders;
  for (int i = 0; i < count; ++i) {
    const auto minute = std::chrono::minutes(random() % (20 * 60));
    orders.push_back({"c" + std::to_string(random() % 9), "p" + std::to_string(random() % 5),
                      std::chrono::time_point_cast<Duration>(start) + minute});
  }
  return orders;
}

// The latest value of each key, without those that are deleted; both as bytes.
using Rows = std::map<std::string, std::string>;

std::string long_bytes(std::int64_t number) {
  Bytes bytes;
  Serde<std::int64_t>().encode(number, bytes);
  return bytes;
}

std::int64_t milliseconds(Timestamp time) { return time.time_since_epoch().count(); }

// The sessions of one customer: when they end and start, and how many orders they have.
Rows sessions_of(const std::string& customer, const std::multiset<Timestamp>& times) {
  Rows sessions;
  for (auto first = times.begin(); first != times.end();) {
    auto last = first;
    std::int64_t count = 1;
    while (std::next(last) != times.end() && *std::next(last) - *last <= kGap) ++last, ++count;
    sessions[customer + long_bytes(milliseconds(*last)) + long_bytes(milliseconds(*first))] = long_bytes(count);
    first = std::next(last);
  }
  return sessions;
}

// What everything comes to, told by plain loops.
struct Truth {
  std::vector<Order> orders = {};
  std::map<std::string, std::string> customers = {};
  std::map<std::string, std::string> purchases = {};
  std::map<std::string, std::string> products = {};

  std::map<std::string, Rows> rows() const {
    std::map<std::string, std::int64_t> counts;
    std::map<std::string, std::multiset<Timestamp>> times;
    std::map<std::string, std::int64_t> hours;
    for (const Order& order : orders) {
      ++counts[order.customer];
      times[order.customer].insert(order.time);
      ++hours[order.product + long_bytes(milliseconds(std::chrono::floor<std::chrono::hours>(order.time)))];
    }
    std::map<std::string, Rows> truth;
    for (const auto& [customer, count] : counts) {
      truth["counts"][customer] = long_bytes(count);
      truth["sessions"].merge(sessions_of(customer, times[customer]));
      if (!customers.contains(customer)) continue;
      truth["names"][customer] = customers.at(customer) + ":" + std::to_string(count);
    }
    for (const auto& [hour, count] : hours) truth["hourly"][hour] = long_bytes(count);
    for (const auto& [purchase, product] : purchases) {
      if (products.contains(product)) truth["titles"][purchase] = product + "=" + products.at(product);
    }
    return truth;
  }
};

::testing::AssertionResult eventually(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + kLong;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return ::testing::AssertionFailure() << "waited in vain";
  }
  return ::testing::AssertionSuccess();
}

class HandOver : public ::testing::Test {
 protected:
  HandOver() : bootstrap_(testing::shared_broker().value()) {
    cluster_ = KafkaCluster::create({{"bootstrap.servers", bootstrap_}}, Logger()).value();
    admin_ = cluster_->admin({}).value();
    producer_ = cluster_->producer({}).value();
    std::vector<NewTopic> topics;
    for (const std::vector<std::string>* names : {&kInputs, &kOutputs}) {
      for (const std::string& name : *names) topics.push_back({.name = prefix_ + name, .partitions = kPartitions});
    }
    EXPECT_TRUE(admin_->create_topics(topics, kLong).ok());
  }
  ~HandOver() override { std::filesystem::remove_all(state_); }

  void send(const std::string& name, const std::string& key, const std::string& value, Timestamp time) {
    const TopicHandle topic = producer_->topic(prefix_ + name, kLong).value();
    const auto partition = static_cast<Partition>((murmur2(key) & 0x7fffffff) % kPartitions);
    const absl::Status sent =
        producer_->send({.topic = topic, .partition = partition, .key = key, .value = value, .timestamp = time});
    ASSERT_TRUE(sent.ok()) << sent;
  }

  void order(int count) {
    for (const Order& order : some_orders(count, random_)) {
      send("orders", order.customer, order.product, order.time);
      truth_.orders.push_back(order);
    }
    change("customers", truth_.customers, "c" + std::to_string(random_() % 9));
    change("products", truth_.products, "p" + std::to_string(random_() % 5));
    for (int i = 0; i < count / 10; ++i) {
      change("purchases", truth_.purchases, "o" + std::to_string(random_() % 50), "p" + std::to_string(random_() % 5));
    }
    ASSERT_TRUE(producer_->flush(kLong).ok());
  }

  // A row of a table gets a new value.
  void change(const std::string& name, std::map<std::string, std::string>& table, const std::string& key,
              std::string value = {}) {
    if (value.empty()) value = "n" + std::to_string(random_() % 1000);
    send(name, key, value, std::chrono::time_point_cast<Duration>(Timestamp::clock::now()));
    table[key] = value;
  }

  // Kafka Streams, with a disk of its own each time, until all is processed.
  void run_kafka_streams() {
    std::vector<std::string> arguments = {built_programs().parent_path() / "java", "HandOver", bootstrap_, name_,
                                          state_ / ("java-" + std::to_string(++runs_))};
    arguments.insert(arguments.end(), kParts.begin(), kParts.end());
    ChildProgram program(java_script(), arguments);
    EXPECT_TRUE(eventually([this] { return all_is_processed(); }));
    program.terminate();
    program.wait();
    expect_empty_group();
  }

  // Levada likewise; tells how many records of the input it processed.
  std::uint64_t run_levada() {
    StreamsConfig config;
    config.set("application.id", name_);
    config.set("bootstrap.servers", bootstrap_);
    config.set("commit.interval.ms", "200");
    config.set("session.timeout.ms", "6000");
    config.set("state.dir", (state_ / "levada").string());
    StreamsApp app = StreamsApp::start(application(prefix_), config).value();
    EXPECT_TRUE(eventually([this] { return all_is_processed(); }));
    EXPECT_TRUE(app.stop().ok());
    expect_empty_group();
    return app.metrics().input_processed;
  }

  void expect_empty_group() {
    EXPECT_TRUE(eventually([this] { return admin_->describe_group(name_, kLong).value().state == "Empty"; }));
  }

  // Whether the group has committed the ends of all inputs and repartition topics.
  bool all_is_processed() {
    std::vector<TopicPartition> partitions;
    const std::vector<std::string> topics = admin_->list_topics(kLong).value();
    for (const std::string& topic : topics) {
      const bool is_input =
          std::any_of(kInputs.begin(), kInputs.end(), [&](const auto& name) { return topic == prefix_ + name; });
      if (!is_input && !(topic.starts_with(name_ + "-") && !topic.ends_with("-changelog"))) continue;
      for (Partition p = 0; p < kPartitions; ++p) partitions.push_back({topic, p});
    }
    const auto committed = admin_->committed(name_, partitions, kLong);
    if (!committed.ok()) return false;
    return std::all_of(committed->begin(), committed->end(), [this](const CommittedOffset& done) {
      return std::max(Offset{0}, done.offset) == admin_->offsets(done.partition, kLong).value().end;
    });
  }

  std::set<std::string> internal_topics() {
    const std::vector<std::string> all = admin_->list_topics(kLong).value();
    std::set<std::string> topics;
    for (const std::string& topic : all) {
      if (topic.starts_with(name_ + "-")) topics.insert(topic);
    }
    return topics;
  }

  Rows rows(const std::string& topic) {
    struct Reader final : RecordHandler {
      void on_record(std::size_t, const LogRecord& record) override {
        const std::string key(record.key.value());
        latest.erase(key);
        if (record.value) latest.emplace(key, *record.value);
      }
      void on_end_of_partition(std::size_t, Offset) override { ++ended; }
      Rows latest = {};
      Partition ended = 0;
    } reader;
    auto consumer = cluster_->consumer({}).value();
    std::vector<Assignment> all;
    for (Partition p = 0; p < kPartitions; ++p) all.push_back({.partition = {topic, p}});
    EXPECT_TRUE(consumer->assign(all).ok());
    while (reader.ended < kPartitions) EXPECT_TRUE(consumer->poll(100ms, 10'000, reader).ok());
    return reader.latest;
  }

  void expect_exact_totals() {
    const std::map<std::string, Rows> truth = truth_.rows();
    for (const std::string& name : kOutputs) EXPECT_EQ(rows(prefix_ + name), truth.at(name)) << name;
  }

  const std::string bootstrap_;
  const std::string name_ = fmt::format("hand-over-{:08x}", std::random_device()());
  const std::string prefix_ = name_ + ".";
  const std::filesystem::path state_ = std::filesystem::temp_directory_path() / name_;
  std::unique_ptr<Cluster> cluster_;
  std::unique_ptr<Admin> admin_;
  std::unique_ptr<Producer> producer_;
  std::mt19937 random_ = std::mt19937(7);
  Truth truth_ = {};
  int runs_ = 0;
};

TEST_F(HandOver, FromKafkaStreamsToLevadaAndBack) {
  order(500);
  run_kafka_streams();
  expect_exact_totals();
  const std::set<std::string> topics = internal_topics();

  order(300);
  EXPECT_EQ(run_levada(), 300U + 2 + 30);
  expect_exact_totals();
  EXPECT_EQ(internal_topics(), topics);

  order(200);
  run_kafka_streams();
  expect_exact_totals();
  EXPECT_EQ(internal_topics(), topics);
}

}  // namespace
}  // namespace levada
