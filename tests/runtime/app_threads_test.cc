// Threads that come, go, fail and pause while an application runs.
#include <atomic>
#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/levada.h>

#include "tests/support/eventually.h"
#include "tests/support/temporary_directory.h"

namespace levada {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using testing::eventually;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::TemporaryDirectory;

constexpr Duration kLong = 60s;
using Settings = std::map<std::string, std::string>;

constexpr auto kReplace = UncaughtExceptionResponse::kReplaceThread;

class AppThreads : public ::testing::Test {
 protected:
  AppThreads() { EXPECT_TRUE(admin_->create_topics({{.name = "in", .partitions = 4}, {.name = "out"}}, 1s).ok()); }

  StreamsConfig config(const std::string& instance, const Settings& more) const {
    StreamsConfig config;
    config.set("application.id", "app");
    config.set("bootstrap.servers", "embedded");
    config.set("commit.interval.ms", "50");
    config.set("state.dir", (directory_ / instance).string());
    for (const auto& [key, value] : more) config.set(key, value);
    return config;
  }

  // Copies its input, and fails at what `fails` says.
  absl::StatusOr<StreamsApp> start(StreamsAppOptions options = {}, const std::string& instance = "1",
                                   const Settings& more = {}) {
    StreamsBuilder builder;
    builder.stream<std::string, std::string>("in")
        .map_values([this](const std::string& value) {
          if (fails_ && value == "bad") throw std::runtime_error("cannot stand it");
          return value;
        })
        .to("out");
    options.cluster = &cluster_;
    return StreamsApp::start(builder.build(), config(instance, more), std::move(options));
  }

  void send(const std::string& value) {
    const TopicHandle in = producer_->topic("in", 1s).value();
    for (Partition partition = 0; partition < 4; ++partition) {
      ASSERT_TRUE(
          producer_->send({.topic = in, .partition = partition, .key = "k", .value = value, .timestamp = now_}).ok());
    }
    ASSERT_TRUE(producer_->flush(kLong).ok());
  }

  Offset written() { return admin_->offsets({"out", 0}, 1s)->end; }
  std::size_t members() { return admin_->describe_group("app", 1s)->members.size(); }

  SystemClock clock_ = {};
  EmbeddedCluster cluster_{clock_};
  std::unique_ptr<Admin> admin_ = cluster_.admin({}).value();
  std::unique_ptr<Producer> producer_ = cluster_.producer({}).value();
  const Timestamp now_ = clock_.now();
  const TemporaryDirectory directory_ = {};
  std::atomic<bool> fails_ = true;
};

TEST_F(AppThreads, OneMoreTakesAPartOfThePartitions) {
  auto app = start();
  ASSERT_TRUE(app.ok()) << app.status();
  ASSERT_TRUE(app->wait_until_running(kLong).ok());
  EXPECT_EQ(app->add_stream_thread().value(), "app-StreamThread-2");
  EXPECT_THAT(app->stream_threads(), ElementsAre("app-StreamThread-1", "app-StreamThread-2"));
  EXPECT_TRUE(eventually([&] { return members() == 2 && app->state() == AppState::kRunning; }));
  send("v");
  EXPECT_TRUE(eventually([&] { return written() == 4; }));
}

TEST_F(AppThreads, OneLessCommitsAndLeavesTheOthersItsPartitions) {
  auto app = start();
  ASSERT_TRUE(app.ok()) << app.status();
  ASSERT_TRUE(app->add_stream_thread().ok());
  ASSERT_TRUE(eventually([&] { return members() == 2 && app->state() == AppState::kRunning; }));
  send("v");
  ASSERT_TRUE(eventually([&] { return written() == 4; }));
  EXPECT_EQ(app->remove_stream_thread().value(), "app-StreamThread-1");
  EXPECT_THAT(app->stream_threads(), ElementsAre("app-StreamThread-2"));
  EXPECT_EQ(members(), 1U);
  send("w");
  EXPECT_TRUE(eventually([&] { return written() == 8; }));
  EXPECT_TRUE(eventually([&] { return app->metrics().processed == 8; })) << app->metrics().processed;
  EXPECT_EQ(app->add_stream_thread().value(), "app-StreamThread-1");
}

// Records how long its configured greeting is, and whether it has a directory for its files.
class Greet final : public Terminal<std::string, std::string> {
 public:
  explicit Greet(Context& context)
      : length_(static_cast<double>(context.app_configs().at("app.greeting").size())),
        greeted_(context.metrics().add_sensor("greeted")),
        directories_(context.metrics().add_sensor("directories")) {
    if (std::filesystem::is_directory(context.state_dir())) directories_.record();
  }

  void process(const Record<std::string, std::string>&) override { greeted_.record(length_); }

