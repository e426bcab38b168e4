// The levada program beside an application on a real broker: how far it is, what it keeps, and back to the beginning.
#include <chrono>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <levada/levada.h>
#include <levada/runtime/kafka_cluster.h>

#include "tests/support/kafka_broker.h"
#include "tools/levada/program.h"

namespace levada {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr Duration kLong = 60s;
constexpr int kRecords = 60;
constexpr int kKeys = 6;

struct Ran {
  int code = 0;
  std::string out = {};
  std::string err = {};
};

Ran levada_program(std::vector<std::string> arguments) {
  std::ostringstream out;
  std::ostringstream err;
  Surroundings surroundings{.out = out, .err = err, .connect = [](const StreamsConfig& config) {
                              return KafkaCluster::create({{"bootstrap.servers", config.bootstrap_servers()}});
                            }};
  const int code = run_program(std::move(arguments), surroundings);
  return {.code = code, .out = out.str(), .err = err.str()};
}

// Counts what is in a topic of two partitions, under names of this test's own.
class Tools : public ::testing::Test {
 protected:
  Tools()
      : id_("tools-" + std::to_string(::getpid()) + "-" + test_name()),
        directory_(std::filesystem::temp_directory_path() / id_),
        cluster_(KafkaCluster::create({{"bootstrap.servers", testing::shared_broker().value()}}).value()),
        admin_(cluster_->admin({}).value()) {
    std::filesystem::remove_all(directory_);
    EXPECT_TRUE(admin_->create_topics({{.name = in(), .partitions = 2}, {.name = out(), .partitions = 2}}, kLong).ok());
    const auto producer = cluster_->producer({}).value();
    const TopicHandle topic = producer->topic(in(), kLong).value();
    for (int i = 0; i < kRecords; ++i) {
      const std::string key = "k" + std::to_string(i % kKeys);
      EXPECT_TRUE(producer->send({.topic = topic, .partition = i % 2, .key = key, .value = "v"}).ok());
    }
    EXPECT_TRUE(producer->flush(kLong).ok());
  }
  ~Tools() override { std::filesystem::remove_all(directory_); }

  static std::string test_name() { return ::testing::UnitTest::GetInstance()->current_test_info()->name(); }
  std::string in() const { return id_ + ".in"; }
  std::string out() const { return id_ + ".out"; }
  std::string changelog() const { return id_ + "-counts-changelog"; }

  absl::StatusOr<StreamsApp> start(bool stop_at_end, const std::string& instance_id = {}) {
    StreamsBuilder builder;
    builder.stream<std::string, std::string>(in()).group_by_key().count({.store = "counts"}).to_stream().to(out());
    StreamsConfig config;
    config.set("application.id", id_);
    config.set("bootstrap.servers", testing::shared_broker().value());
    config.set("state.dir", directory_.string());
    if (!instance_id.empty()) config.set("group.instance.id", instance_id);
    return StreamsApp::start(builder.build(), config, {.stop_at_end = stop_at_end});
  }
  void run_to_the_end() {
    auto app = start(true);
    ASSERT_TRUE(app.ok()) << app.status();
    const absl::Status ended = app->wait_for_end();
    ASSERT_TRUE(ended.ok()) << ended;
  }

  Ran on_cluster(const std::string& command, std::vector<std::string> arguments = {}) {
    arguments.insert(arguments.begin(), command);
    arguments.insert(arguments.end(),
                     {"--bootstrap-server", testing::shared_broker().value(), "--application-id", id_});
    return levada_program(std::move(arguments));
  }

  const std::string id_;
  const std::filesystem::path directory_;
  std::unique_ptr<Cluster> cluster_;
  std::unique_ptr<Admin> admin_;
};

TEST_F(Tools, TakeAnApplicationBackToTheBeginning) {
  run_to_the_end();
  EXPECT_THAT(on_cluster("lag").out, HasSubstr("Empty, 0 members, lag 0\n"));
  EXPECT_THAT(levada_program({"state", "count", directory_ / id_, "counts"}).out, HasSubstr("all   6\n"));
  EXPECT_THAT(on_cluster("restore", {"--dry-run", "--state-dir", directory_}).out, HasSubstr("in all about 0 records"));
  EXPECT_THAT(on_cluster("restore", {"--dry-run", "--state-dir", directory_ / "elsewhere", "--all-tasks"}).out,
              HasSubstr("in all about 6 records"));

  const Ran reset = on_cluster("reset", {"--state-dir", directory_, "--execute"});

  EXPECT_EQ(reset.code, 0) << reset.err;
  EXPECT_THAT(reset.out, HasSubstr("  " + changelog() + "\n"));
  EXPECT_THAT(on_cluster("lag").out, HasSubstr("lag 60\n"));
  EXPECT_TRUE(admin_->describe_topics({changelog()}, kLong).value().empty());
  EXPECT_FALSE(std::filesystem::exists(directory_ / id_));
  run_to_the_end();
  EXPECT_THAT(levada_program({"state", "get", directory_ / id_, "counts", "k0", "--value", "int64"}).out,
              HasSubstr("\"value\":10}\n"));
}

TEST_F(Tools, ResetOnlyWhatNobodyRuns) {
  auto app = start(false);
  ASSERT_TRUE(app.ok()) << app.status();
  const auto deadline = std::chrono::steady_clock::now() + kLong;
  while (admin_->describe_group(id_, kLong).value().members.empty()) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline);
  }

  const Ran refused = on_cluster("reset", {"--execute"});
  EXPECT_EQ(refused.code, 1) << refused.err;
  EXPECT_THAT(refused.out, HasSubstr("Refused: stop all instances first"));
  EXPECT_EQ(on_cluster("reset", {"--execute", "--force", "--force-timeout", "1s"}).code, 1);
  EXPECT_TRUE(app->stop().ok());

  EXPECT_EQ(on_cluster("reset", {"--execute"}).code, 0);
}

TEST_F(Tools, FreeAGroupOfAStaticMemberThatIsGone) {
  {
    auto app = start(false, "instance-1");
    ASSERT_TRUE(app.ok()) << app.status();
    const auto deadline = std::chrono::steady_clock::now() + kLong;
    while (admin_->describe_group(id_, kLong).value().state != "Stable") {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline);
    }
    EXPECT_TRUE(app->stop().ok());
  }
  EXPECT_THAT(on_cluster("reset", {"--execute"}).out, HasSubstr("static, instance id instance-1"));

  const Ran forced = on_cluster("reset", {"--execute", "--force"});

  EXPECT_EQ(forced.code, 0) << forced.out << forced.err;
  EXPECT_TRUE(admin_->describe_topics({changelog()}, kLong).value().empty());
}

TEST_F(Tools, SayWhichBrokerDoesNotAnswerAndNoSecret) {
  const Ran ran = levada_program({"lag", "--bootstrap-server", "127.0.0.1:1", "--application-id", id_, "--timeout",
                                  "500ms", "--set", "security.protocol=SASL_PLAINTEXT", "--set", "sasl.mechanism=PLAIN",
                                  "--set", "sasl.username=me", "--set", "sasl.password=hunter2"});

  EXPECT_EQ(ran.code, 2);
  EXPECT_THAT(ran.err, HasSubstr("levada lag: no broker of bootstrap.servers=127.0.0.1:1 answers: "));
  EXPECT_THAT(ran.out + ran.err, Not(HasSubstr("hunter2")));
}

}  // namespace
}  // namespace levada
