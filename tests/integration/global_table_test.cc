// An application with a global table against a real broker: restarted, it reads the tail of the table's topic only.
#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <levada/levada.h>
#include <levada/runtime/kafka_cluster.h>

#include "tests/support/kafka_broker.h"

namespace levada {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::Pair;

using Rows = std::map<std::string, std::string>;

class GlobalTable : public ::testing::Test {
 protected:
  GlobalTable() : bootstrap_(testing::shared_broker().value()) {
    cluster_ = KafkaCluster::create({{"bootstrap.servers", bootstrap_}}, Logger()).value();
    admin_ = cluster_->admin({}).value();
    producer_ = cluster_->producer({}).value();
    EXPECT_TRUE(admin_
                    ->create_topics({{.name = customers_, .partitions = 3},
                                     {.name = orders_, .partitions = 2},
                                     {.name = out_, .partitions = 1}},
                                    30s)
                    .ok());
  }
  ~GlobalTable() override { std::filesystem::remove_all(state_); }

  absl::StatusOr<Topology> topology() const {
    StreamsBuilder builder;
    const auto customers = builder.global_table<std::string, std::string>(customers_, {}, {.store = "customers"});
    builder.stream<std::string, std::string>(orders_)
        .join(
            customers, [](const std::string& customer) { return customer; },
            [](const std::string& customer, const std::string& name) { return customer + ":" + name; })
        .to(out_);
    return builder.build();
  }

  StreamsConfig config() const {
    StreamsConfig config;
    config.set("application.id", name_);
    config.set("bootstrap.servers", bootstrap_);
    config.set("commit.interval.ms", "200");
    config.set("state.dir", state_.string());
    return config;
  }

  void send(const std::string& topic, Partition partitions, const Rows& rows) {
    const TopicHandle handle = producer_->topic(topic, 30s).value();
    Partition next = 0;
    for (const auto& [key, value] : rows) {
      const Partition partition = next++ % partitions;
      ASSERT_TRUE(
          producer_->send({.topic = handle, .partition = partition, .key = key, .value = value, .timestamp = now_})
              .ok());
    }
    ASSERT_TRUE(producer_->flush(30s).ok());
  }

  // Runs until its input is processed; returns how many records went into stores before that.
  std::uint64_t run() {
    StreamsAppOptions options;
    options.stop_at_end = true;
    auto app = StreamsApp::start(topology(), config(), std::move(options));
    EXPECT_TRUE(app.ok()) << app.status();
    const absl::Status ended = app->wait_for_end();
    EXPECT_TRUE(ended.ok()) << ended;
    return app->metrics().restored;
  }

  Rows results() {
    struct Reader final : RecordHandler {
      void on_record(std::size_t, const LogRecord& record) override {
        rows[std::string(*record.key)] = std::string(*record.value);
      }
      void on_end_of_partition(std::size_t, Offset) override { ended = true; }
      Rows rows = {};
      bool ended = false;
    } reader;
    auto consumer = cluster_->consumer({}).value();
    EXPECT_TRUE(consumer->assign({{{out_, 0}, 0, 0}}).ok());
    while (!reader.ended) EXPECT_TRUE(consumer->poll(100ms, 1000, reader).ok());
    return reader.rows;
  }

  const std::string bootstrap_;
  const std::string name_ = "global-table-" + std::to_string(::getpid());
  const std::string customers_ = name_ + "-customers";
  const std::string orders_ = name_ + "-orders";
  const std::string out_ = name_ + "-out";
  const std::filesystem::path state_ = std::filesystem::temp_directory_path() / name_;
  const Timestamp now_ = SystemClock().now();
  std::unique_ptr<Cluster> cluster_;
  std::unique_ptr<Admin> admin_;
  std::unique_ptr<Producer> producer_;
};

TEST_F(GlobalTable, IsJoinedAndKeptOverARestart) {
  send(customers_, 3, {{"a", "Ann"}, {"b", "Bob"}, {"c", "Cid"}});
  send(orders_, 2, {{"1", "a"}, {"2", "c"}, {"3", "nobody"}});
  EXPECT_EQ(run(), 3U);
  send(customers_, 3, {{"a", "Anna"}});
  send(orders_, 2, {{"4", "a"}, {"5", "b"}});
  EXPECT_EQ(run(), 1U);
  EXPECT_THAT(results(), ElementsAre(Pair("1", "a:Ann"), Pair("2", "c:Cid"), Pair("4", "a:Anna"), Pair("5", "b:Bob")));
}

}  // namespace
}  // namespace levada
