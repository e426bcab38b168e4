// An application of one thread on the embedded cluster, run by the test, round by round. The clock stands still in
// between.
//
//   SteppedApp app({"left", "right", "out"});
//   app.start(topology, {{"max.task.idle.ms", "200"}});
//   app.send("left", "k", "v", 5);
//   app.run_rounds(20);
//   EXPECT_THAT(app.values("out"), ElementsAre("v"));
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/levada.h>
#include <levada/runtime/app_setup.h>
#include <levada/runtime/stream_thread.h>

#include "tests/support/faulty_cluster.h"
#include "tests/support/log_lines.h"
#include "tests/support/temporary_directory.h"

namespace levada::testing {

using namespace std::chrono_literals;

class SteppedApp {
 public:
  static constexpr Duration kRound = 10ms;  // how far the clock moves with each

  // With these topics, of one partition each.
  explicit SteppedApp(const std::vector<std::string>& topics) {
    for (const std::string& topic : topics) EXPECT_TRUE(admin_->create_topics({{.name = topic}}, 1s).ok());
  }
  ~SteppedApp() { thread_.reset(); }

  // `commit.interval.ms` is 100 if `more` does not say otherwise.
  void start(Topology topology, const std::map<std::string, std::string>& more = {}, ExceptionHandlers handlers = {}) {
    thread_.reset();
    topology_ = std::move(topology);
    StreamsConfig config;
    config.set("application.id", "app");
    config.set("bootstrap.servers", "embedded");
    config.set("commit.interval.ms", "100");
    config.set("state.dir", directory_->path().string());
    for (const auto& [key, value] : more) config.set(key, value);
    ASSERT_TRUE(config.validate().ok()) << config.validate();
    budget_ = std::make_unique<MemoryBudget>(internal::budget_for_data(config));
    plan_ = internal::prepare_topics(topology_, config, *admin_, {}, logger_).value();
    StreamThreadSettings settings = internal::thread_settings(config, *budget_, 1);
    settings.errors.handlers = std::move(handlers);
    thread_ =
        StreamThread::create(std::move(settings),
                             {.plan = *plan_, .cluster = cluster_, .budget = *budget_, .clock = clock_, .log = logger_})
            .value();
    ASSERT_TRUE(thread_->join().ok());
  }
  void stop() {
    const absl::Status left = thread_->leave();
    EXPECT_TRUE(left.ok()) << left;
    thread_.reset();
  }
  // As by SIGKILL.
  void kill() { thread_.reset(); }
  void forget_disk() { directory_.emplace(); }

  void send(const std::string& topic, const std::string& key, NullableView value, std::int64_t milliseconds) {
    const TopicHandle to = producer_->topic(topic, 1s).value();
    const absl::Status sent =
        producer_->send({.topic = to, .key = key, .value = value, .timestamp = Timestamp(Duration(milliseconds))});
    ASSERT_TRUE(sent.ok()) << sent;
  }

  absl::Status round() {
    clock_.advance(kRound);
    return thread_->run_once();
  }
  void run_rounds(int rounds) {
    for (int i = 0; i < rounds; ++i) {
      const absl::Status status = round();
      ASSERT_TRUE(status.ok()) << status << "\n" << log_.text();
    }
  }
  void run_until(const std::function<bool()>& condition) {
    for (int i = 0; i < 10'000 && !condition(); ++i) {
      const absl::Status status = round();
      ASSERT_TRUE(status.ok()) << status << "\n" << log_.text();
    }
    EXPECT_TRUE(condition()) << "waited in vain\n" << log_.text();
  }
  absl::Status run_until_error() {
    for (int i = 0; i < 10'000; ++i) {
      if (absl::Status status = round(); !status.ok()) return status;
    }
    ADD_FAILURE() << "no error\n" << log_.text();
    return absl::OkStatus();
  }

  struct Seen {
    std::string key;
    NullableBytes value;
    std::int64_t milliseconds;
  };
  // What a reader of committed records, or of all, sees.
  std::vector<Seen> read(const std::string& topic, const std::string& isolation = "read_committed") {
    struct Reader final : RecordHandler {
      void on_record(std::size_t, const LogRecord& record) override {
        NullableBytes value;
        if (record.value) value = Bytes(*record.value);
        seen.push_back({std::string(record.key.value_or("")), value, record.timestamp.time_since_epoch().count()});
      }
      void on_end_of_partition(std::size_t, Offset) override { ended = true; }
      std::vector<Seen> seen = {};
      bool ended = false;
    } reader;
    const auto consumer = broker_.consumer({{"isolation.level", isolation}}).value();
    EXPECT_TRUE(consumer->assign({{{topic, 0}, 0, 0}}).ok());
    while (!reader.ended) EXPECT_TRUE(consumer->poll(0ms, 100'000, reader).ok());
    return std::move(reader.seen);
  }
  std::vector<std::string> values(const std::string& topic, const std::string& isolation = "read_committed") {
    std::vector<std::string> values;
    for (const Seen& each : read(topic, isolation)) values.push_back(each.value.value_or("(null)"));
    return values;
  }

  FaultyCluster& cluster() { return cluster_; }
  LogLines& log() { return log_; }
  ManualClock& clock() { return clock_; }
  StreamThread& thread() { return *thread_; }

 private:
  ManualClock clock_{Timestamp(1'000'000s)};
  EmbeddedCluster broker_{clock_};
  FaultyCluster cluster_{broker_};
  LogLines log_ = {};
  const Logger logger_{log_, LogLevel::kInfo};
  std::unique_ptr<Admin> admin_ = broker_.admin({}).value();
  std::unique_ptr<Producer> producer_ = broker_.producer({}).value();
  std::optional<TemporaryDirectory> directory_{std::in_place};
  Topology topology_ = {};
  std::unique_ptr<MemoryBudget> budget_ = nullptr;
  std::optional<ApplicationPlan> plan_ = std::nullopt;
  std::unique_ptr<StreamThread> thread_ = nullptr;
};

}  // namespace levada::testing
