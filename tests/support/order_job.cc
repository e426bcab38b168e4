#include "tests/support/order_job.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <functional>
#include <random>
#include <utility>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <levada/runtime/kafka_cluster.h>

#include "tests/support/child_program.h"
#include "tests/support/kafka_broker.h"

namespace levada::testing {
namespace {

using namespace std::chrono_literals;

constexpr Duration kTimeout = 60s;

using Visit = std::function<void(std::string key, std::string value)>;

// Every record of a topic, partition by partition in order.
void read_topic(Cluster& cluster, const std::string& topic, const Visit& visit) {
  struct Reader final : RecordHandler {
    explicit Reader(const Visit& v) : visit(v) {}
    void on_record(std::size_t, const LogRecord& record) override {
      visit(std::string(record.key.value_or("")), std::string(record.value.value_or("")));
    }
    void on_end_of_partition(std::size_t, Offset) override { ++ended; }
    const Visit& visit;
    Partition ended = 0;
  } reader(visit);
  auto consumer = cluster.consumer({}).value();
  std::vector<Assignment> all;
  for (Partition p = 0; p < OrderJob::kPartitions; ++p) all.push_back({.partition = {topic, p}});
  ASSERT_TRUE(consumer->assign(all).ok());
  while (reader.ended < OrderJob::kPartitions) ASSERT_TRUE(consumer->poll(100ms, 10'000, reader).ok());
}

std::vector<std::string> joined(std::vector<std::string> some, const std::vector<std::string>& more) {
  some.insert(some.end(), more.begin(), more.end());
  return some;
}

}  // namespace

const std::vector<std::string>& OrderJob::exactly_once() {
  static const std::vector<std::string> kSettings = {"--set", "processing.guarantee=exactly_once_v2", "--set",
                                                     "commit.interval.ms=100"};
  return kSettings;
}

OrderJob::OrderJob(std::string bootstrap)
    : bootstrap_(std::move(bootstrap)),
      name_(fmt::format("orders-{:08x}", std::random_device()())),
      state_((std::filesystem::temp_directory_path() / name_).string()),
      cluster_(KafkaCluster::create({{"bootstrap.servers", bootstrap_}}, Logger()).value()) {}

OrderJob::~OrderJob() {
  std::error_code ignored;
  std::filesystem::remove_all(state_, ignored);
}

std::vector<std::string> OrderJob::producing(const std::vector<std::string>& more) {
  const std::vector<std::string> all = {
      "--bootstrap-servers",       bootstrap_, "--topic", input_,   "--partitions",
      std::to_string(kPartitions), "--late",   "0.05",    "--seed", std::to_string(++seed_)};
  return joined(all, more);
}

void OrderJob::produce(int count) {
  ASSERT_EQ(ChildProgram("order_producer", producing({"--count", std::to_string(count)})).wait(), 0);
}

std::vector<std::string> OrderJob::arguments(const std::vector<std::string>& more) const {
  const std::vector<std::string> all = {
      "--bootstrap-servers",
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
      group_protocol() == "classic" ? "session.timeout.ms=6000" : "group.protocol=" + group_protocol(),
      "--set",
      "topic.retention.ms=-1"};
  return joined(all, more);
}

std::vector<std::string> OrderJob::to_the_end(const std::string& threads, const std::vector<std::string>& more) const {
  return joined(
      arguments({"--state-dir", state_, "--stop-at-end", "--report", "--set", "num.stream.threads=" + threads}), more);
}

void OrderJob::wait_for_progress(double share) {
  auto admin = cluster_->admin({}).value();
  Offset ends = 0;
  for (Partition p = 0; p < kPartitions; ++p) ends += admin->offsets({input_, p}, kTimeout).value().end;
  wait_until_committed(static_cast<Offset>(std::ceil(share * static_cast<double>(ends))));
}

void OrderJob::wait_until_committed(Offset records, const std::function<void()>& meanwhile) {
  auto admin = cluster_->admin({}).value();
  auto last_progress = std::chrono::steady_clock::now();
  for (Offset committed = 0; committed < records;) {
    const auto now = std::chrono::steady_clock::now();
    ASSERT_LT(now, last_progress + kTimeout) << "no progress from " << committed << " to " << records;
    meanwhile();
    Offset sum = 0;
    for (Partition p = 0; p < kPartitions; ++p) {
      sum += std::max(Offset{0}, admin->committed(name_, {{input_, p}}, kTimeout).value().front().offset);
    }
    if (std::exchange(committed, sum) != sum) last_progress = now;
  }
}

std::set<std::string> OrderJob::members() {
  std::set<std::string> ids;
  const auto group = cluster_->admin({}).value()->describe_group(name_, kTimeout);
  if (!group.ok() || group->state != "Stable") return ids;
  for (const GroupMember& member : group->members) ids.insert(member.member_id);
  return ids;
}

OrderJob::Totals OrderJob::truth() {
  Totals totals;
  read_topic(*cluster_, input_, [&](const std::string&, const std::string& value) {
    const auto event = nlohmann::json::parse(value);
    const std::string hour = event["timestamp"].get<std::string>().substr(0, 13);
    if (event["type"] == "OrderCreated") ++totals.orders[hour];
    if (event["type"] == "PaymentProcessed") totals.revenue[hour] += event["data"]["amount"].get<double>();
  });
  return totals;
}

OrderJob::Totals OrderJob::results() {
  Totals totals;
  read_topic(*cluster_, counts_,
             [&](const std::string& hour, const std::string& number) { totals.orders[hour] = std::stoll(number); });
  read_topic(*cluster_, revenue_,
             [&](const std::string& hour, const std::string& number) { totals.revenue[hour] = std::stod(number); });
  return totals;
}

void OrderJob::expect_exact() {
  const Totals true_ones = truth();
  Totals found = results();
  EXPECT_EQ(found.orders, true_ones.orders);
  ASSERT_EQ(found.revenue.size(), true_ones.revenue.size());
  for (const auto& [hour, sum] : true_ones.revenue) EXPECT_NEAR(found.revenue[hour], sum, 1e-4) << hour;
}

void OrderJob::expect_not_lower() {
  const Totals true_ones = truth();
  Totals found = results();
  for (const auto& [hour, count] : true_ones.orders) EXPECT_GE(found.orders[hour], count) << hour;
  for (const auto& [hour, sum] : true_ones.revenue) EXPECT_GE(found.revenue[hour], sum - 1e-4) << hour;
}

void OrderJob::expect_no_count_twice() {
  std::map<std::string, std::int64_t> latest;
  read_topic(*cluster_, counts_, [&](const std::string& hour, const std::string& number) {
    const std::int64_t count = std::stoll(number);
    EXPECT_GT(count, std::exchange(latest[hour], count)) << hour;
  });
}

}  // namespace levada::testing
