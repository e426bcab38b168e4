// Joins of tables in a whole application on the embedded cluster: rows find each other across partitions.
#include <map>
#include <optional>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/core/murmur2.h>
#include <levada/levada.h>

#include "tests/support/temporary_directory.h"

namespace levada {
namespace {

using namespace std::chrono_literals;

constexpr Duration kLong = 60s;
constexpr Partition kOrderPartitions = 2;
constexpr Partition kCustomerPartitions = 3;
constexpr int kOrders = 60;
constexpr int kCustomers = 7;

// The latest value of each key.
struct LatestValues final : RecordHandler {
  void on_record(std::size_t, const LogRecord& record) override {
    latest[std::string(*record.key)] = record.value ? std::optional(std::string(*record.value)) : std::nullopt;
  }
  void on_end_of_partition(std::size_t, Offset) override { ended = true; }
  std::map<std::string, std::optional<std::string>> latest = {};
  bool ended = false;
};

class TableJoinApp : public ::testing::Test {
 protected:
  TableJoinApp() {
    EXPECT_TRUE(admin_
                    ->create_topics({{.name = "orders", .partitions = kOrderPartitions},
                                     {.name = "customers", .partitions = kCustomerPartitions},
                                     {.name = "out", .partitions = 1}},
                                    1s)
                    .ok());
  }

  void send(const std::string& topic, Partition partitions, const std::string& key, const std::string& value) {
    const TopicHandle handle = producer_->topic(topic, 1s).value();
    ASSERT_TRUE(producer_
                    ->send({.topic = handle,
                            .partition = partition_for(key, partitions),
                            .key = key,
                            .value = value,
                            .timestamp = clock_.now()})
                    .ok());
  }

  void run(const absl::StatusOr<Topology>& topology) {
    ASSERT_TRUE(producer_->flush(kLong).ok());
    StreamsConfig config;
    config.set("application.id", "app");
    config.set("bootstrap.servers", "embedded");
    config.set("state.dir", directory_.path().string());
    config.set("num.stream.threads", "2");
    StreamsAppOptions options;
    options.cluster = &cluster_;
    options.stop_at_end = true;
    auto app = StreamsApp::start(topology, config, options);
    ASSERT_TRUE(app.ok()) << app.status();
    ASSERT_TRUE(app->wait_for_end().ok());
  }

  std::map<std::string, std::optional<std::string>> results() {
    LatestValues values;
    auto consumer = cluster_.consumer({}).value();
    EXPECT_TRUE(consumer->assign({{{"out", 0}, 0, 0}}).ok());
    while (!values.ended) EXPECT_TRUE(consumer->poll(10ms, 1000, values).ok());
    return values.latest;
  }

  const testing::TemporaryDirectory directory_ = {};
  SystemClock clock_ = {};
  EmbeddedCluster cluster_{clock_};
  std::unique_ptr<Admin> admin_ = cluster_.admin({}).value();
  std::unique_ptr<Producer> producer_ = cluster_.producer({}).value();
};

std::string customer_of(int order) { return "c" + std::to_string(order % kCustomers); }

TEST_F(TableJoinApp, ByAForeignKeyBetweenTopicsOfDifferentWidths) {
  StreamsBuilder builder;
  const auto customers = builder.table<std::string, std::string>("customers");
  builder.table<std::string, std::string>("orders")
      .join(
          customers, [](const std::string& customer) { return customer; },
          [](const std::string& customer, const std::string& name) { return customer + " " + name; })
      .to_stream()
      .to("out");
  for (int i = 0; i < kOrders; ++i) {
    send("orders", kOrderPartitions, "o" + std::to_string(i), customer_of(i));
    const std::string customer = customer_of(i);
    send("customers", kCustomerPartitions, customer, "name " + customer);
  }
  run(builder.build());
  const auto joined = results();
  ASSERT_EQ(joined.size(), static_cast<std::size_t>(kOrders));
  for (int i = 0; i < kOrders; ++i) {
    const std::string customer = customer_of(i);
    EXPECT_EQ(joined.at("o" + std::to_string(i)), customer + " name " + customer);
  }
}

TEST_F(TableJoinApp, GroupedByAnotherKeyCountsEachRowOnce) {
  StreamsBuilder builder;
  builder.table<std::string, std::string>("orders")
      .group_by([](const std::string& customer) { return std::pair(customer, customer); })
      .count()
      .map_values([](std::int64_t count) { return std::to_string(count); })
      .to_stream()
      .to("out");
  for (const int shift : {1, 0}) {  // each order changes its customer once
    for (int i = 0; i < kOrders; ++i) {
      send("orders", kOrderPartitions, "o" + std::to_string(i), customer_of(i + shift));
    }
  }
  run(builder.build());
  int total = 0;
  for (const auto& [customer, count] : results()) total += std::stoi(*count);
  EXPECT_EQ(total, kOrders);
}

}  // namespace
}  // namespace levada
