// Standbys of applications with several threads, which share their state directory.
#include <chrono>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/levada.h>

#include "tests/support/eventually.h"
#include "tests/support/log_lines.h"
#include "tests/support/temporary_directory.h"

namespace levada {
namespace {

using namespace std::chrono_literals;
using ::testing::Each;
using testing::eventually;
using ::testing::HasSubstr;
using testing::LogLines;
using ::testing::SizeIs;
using testing::TemporaryDirectory;

constexpr Duration kLong = 60s;
constexpr Partition kPartitions = 4;

class StandbyApp : public ::testing::Test {
 protected:
  StandbyApp() {
    EXPECT_TRUE(admin_->create_topics({{.name = "in", .partitions = kPartitions}, {.name = "out"}}, 1s).ok());
  }

  StreamsApp start(const std::string& instance) {
    StreamsBuilder builder;
    builder.stream<std::string, std::string>("in").group_by_key().count({.store = "counts"}).to_stream().to("out");
    StreamsConfig config;
    config.set("application.id", "app");
    config.set("bootstrap.servers", "embedded");
    config.set("commit.interval.ms", "50");
    config.set("poll.ms", "10");
    config.set("num.stream.threads", "2");
    config.set("num.standby.replicas", "1");
    config.set("state.dir", (directory_ / instance).string());
    auto app = StreamsApp::start(builder.build(), config, {.log_sink = &log_, .cluster = &cluster_});
    EXPECT_TRUE(app.ok()) << app.status();
    return *std::move(app);
  }

  void send(int count) {
    const TopicHandle in = producer_->topic("in", 1s).value();
    for (int i = 0; i < count; ++i) {
      const std::string key = std::to_string(i);
      ASSERT_TRUE(
          producer_->send({.topic = in, .partition = i % kPartitions, .key = key, .value = "v", .timestamp = now_})
              .ok());
    }
    ASSERT_TRUE(producer_->flush(kLong).ok());
  }

  // 400 keys, of which each instance has half, and a copy of the other half.
  void become_warm(const StreamsApp& first, const StreamsApp& second) {
    ASSERT_TRUE(eventually([&] {
      return first.metrics().standby_tasks == 2 && second.metrics().standby_tasks == 2 && members().size() == 4;
    })) << log_.text();
    send(400);
    ASSERT_TRUE(eventually([&] {
      return changes() == 400 && first.metrics().standby_records + second.metrics().standby_records == 400;
    })) << log_.text();
  }

  std::uint64_t changes() {
    std::uint64_t sum = 0;
    for (Partition p = 0; p < kPartitions; ++p) sum += admin_->offsets({"app-counts-changelog", p}, 1s)->end;
    return sum;
  }
  std::vector<GroupMember> members() { return admin_->describe_group("app", 1s)->members; }

  SystemClock clock_ = {};
  EmbeddedCluster cluster_{clock_};
  LogLines log_ = {};
  std::unique_ptr<Admin> admin_ = cluster_.admin({}).value();
  std::unique_ptr<Producer> producer_ = cluster_.producer({}).value();
  const Timestamp now_ = clock_.now();
  const TemporaryDirectory directory_ = {};
};

TEST_F(StandbyApp, OfTwoThreadsTakesOverWhatTheOtherInstanceHad) {
  StreamsApp first = start("1");
  StreamsApp second = start("2");
  become_warm(first, second);
  ASSERT_TRUE(first.stop().ok());
  ASSERT_TRUE(eventually([&] { return members().size() == 2 && second.state() == AppState::kRunning; }));
  send(4);
  EXPECT_TRUE(eventually([&] { return admin_->offsets({"out", 0}, 1s)->end == 404; })) << log_.text();
  EXPECT_EQ(second.metrics().restored, 0U) << log_.text();
  EXPECT_TRUE(second.stop().ok());
}

TEST_F(StandbyApp, ThreadsOfOneInstanceAreOneProcessToTheGroup) {
  StreamsApp app = start("1");
  ASSERT_TRUE(eventually([&] { return members().size() == 2 && app.state() == AppState::kRunning; }));
  std::vector<std::string> ids;
  for (const GroupMember& member : members()) ids.push_back(member.client_id);
  EXPECT_THAT(ids, SizeIs(2));
  EXPECT_NE(ids[0], ids[1]);
  EXPECT_EQ(ids[0].substr(0, ids[0].find("-StreamThread-")), ids[1].substr(0, ids[1].find("-StreamThread-")));
  EXPECT_THAT(ids, Each(HasSubstr("-consumer")));
  send(40);
  ASSERT_TRUE(eventually([&] { return changes() == 40; }));
  EXPECT_EQ(app.metrics().standby_tasks, 0U);  // there is nobody else
  EXPECT_TRUE(app.stop().ok());
}

// Its tasks go to the other thread, or to the other instance; a standby of this process may be in the way.
TEST_F(StandbyApp, LosesAThreadAndGetsOne) {
  StreamsApp first = start("1");
  StreamsApp second = start("2");
  become_warm(first, second);
  ASSERT_TRUE(first.remove_stream_thread().ok());
  ASSERT_TRUE(eventually([&] { return members().size() == 3; }));
  send(400);
  EXPECT_TRUE(eventually([&] { return changes() == 800; })) << log_.text();
  EXPECT_EQ(first.metrics().restored + second.metrics().restored, 0U) << log_.text();
  ASSERT_TRUE(first.add_stream_thread().ok());
  ASSERT_TRUE(eventually([&] { return members().size() == 4; }));
  send(400);
  EXPECT_TRUE(eventually([&] { return changes() == 1200; })) << log_.text();
  EXPECT_TRUE(first.stop().ok());
  EXPECT_TRUE(second.stop().ok());
}

}  // namespace
}  // namespace levada
