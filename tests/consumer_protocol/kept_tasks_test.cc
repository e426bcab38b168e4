// Applications whose group uses Kafka's newer protocol: a rebalance does not touch the tasks that stay.
#include <atomic>
#include <chrono>
#include <map>
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
#include "tests/support/temporary_directory.h"

namespace levada {
namespace {

using namespace std::chrono_literals;
using testing::eventually;

constexpr Partition kPartitions = 4;

struct Lives {
  std::atomic<int> begun = 0;
  std::atomic<int> ended = 0;
  std::atomic<int> records = 0;
};

class Living final : public Processor<std::string, std::string, std::string, std::string> {
 public:
  explicit Living(Lives* lives) : lives_(*lives) { ++lives_.begun; }
  ~Living() override { ++lives_.ended; }
  Living(const Living&) = delete;
  Living& operator=(const Living&) = delete;

  void process(const Record& record) override {
    ++lives_.records;
    emit(record);
  }

 private:
  Lives& lives_;
};

// The parameter is the guarantee.
class KeptTasks : public ::testing::TestWithParam<std::string> {
 protected:
  KeptTasks() {
    cluster_ = KafkaCluster::create({{"bootstrap.servers", *testing::shared_broker()}}, Logger()).value();
    const absl::Status made = cluster_->admin({}).value()->create_topics(
        {{.name = in_, .partitions = kPartitions, .config = {{"retention.ms", "-1"}}}, {.name = out_}}, 30s);
    EXPECT_TRUE(made.ok()) << made;
    producer_ = cluster_->producer({}).value();
  }

  StreamsApp start(const std::string& instance, Lives& lives) {
    StreamsBuilder builder;
    builder.stream<std::string, std::string>(in_)
        .group_by_key()
        .count({.store = "counts"})
        .to_stream()
        .map_values([](std::int64_t count) { return std::to_string(count); })
        .process<Living>(&lives)
        .to(out_);
    StreamsConfig config;
    config.set("application.id", name_);
    config.set("bootstrap.servers", *testing::shared_broker());
    config.set("processing.guarantee", GetParam());
    config.set("group.protocol", "consumer");
    config.set("commit.interval.ms", "100");
    config.set("statestore.cache.max.bytes", "0");
    config.set("state.dir", (directory_.path() / instance).string());
    auto app = StreamsApp::start(builder.build(), config, {.log_sink = &log_});
    EXPECT_TRUE(app.ok()) << app.status();
    return *std::move(app);
  }

  // One record in each partition.
  void send() {
    const TopicHandle in = producer_->topic(in_, 30s).value();
    for (Partition p = 0; p < kPartitions; ++p) {
      EXPECT_TRUE(producer_->send({.topic = in, .partition = p, .key = std::to_string(p), .value = "v"}).ok());
    }
    EXPECT_TRUE(producer_->flush(30s).ok());
    sent_ += kPartitions;
  }

  const std::string name_ = "kept-" + GetParam() + "-" + std::to_string(::getpid());
  const std::string in_ = name_ + "-in";
  const std::string out_ = name_ + "-out";
  const testing::TemporaryDirectory directory_;
  testing::LogLines log_;
  std::unique_ptr<Cluster> cluster_;
  std::unique_ptr<Producer> producer_;
  int sent_ = 0;
};
INSTANTIATE_TEST_SUITE_P(Guarantees, KeptTasks, ::testing::Values("exactly_once_v2", "at_least_once"),
                         [](const auto& each) { return each.param; });

TEST_P(KeptTasks, RunOnWhenAnotherMemberComesAndGoes) {
  Lives of_first;
  Lives of_second;
  StreamsApp first = start("1", of_first);
  send();
  ASSERT_TRUE(eventually([&] { return of_first.records == sent_; })) << log_.text();
  ASSERT_EQ(of_first.begun, kPartitions);

  StreamsApp second = start("2", of_second);
  ASSERT_TRUE(eventually([&] { return of_second.begun == 2 && of_first.ended == 2; })) << log_.text();
  send();
  ASSERT_TRUE(eventually([&] { return of_first.records + of_second.records == sent_; })) << log_.text();
  EXPECT_EQ(of_second.records, 2);
  EXPECT_EQ(of_first.begun, kPartitions) << "a task that stayed began anew\n" << log_.text();

  ASSERT_TRUE(second.stop().ok());
  ASSERT_TRUE(eventually([&] { return of_first.begun == kPartitions + 2; })) << log_.text();
  send();
  ASSERT_TRUE(eventually([&] { return of_first.records + of_second.records == sent_; })) << log_.text();
  EXPECT_EQ(of_first.ended, 2) << "a task that stayed began anew\n" << log_.text();
  ASSERT_TRUE(first.stop().ok());
}

}  // namespace
}  // namespace levada
