#include "tests/faults/counting.h"

#include <algorithm>
#include <chrono>

#include <gtest/gtest.h>

namespace levada::testing {
namespace {

using namespace std::chrono_literals;

constexpr Duration kLong = 60s;
constexpr int kKeys = 500;
constexpr Partition kPartitions = 2;

// A value is the number of records of its key, and what makes it `size` bytes.
Topology counts(std::size_t size) {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("in")
      .group_by_key()
      .aggregate(std::string("0"),
                 [size](const std::string& so_far, const std::string&) {
                   return std::to_string(std::stoi(so_far) + 1) + " " + std::string(size, 'x');
                 },
                 {.store = "counts"})
      .to_stream()
      .map_values([](const std::string& count) { return count.substr(0, count.find(' ')); })
      .to("out");
  return builder.build().value();
}

}  // namespace

Counting::Counting(Cluster& cluster) : cluster_(cluster) {
  config.set("application.id", "app");
  config.set("commit.interval.ms", "100");
  config.set("session.timeout.ms", "6000");
  config.set("state.dir", directory().string());
  const absl::Status created = cluster_.admin({}).value()->create_topics(
      {{.name = "in", .partitions = kPartitions}, {.name = "out", .partitions = kPartitions}}, kLong);
  EXPECT_TRUE(created.ok()) << created;
  producer_ = cluster_.producer({}).value();
  in_ = producer_->topic("in", kLong).value();
}

absl::StatusOr<StreamsApp> Counting::start(Cluster* cluster) {
  StreamsAppOptions options;
  options.log_sink = &log;
  options.cluster = cluster != nullptr ? cluster : &cluster_;
  return StreamsApp::start(counts(value_size), config, options);
}

void Counting::send() {
  for (int i = 0; i < kKeys; ++i) {
    const std::string key = "k" + std::to_string(i);
    const absl::Status sent = producer_->send({.topic = in_, .partition = i % kPartitions, .key = key, .value = "v"});
    ASSERT_TRUE(sent.ok()) << sent;
  }
  ++times_;
}

void Counting::flush() { ASSERT_TRUE(producer_->flush(kLong).ok()); }

bool Counting::has_all() {
  read();
  return latest_.count.size() == kKeys &&
         std::ranges::all_of(latest_.count, [this](const auto& each) { return each.second >= times_; });
}

bool Counting::has_exactly_all() {
  return has_all() && std::ranges::all_of(latest_.count, [this](const auto& each) { return each.second == times_; });
}

void Counting::Latest::on_record(std::size_t, const LogRecord& record) {
  count[std::string(*record.key)] = std::stoi(std::string(*record.value));
}

void Counting::read() {
  if (reader_ == nullptr) {
    reader_ = cluster_.consumer({{"isolation.level", "read_committed"}}).value();
    EXPECT_TRUE(reader_->assign({{{"out", 0}, 0, 0}, {{"out", 1}, 0, 1}}).ok());
  }
  EXPECT_TRUE(reader_->poll(10ms, 10'000, latest_).ok());
}

}  // namespace levada::testing
