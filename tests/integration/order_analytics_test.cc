// The main job as a user runs it: processes, a real broker, a million events, and what goes wrong in between.
#include <cmath>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <levada/runtime/kafka_cluster.h>

#include "tests/support/child_program.h"
#include "tests/support/kafka_broker.h"

namespace levada {
namespace {

using namespace std::chrono_literals;
using testing::ChildProgram;

constexpr Partition kPartitions = 4;
constexpr Duration kTimeout = 60s;

const std::vector<std::string> kExactlyOnce = {"--set", "processing.guarantee=exactly_once_v2", "--set",
                                               "commit.interval.ms=100"};

using Record = std::function<void(std::string key, std::string value)>;

// Calls `visit` with every record of a topic, partition by partition in order.
void read_topic(Cluster& cluster, const std::string& topic, Partition partitions, const Record& visit) {
  struct Reader final : RecordHandler {
    explicit Reader(const Record& v) : visit(v) {}
    void on_record(std::size_t, const LogRecord& record) override {
      visit(std::string(record.key.value_or("")), std::string(record.value.value_or("")));
    }
    void on_end_of_partition(std::size_t, Offset) override { ++ended; }
    const Record& visit;
    Partition ended = 0;
  } reader(visit);
  auto consumer = cluster.consumer({}).value();
  std::vector<Assignment> all;
  for (Partition p = 0; p < partitions; ++p) all.push_back({.partition = {topic, p}});
  ASSERT_TRUE(consumer->assign(all).ok());
  while (reader.ended < partitions) ASSERT_TRUE(consumer->poll(100ms, 10'000, reader).ok());
}

struct Totals {
  std::map<std::string, std::int64_t> orders = {};
  std::map<std::string, double> revenue = {};
};

class OrderAnalytics : public ::testing::Test {
 protected:
  OrderAnalytics() : bootstrap_(testing::shared_broker().value()) {
    cluster_ = KafkaCluster::create({{"bootstrap.servers", bootstrap_}}, Logger()).value();
  }
  ~OrderAnalytics() override { std::filesystem::remove_all(state_); }

  void produce(int count) {
    ChildProgram producer("order_producer", {"--bootstrap-servers", bootstrap_, "--topic", input_, "--partitions",
                                             std::to_string(kPartitions), "--count", std::to_string(count), "--late",
                                             "0.05", "--seed", std::to_string(++seed_)});
    ASSERT_EQ(producer.wait(), 0);
  }

  std::vector<std::string> arguments(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> all = {"--bootstrap-servers",
                                    bootstrap_,
                                    "--application-id",
                                    name_,
                                    "--input",
                                    input_,
                                    "--counts",
                                    counts_,
                                    "--revenue",
                                    revenue_,
                                    "--grace",
                                    "36500d",
                                    "--set",
                                    "commit.interval.ms=500",
                                    "--set",
                                    "session.timeout.ms=6000",
                                    "--set",
                                    "topic.retention.ms=-1"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  std::vector<std::string> to_the_end(const std::string& threads = "2") const {
    return arguments({"--state-dir", state_, "--stop-at-end", "--report", "--set", "num.stream.threads=" + threads});
  }

  // What the events say, computed without anything of the library but its consumer.
  Totals truth() {
    Totals totals;
    read_topic(*cluster_, input_, kPartitions, [&](const std::string&, const std::string& value) {
      const auto event = nlohmann::json::parse(value);
      const std::string hour = event["timestamp"].get<std::string>().substr(0, 13);
      if (event["type"] == "OrderCreated") ++totals.orders[hour];
      if (event["type"] == "PaymentProcessed") totals.revenue[hour] += event["data"]["amount"].get<double>();
    });
    return totals;
  }

  Totals results() {
    Totals totals;
    read_topic(*cluster_, counts_, kPartitions,
               [&](const std::string& hour, const std::string& number) { totals.orders[hour] = std::stoll(number); });
    read_topic(*cluster_, revenue_, kPartitions,
               [&](const std::string& hour, const std::string& number) { totals.revenue[hour] = std::stod(number); });
    return totals;
  }

  static void expect_exact(const Totals& found, const Totals& truth) {
    EXPECT_EQ(found.orders, truth.orders);
    ASSERT_EQ(found.revenue.size(), truth.revenue.size());
    for (const auto& [hour, sum] : truth.revenue) EXPECT_NEAR(found.revenue.at(hour), sum, 1e-4) << hour;
  }
  static void expect_not_lower(const Totals& found, const Totals& truth) {
    for (const auto& [hour, count] : truth.orders) EXPECT_GE(found.orders.at(hour), count) << hour;
    for (const auto& [hour, sum] : truth.revenue) EXPECT_GE(found.revenue.at(hour), sum - 1e-4) << hour;
  }

  // Until the group has committed `share` of the input.
  void wait_for_progress(double share) {
    auto admin = cluster_->admin({}).value();
    Offset ends = 0;
    for (Partition p = 0; p < kPartitions; ++p) ends += admin->offsets({input_, p}, kTimeout).value().end;
    wait_until_committed(static_cast<Offset>(std::ceil(share * static_cast<double>(ends))));
  }
  // That many records of the input.
  void wait_until_committed(Offset records) {
    auto admin = cluster_->admin({}).value();
    const auto deadline = std::chrono::steady_clock::now() + kTimeout;
    for (Offset committed = 0; committed < records;) {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline) << "no progress";
      committed = 0;
      for (Partition p = 0; p < kPartitions; ++p) {
        committed += std::max(Offset{0}, admin->committed(name_, {{input_, p}}, kTimeout).value().front().offset);
      }
    }
  }

  // Of two, each on its disk.
  std::unique_ptr<ChildProgram> exactly_once(int number) const {
    const std::string name = std::to_string(number);
    std::vector<std::string> all =
        arguments({"--state-dir", state_ + "/" + name, "--set", "group.instance.id=" + name});
    all.insert(all.end(), kExactlyOnce.begin(), kExactlyOnce.end());
    return std::make_unique<ChildProgram>("order_analytics", all);
  }

  // The ids of those who share the partitions; empty while they are being shared out.
  std::set<std::string> members() {
    std::set<std::string> ids;
    const auto group = cluster_->admin({}).value()->describe_group(name_, kTimeout);
    if (!group.ok() || group->state != "Stable") return ids;
    for (const GroupMember& member : group->members) ids.insert(member.member_id);
    return ids;
  }

  // A reader of committed records sees no count twice, and none that is lower than one before.
  void expect_no_count_twice() {
    std::map<std::string, std::int64_t> latest;
    read_topic(*cluster_, counts_, kPartitions, [&](const std::string& hour, const std::string& number) {
      const std::int64_t count = std::stoll(number);
      EXPECT_GT(count, std::exchange(latest[hour], count)) << hour;
    });
  }

  static std::string unique_name() { return fmt::format("orders-{:08x}", std::random_device()()); }

  const std::string bootstrap_;
  const std::string name_ = unique_name();
  const std::string input_ = name_ + "-events";
  const std::string counts_ = name_ + "-per-hour";
  const std::string revenue_ = name_ + "-revenue";
  const std::string state_ = (std::filesystem::temp_directory_path() / name_).string();
  std::unique_ptr<Cluster> cluster_;
  int seed_ = 0;
};

TEST_F(OrderAnalytics, AMillionEventsGiveExactlyTheTruth) {
  produce(1'000'000);
  ChildProgram app("order_analytics", to_the_end());
  ASSERT_EQ(app.wait(), 0);
  EXPECT_EQ(nlohmann::json::parse(app.last_line())["records"], 1'000'000);
  expect_exact(results(), truth());
}

TEST_F(OrderAnalytics, WithACombinerTheyAreTheSame) {
  produce(400'000);
  std::vector<std::string> combining = to_the_end();
  combining.push_back("--combine");
  ASSERT_EQ(ChildProgram("order_analytics", combining).wait(), 0);
  expect_exact(results(), truth());
}

TEST_F(OrderAnalytics, KilledInTheMiddleWhatWasCombinedIsNotLost) {
  produce(400'000);
  std::vector<std::string> combining = to_the_end("1");
  combining.push_back("--combine");
  {
    ChildProgram app("order_analytics", combining);
    wait_for_progress(0.01);
    app.kill();
  }
  ASSERT_EQ(ChildProgram("order_analytics", combining).wait(), 0);
  expect_not_lower(results(), truth());
}

TEST_F(OrderAnalytics, KilledInTheMiddleLosesNothing) {
  produce(400'000);
  {
    ChildProgram app("order_analytics", to_the_end("1"));
    wait_for_progress(0.01);
    app.kill();
  }
  ChildProgram app("order_analytics", to_the_end());
  ASSERT_EQ(app.wait(), 0);
  expect_not_lower(results(), truth());
}

TEST_F(OrderAnalytics, RestoresFromTheChangelogWhenTheStateIsDeleted) {
  produce(100'000);
  ASSERT_EQ(ChildProgram("order_analytics", to_the_end()).wait(), 0);
  std::filesystem::remove_all(state_);
  produce(100'000);
  ChildProgram app("order_analytics", to_the_end());
  ASSERT_EQ(app.wait(), 0);
  EXPECT_GT(nlohmann::json::parse(app.last_line())["restored"], 0);
  expect_exact(results(), truth());
}

TEST_F(OrderAnalytics, ADamagedStateIsRestoredFromTheChangelog) {
  produce(50'000);
  ASSERT_EQ(ChildProgram("order_analytics", to_the_end()).wait(), 0);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(state_)) {
    if (entry.path().filename().string().starts_with("MANIFEST")) std::filesystem::resize_file(entry.path(), 10);
  }
  produce(50'000);
  ChildProgram app("order_analytics", to_the_end());
  ASSERT_EQ(app.wait(), 0);
  EXPECT_GT(nlohmann::json::parse(app.last_line())["restored"], 0);
  expect_exact(results(), truth());
}

TEST_F(OrderAnalytics, WaitsForTheStateOfAnInstanceThatHangs) {
  produce(100'000);
  ChildProgram hangs("order_analytics", arguments({"--state-dir", state_}));
  wait_for_progress(0.01);
  ASSERT_EQ(members().size(), 1U);
  const std::string hanging = *members().begin();
  hangs.freeze();
  ChildProgram app("order_analytics", to_the_end());
  // The group gives up the one that hangs, whose directory is still locked.
  const auto deadline = std::chrono::steady_clock::now() + kTimeout;
  for (auto now = members(); now.contains(hanging); now = members()) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline);
  }
  hangs.kill();
  ASSERT_EQ(app.wait(), 0);
  expect_not_lower(results(), truth());
}

TEST_F(OrderAnalytics, AnotherInstanceTakesOverWhenOneStops) {
  produce(200'000);
  ChildProgram first("order_analytics", arguments({"--state-dir", state_ + "/1"}));
  ChildProgram second("order_analytics", arguments({"--state-dir", state_ + "/2"}));
  wait_for_progress(0.01);
  first.terminate();
  ASSERT_EQ(first.wait(), 0);
  produce(100'000);
  wait_for_progress(1.0);
  second.terminate();
  ASSERT_EQ(second.wait(), 0);
  // What the group had still to count downstream.
  ASSERT_EQ(ChildProgram("order_analytics", to_the_end()).wait(), 0);
  expect_exact(results(), truth());
}

// At random moments, under load, one of two instances after the other.
TEST_F(OrderAnalytics, UnderExactlyOnceInstancesThatAreKilledCountNothingTwice) {
  constexpr int kBatch = 40'000;
  const std::random_device::result_type seed = std::random_device()();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  produce(kBatch);
  std::vector<std::unique_ptr<ChildProgram>> instances;
  for (const int number : {0, 1}) instances.push_back(exactly_once(number));
  for (int kills = 0; kills < 6; ++kills) {
    produce(kBatch);
    wait_until_committed(kBatch * (kills + 1) + std::uniform_int_distribution<Offset>(0, kBatch / 2)(random));
    if (HasFatalFailure()) return;
    const int number = std::uniform_int_distribution<int>(0, 1)(random);
    instances[number]->kill();
    instances[number] = exactly_once(number);
  }
  wait_for_progress(1.0);
  for (const auto& instance : instances) instance->terminate();
  for (const auto& instance : instances) EXPECT_EQ(instance->wait(), 0);
  std::vector<std::string> rest = to_the_end();
  rest.insert(rest.end(), kExactlyOnce.begin(), kExactlyOnce.end());
  ASSERT_EQ(ChildProgram("order_analytics", rest).wait(), 0);
  expect_exact(results(), truth());
  expect_no_count_twice();
}

TEST_F(OrderAnalytics, UnderExactlyOnceAMillionEventsGiveExactlyTheTruth) {
  produce(1'000'000);
  std::vector<std::string> once = to_the_end();
  once.insert(once.end(), kExactlyOnce.begin(), kExactlyOnce.end());
  ChildProgram app("order_analytics", once);
  ASSERT_EQ(app.wait(), 0);
  expect_exact(results(), truth());
  expect_no_count_twice();
}

}  // namespace
}  // namespace levada