 private:
  const double length_;
  Sensor& greeted_;
  Sensor& directories_;
};

TEST_F(AppThreads, WhatTheirProcessorsRecordIsSummed) {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("in").process<Greet>();
  StreamsAppOptions options;
  options.cluster = &cluster_;
  auto app = StreamsApp::start(builder.build(), config("1", {{"app.greeting", "hello"}, {"num.stream.threads", "2"}}),
                               options);
  ASSERT_TRUE(app.ok()) << app.status();
  send("v");
  const auto sensor = [&](const std::string& name) { return app->metrics().sensors[name]; };
  EXPECT_TRUE(eventually([&] { return sensor("greeted").count == 4; }));
  EXPECT_EQ(sensor("greeted").sum, 20);
  EXPECT_GE(sensor("directories").count, 4U);
  EXPECT_TRUE(app->remove_stream_thread().ok());
  EXPECT_EQ(sensor("greeted").count, 4U);
}

TEST_F(AppThreads, NoneIsLeftToRemove) {
  auto app = start();
  ASSERT_TRUE(app.ok()) << app.status();
  ASSERT_TRUE(app->remove_stream_thread().ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(app->remove_stream_thread().status()));
  EXPECT_EQ(app->state(), AppState::kRunning);
  send("v");
  EXPECT_TRUE(app->add_stream_thread().ok());
  EXPECT_TRUE(eventually([&] { return written() == 4; }));
}

TEST_F(AppThreads, NoneIsAddedToAnApplicationThatHasEnded) {
  auto app = start();
  ASSERT_TRUE(app.ok()) << app.status();
  ASSERT_TRUE(app->stop().ok());
  EXPECT_THAT(std::string(app->add_stream_thread().status().message()), HasSubstr("it is NOT_RUNNING"));
}

TEST_F(AppThreads, AFailedOneIsReplaced) {
  std::string failure;
  auto app = start({.uncaught_exception_handler = [&](const absl::Status& status) {
    failure = std::string(status.message());
    fails_ = false;
    return kReplace;
  }});
  ASSERT_TRUE(app.ok()) << app.status();
  send("bad");
  EXPECT_TRUE(eventually([&] { return written() == 4; }));
  EXPECT_THAT(failure, HasSubstr("cannot stand it"));
  EXPECT_TRUE(eventually([&] { return app->state() == AppState::kRunning; }));
  EXPECT_THAT(app->stream_threads(), ElementsAre("app-StreamThread-1"));
  EXPECT_TRUE(app->stop().ok());
}

TEST_F(AppThreads, TheFirstFailureEndsTheInstanceUnlessItIsToBeReplaced) {
  auto app = start(
      {.uncaught_exception_handler = [](const absl::Status&) { return UncaughtExceptionResponse::kShutdownClient; }});
  ASSERT_TRUE(app.ok()) << app.status();
  send("bad");
  EXPECT_THAT(std::string(app->wait_for_end().message()), HasSubstr("cannot stand it"));
  EXPECT_EQ(app->state(), AppState::kError);
}

TEST_F(AppThreads, AHandlerThatThrowsEndsTheInstance) {
  auto app = start({.uncaught_exception_handler = [](const absl::Status&) -> UncaughtExceptionResponse {
    throw std::runtime_error("no idea");
  }});
  ASSERT_TRUE(app.ok()) << app.status();
  send("bad");
  EXPECT_THAT(std::string(app->wait_for_end().message()), HasSubstr("cannot stand it"));
}

TEST_F(AppThreads, OneFailureMayStopAllInstances) {
  const StreamsAppOptions options{.uncaught_exception_handler = [this](const absl::Status&) {
    fails_ = false;
    return UncaughtExceptionResponse::kShutdownApplication;
  }};
  auto first = start(options, "1");
  auto second = start(options, "2");
  ASSERT_TRUE(first.ok() && second.ok());
  ASSERT_TRUE(eventually(
      [&] { return members() == 2 && first->state() == AppState::kRunning && second->state() == AppState::kRunning; }));
  const TopicHandle in = producer_->topic("in", 1s).value();
  ASSERT_TRUE(producer_->send({.topic = in, .partition = 0, .key = "k", .value = "bad", .timestamp = now_}).ok());
  std::thread other([&] { EXPECT_FALSE(second->wait_for_end().ok()); });
  EXPECT_FALSE(first->wait_for_end().ok());
  other.join();
  EXPECT_EQ(first->state(), AppState::kError);
  EXPECT_EQ(second->state(), AppState::kError);
  EXPECT_EQ(members(), 0U);
}

TEST_F(AppThreads, APausedOneProcessesNothingUntilItGoesOn) {
  auto app = start({}, "1", {{"poll.ms", "60000"}});  // both rebalances happen within one poll
  ASSERT_TRUE(app.ok()) << app.status();
  ASSERT_TRUE(app->wait_until_running(kLong).ok());
  app->pause();
  EXPECT_TRUE(app->is_paused());
  send("v");
  auto other = start({}, "2");  // a rebalance goes on meanwhile
  ASSERT_TRUE(other.ok()) << other.status();
  ASSERT_TRUE(eventually([&] { return members() == 2 && written() == 2; }));
  EXPECT_TRUE(other->stop().ok());
  EXPECT_EQ(written(), 2);
  EXPECT_EQ(app->metrics().processed, 0U);
  app->resume();
  EXPECT_TRUE(eventually([&] { return written() == 4; }));
}

}  // namespace
}  // namespace levada
