// Exception handlers and dead letters of whole applications on the embedded cluster.
#include <array>
#include <chrono>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/levada.h>

#include "tests/support/temporary_directory.h"

namespace levada {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class DeadLetterApp : public ::testing::Test {
 protected:
  DeadLetterApp() {
    create("in");
    create("out", {{"max.message.bytes", "100"}});
    create("dead");
  }

  void create(const std::string& topic, std::map<std::string, std::string> settings = {}) {
    EXPECT_TRUE(admin_->create_topics({{.name = topic, .config = std::move(settings)}}, 1s).ok());
  }

  void send(const std::string& key, const std::string& value) {
    const TopicHandle in = producer_->topic("in", 1s).value();
    EXPECT_TRUE(producer_->send({.topic = in, .key = key, .value = value, .timestamp = clock_.now()}).ok());
  }

  StreamsConfig config(const std::map<std::string, std::string>& more = {}) const {
    StreamsConfig config;
    config.set("application.id", "app");
    config.set("bootstrap.servers", "embedded");
    config.set("state.dir", state_.path().string());
    config.set("errors.dead.letter.queue.topic.name", "dead");
    for (const auto& [key, value] : more) config.set(key, value);
    return config;
  }

  absl::Status run(absl::StatusOr<Topology> topology, const StreamsConfig& config) {
    auto app = StreamsApp::start(std::move(topology), config, {.cluster = &cluster_, .stop_at_end = true});
    if (!app.ok()) return app.status();
    const absl::Status ended = app->wait_for_end();
    dropped_ = app->metrics().dropped;
    return ended;
  }

  std::vector<std::string> values(const std::string& topic) {
    struct Reader final : RecordHandler {
      void on_record(std::size_t, const LogRecord& record) override {
        found.push_back(std::string(record.value.value_or("(null)")));
      }
      void on_end_of_partition(std::size_t, Offset) override { ended = true; }
      std::vector<std::string> found = {};
      bool ended = false;
    } reader;
    const auto consumer = cluster_.consumer({}).value();
    EXPECT_TRUE(consumer->assign({{{topic, 0}, 0, 0}}).ok());
    while (!reader.ended) EXPECT_TRUE(consumer->poll(10ms, 1000, reader).ok());
    return reader.found;
  }

  const testing::TemporaryDirectory state_;
  SystemClock clock_ = {};
  EmbeddedCluster cluster_{clock_};
  std::unique_ptr<Admin> admin_ = cluster_.admin({}).value();
  std::unique_ptr<Producer> producer_ = cluster_.producer({}).value();
  std::array<std::uint64_t, kDropReasons> dropped_ = {};
};

// Counts words behind a cache, and cannot stand "bad".
absl::StatusOr<Topology> count() {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("in")
      .group_by_key()
      .count({.store = "counts"})
      .to_stream()
      .map_values([](const std::string& key, const std::int64_t& count) {
        if (key == "bad") throw std::runtime_error("no");
        return std::to_string(count);
      })
      .to("out");
  return builder.build();
}

absl::StatusOr<Topology> copy() {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("in").to("out");
  return builder.build();
}

TEST_F(DeadLetterApp, TheTopicMustExist) {
  const absl::Status refused = run(copy(), config({{"errors.dead.letter.queue.topic.name", "nowhere"}}));
  EXPECT_TRUE(absl::IsNotFound(refused)) << refused;
  EXPECT_THAT(std::string(refused.message()), HasSubstr("errors.dead.letter.queue.topic.name: topic nowhere"));
}

TEST_F(DeadLetterApp, WhatACacheHeldBackFailsWithTheRecordThatMadeIt) {
  send("bad", "first");
  send("good", "second");
  send("bad", "third");
  send("good", "fourth");
  ASSERT_TRUE(run(count(), config({{"processing.exception.handler", "log-and-continue"}})).ok());
  EXPECT_THAT(values("out"), ElementsAre("2"));
  EXPECT_THAT(values("dead"), ElementsAre("third"));
  EXPECT_EQ(dropped_[static_cast<std::size_t>(DropReason::kProcessing)], 1U);
}

TEST_F(DeadLetterApp, AFailureLeavesItsLetter) {
  send("bad", "first");
  const absl::Status ended = run(count(), config());
  EXPECT_THAT(std::string(ended.message()), HasSubstr("KSTREAM-MAPVALUES"));
  EXPECT_THAT(values("dead"), ElementsAre("first"));
}

TEST_F(DeadLetterApp, WhatTheLogRefusesIsAnErrorWithItsNode) {
  send("k", std::string(200, 'x'));
  const absl::Status ended = run(copy(), config());
  EXPECT_THAT(std::string(ended.message()), HasSubstr("KSTREAM-SINK-0000000001: topic out: a record of 2"));
}

TEST_F(DeadLetterApp, WhatTheLogRefusesCanBeLeftOut) {
  send("k", std::string(200, 'x'));
  send("k", "short");
  ASSERT_TRUE(run(copy(), config({{"production.exception.handler", "log-and-continue"}})).ok());
  EXPECT_THAT(values("out"), ElementsAre("short"));
  EXPECT_THAT(values("dead"), ElementsAre(std::string(200, 'x')));
  EXPECT_EQ(dropped_[static_cast<std::size_t>(DropReason::kProduction)], 1U);
}

TEST_F(DeadLetterApp, AClusterOfItsOwnHasTheTopic) {
  auto app = StreamsApp::start(copy(), config());
  ASSERT_TRUE(app.ok()) << app.status();
  EXPECT_EQ(app->cluster().admin({}).value()->describe_topics({"dead"}, 1s).value().at("dead"), 1);
}

}  // namespace
}  // namespace levada
