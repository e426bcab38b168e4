// Dead letters against a real broker, which refuses a record after it was sent.
#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

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
using ::testing::HasSubstr;

class DeadLetters : public ::testing::Test {
 protected:
  DeadLetters() : bootstrap_(testing::shared_broker().value()) {
    cluster_ = KafkaCluster::create({{"bootstrap.servers", bootstrap_}}, Logger()).value();
    admin_ = cluster_->admin({}).value();
    const absl::Status created = admin_->create_topics(
        {{.name = in_}, {.name = out_, .config = {{"max.message.bytes", "200"}}}, {.name = dead_}}, 30s);
    EXPECT_TRUE(created.ok()) << created;
  }
  ~DeadLetters() override { std::filesystem::remove_all(state_); }

  absl::Status run(const std::map<std::string, std::string>& settings) {
    StreamsBuilder builder;
    builder.stream<std::string, std::string>(in_)
        .map_values([](const std::string& value) {
          if (value == "bad") throw std::runtime_error("no");
          return value;
        })
        .to(out_);
    StreamsConfig config;
    config.set("application.id", name_);
    config.set("bootstrap.servers", bootstrap_);
    config.set("state.dir", state_.string());
    config.set("errors.dead.letter.queue.topic.name", dead_);
    for (const auto& [key, value] : settings) config.set(key, value);
    auto app = StreamsApp::start(builder.build(), config, {.stop_at_end = true});
    return app.ok() ? app->wait_for_end() : app.status();
  }

  void send(const std::vector<std::string>& values) {
    const std::unique_ptr<Producer> producer = cluster_->producer({}).value();
    const TopicHandle in = producer->topic(in_, 30s).value();
    for (const std::string& value : values) {
      ASSERT_TRUE(producer->send({.topic = in, .key = "k", .value = value, .timestamp = SystemClock().now()}).ok());
    }
    ASSERT_TRUE(producer->flush(30s).ok());
  }

  // The values of a topic, and the messages of letters.
  struct Reader final : RecordHandler {
    void on_record(std::size_t, const LogRecord& record) override {
      values.push_back(std::string(record.value.value_or("(null)")));
      for (const Header& header : record.headers) {
        if (header.key == kMessageHeader) messages.push_back(header.value.value_or("(null)"));
      }
    }
    void on_end_of_partition(std::size_t, Offset) override { ended = true; }
    std::vector<std::string> values = {};
    std::vector<std::string> messages = {};
    bool ended = false;
  };
  Reader read(const std::string& topic) {
    Reader reader;
    auto consumer = cluster_->consumer({}).value();
    EXPECT_TRUE(consumer->assign({{{topic, 0}, 0, 0}}).ok());
    while (!reader.ended) EXPECT_TRUE(consumer->poll(100ms, 1000, reader).ok());
    return reader;
  }

  const std::string bootstrap_;
  const std::string name_ = "dead-letters-" + std::to_string(::getpid()) + "-" +
                            ::testing::UnitTest::GetInstance()->current_test_info()->name();
  const std::string in_ = name_ + "-in";
  const std::string out_ = name_ + "-out";
  const std::string dead_ = name_ + "-dead";
  const std::filesystem::path state_ = std::filesystem::temp_directory_path() / name_;
  std::unique_ptr<Cluster> cluster_;
  std::unique_ptr<Admin> admin_;
};

TEST_F(DeadLetters, OfWhatAProcessorThrowsAt) {
  send({"good", "bad", "better"});
  const absl::Status ended = run({{"processing.exception.handler", "log-and-continue"}});
  ASSERT_TRUE(ended.ok()) << ended;
  EXPECT_THAT(read(out_).values, ElementsAre("good", "better"));
  EXPECT_THAT(read(dead_).values, ElementsAre("bad"));
}

TEST_F(DeadLetters, OfAFailureStandInTheTopic) {
  send({"bad"});
  EXPECT_FALSE(run({}).ok());
  EXPECT_THAT(read(dead_).values, ElementsAre("bad"));
}

TEST_F(DeadLetters, OfWhatTheBrokerRefusesLaterHaveNoBytes) {
  for (const std::string& value : {std::string("good"), std::string(1000, 'x')}) {  // a batch is refused as a whole
    send({value});
    const absl::Status ended = run({{"production.exception.handler", "log-and-continue"}});
    ASSERT_TRUE(ended.ok()) << ended;
  }
  EXPECT_THAT(read(out_).values, ElementsAre("good"));
  const Reader letters = read(dead_);
  EXPECT_THAT(letters.values, ElementsAre("(null)"));
  EXPECT_THAT(letters.messages, ElementsAre(HasSubstr("MSG_SIZE_TOO_LARGE")));
}

}  // namespace
}  // namespace levada
