// Two instances with standbys on a real broker: one stops, and the other takes over what it had, without a restore.
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <levada/levada.h>
#include <levada/runtime/kafka_cluster.h>

#include "tests/support/eventually.h"
#include "tests/support/kafka_broker.h"
#include "tests/support/log_lines.h"

namespace levada {
namespace {

using namespace std::chrono_literals;
using testing::eventually;

constexpr Partition kPartitions = 4;
constexpr int kKeys = 20'000;

class StandbyTakeover : public ::testing::TestWithParam<std::string> {
 protected:
  StandbyTakeover() : bootstrap_(testing::shared_broker().value()) {
    cluster_ = KafkaCluster::create({{"bootstrap.servers", bootstrap_}}, Logger()).value();
    admin_ = cluster_->admin({}).value();
    producer_ = cluster_->producer({}).value();
    EXPECT_TRUE(admin_->create_topics({{.name = in_, .partitions = kPartitions}, {.name = out_}}, 30s).ok());
  }
  ~StandbyTakeover() override { std::filesystem::remove_all(state_); }

  StreamsApp start(const std::string& instance) {
    StreamsBuilder builder;
    builder.stream<std::string, std::string>(in_).group_by_key().count({.store = "counts"}).to_stream().to(out_);
    StreamsConfig config;
    config.set("application.id", name_);
    config.set("bootstrap.servers", bootstrap_);
    config.set("processing.guarantee", GetParam());
    config.set("group.protocol", testing::group_protocol());
    config.set("commit.interval.ms", "200");
    config.set("num.stream.threads", "2");
    config.set("num.standby.replicas", "1");
    config.set("state.dir", (state_ / instance).string());
    auto app = StreamsApp::start(builder.build(), config, {.log_sink = &log_});
    EXPECT_TRUE(app.ok()) << app.status();
    return *std::move(app);
  }

  void send() {
    const TopicHandle in = producer_->topic(in_, 30s).value();
    for (int i = 0; i < kKeys; ++i) {
      const std::string key = std::to_string(i);
      ASSERT_TRUE(
          producer_->send({.topic = in, .partition = i % kPartitions, .key = key, .value = "v", .timestamp = now_})
              .ok());
    }
    ASSERT_TRUE(producer_->flush(30s).ok());
  }

  // How many records a reader of committed ones sees.
  std::uint64_t count(const std::string& topic, Partition partitions) {
    struct Reader final : RecordHandler {
      void on_record(std::size_t, const LogRecord&) override { ++records; }
      void on_end_of_partition(std::size_t, Offset) override { ++ended; }
      std::uint64_t records = 0;
      Partition ended = 0;
    } reader;
    auto consumer = cluster_->consumer({{"isolation.level", "read_committed"}}).value();
    std::vector<Assignment> all;
    for (Partition p = 0; p < partitions; ++p) all.push_back({.partition = {topic, p}});
    EXPECT_TRUE(consumer->assign(all).ok());
    while (reader.ended < partitions) EXPECT_TRUE(consumer->poll(100ms, 100'000, reader).ok());
    return reader.records;
  }

  std::size_t members() {
    const auto group = admin_->describe_group(name_, 30s);
    return group.ok() && group->state == "Stable" ? group->members.size() : 0;
  }

  const std::string bootstrap_;
  const std::string name_ = "standby-" + GetParam() + "-" + std::to_string(::getpid());
  const std::string in_ = name_ + "-in";
  const std::string out_ = name_ + "-out";
  const std::filesystem::path state_ = std::filesystem::temp_directory_path() / name_;
  const Timestamp now_ = SystemClock().now();
  testing::LogLines log_ = {};
  std::unique_ptr<Cluster> cluster_;
  std::unique_ptr<Admin> admin_;
  std::unique_ptr<Producer> producer_;
};
INSTANTIATE_TEST_SUITE_P(Guarantees, StandbyTakeover, ::testing::Values("exactly_once_v2", "at_least_once"),
                         [](const auto& each) { return each.param; });

TEST_P(StandbyTakeover, RestoresNothing) {
  StreamsApp first = start("1");
  StreamsApp second = start("2");
  ASSERT_TRUE(eventually([&] {
    return first.metrics().standby_tasks == 2 && second.metrics().standby_tasks == 2 && members() == 4;
  })) << log_.text();
  send();
  ASSERT_TRUE(eventually([&] {
    return first.metrics().processed + second.metrics().processed == kKeys &&
           first.metrics().standby_records + second.metrics().standby_records == kKeys;
  })) << log_.text();

  ASSERT_TRUE(first.stop().ok());
  ASSERT_TRUE(eventually([&] { return members() == 2 && second.state() == AppState::kRunning; }));
  send();
  ASSERT_TRUE(eventually([&] { return count(out_, 1) == 2 * kKeys; }));
  EXPECT_EQ(second.metrics().restored, 0U) << log_.text();
  EXPECT_TRUE(second.stop().ok());
}

}  // namespace
}  // namespace levada
