// Whole applications on the embedded cluster, with real threads.
#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/levada.h>

#include "tests/support/eventually.h"
#include "tests/support/log_lines.h"
#include "tests/support/temporary_directory.h"

namespace levada {
namespace {

using namespace std::chrono_literals;
using testing::eventually;
using ::testing::HasSubstr;
using testing::TemporaryDirectory;

constexpr Duration kLong = 60s;

class StreamsAppTest : public ::testing::Test {
 protected:
  StreamsAppTest() {
    EXPECT_TRUE(admin_->create_topics({{.name = "in", .partitions = 4}, {.name = "out", .partitions = 2}}, 1s).ok());
  }

  static absl::StatusOr<Topology> word_count() {
    StreamsBuilder builder;
    builder.stream<std::string, std::string>("in")
        .group_by([](const std::string& word) { return word; })
        .count({.store = "counts"})
        .to_stream()
        .to("out");
    return builder.build();
  }

  StreamsConfig config(const std::map<std::string, std::string>& more = {}) const {
    StreamsConfig config;
    config.set("application.id", "app");
    config.set("bootstrap.servers", "embedded");
    config.set("commit.interval.ms", "50");
    config.set("state.dir", directory_.path().string());
    for (const auto& [key, value] : more) config.set(key, value);
    return config;
  }

  StreamsAppOptions options(bool stop_at_end = false) {
    StreamsAppOptions options;
    options.cluster = &cluster_;
    options.stop_at_end = stop_at_end;
    return options;
  }

  void send_words(int count) {
    const TopicHandle in = producer_->topic("in", 1s).value();
    for (int i = 0; i < count; ++i) {
      const std::string word = "w" + std::to_string(i % 7);
      ASSERT_TRUE(
          producer_->send({.topic = in, .partition = i % 4, .key = "k", .value = word, .timestamp = now_}).ok());
    }
    ASSERT_TRUE(producer_->flush(kLong).ok());
    sent_ += count;
  }

  // The last value of each key in "out".
  std::map<std::string, std::int64_t> counts() {
    struct Reader final : RecordHandler {
      void on_record(std::size_t, const LogRecord& record) override {
        latest[std::string(*record.key)] = Serde<std::int64_t>().decode(record.value);
      }
      void on_end_of_partition(std::size_t tag, Offset) override { ended.insert(tag); }
      std::map<std::string, std::int64_t> latest = {};
      std::set<std::size_t> ended = {};
    } reader;
    auto consumer = cluster_.consumer({}).value();
    EXPECT_TRUE(consumer->assign({{{"out", 0}, 0, 0}, {{"out", 1}, 0, 1}}).ok());
    while (reader.ended.size() < 2) EXPECT_TRUE(consumer->poll(10ms, 1000, reader).ok());
    return reader.latest;
  }

  std::int64_t total() {
    std::int64_t sum = 0;
    for (const auto& [word, count] : counts()) sum += count;
    return sum;
  }

  SystemClock clock_ = {};
  EmbeddedCluster cluster_{clock_};
  std::unique_ptr<Admin> admin_ = cluster_.admin({}).value();
  std::unique_ptr<Producer> producer_ = cluster_.producer({}).value();
  const Timestamp now_ = clock_.now();
  const TemporaryDirectory directory_ = {};
  int sent_ = 0;
};

TEST_F(StreamsAppTest, EndsByItselfWhenItsInputIsProcessed) {
  send_words(1000);
  auto app = StreamsApp::start(word_count(), config(), options(true));
  ASSERT_TRUE(app.ok()) << app.status();
  ASSERT_TRUE(app->wait_for_end().ok());
  EXPECT_EQ(app->state(), AppState::kNotRunning);
  EXPECT_EQ(app->metrics().input_processed, 1000U);
  EXPECT_EQ(total(), 1000);
}

TEST_F(StreamsAppTest, GoesOnFromItsDiskAfterARestart) {
  send_words(700);
  ASSERT_TRUE(StreamsApp::start(word_count(), config(), options(true))->wait_for_end().ok());
  send_words(300);
  auto app = StreamsApp::start(word_count(), config(), options(true));
  ASSERT_TRUE(app.ok()) << app.status();
  ASSERT_TRUE(app->wait_for_end().ok());
  EXPECT_EQ(app->metrics().input_processed, 300U);
  EXPECT_EQ(app->metrics().restored, 0U);
  EXPECT_EQ(total(), 1000);
}

TEST_F(StreamsAppTest, RestoresFromItsChangelogWhenTheDiskIsGone) {
  send_words(700);
  ASSERT_TRUE(StreamsApp::start(word_count(), config(), options(true))->wait_for_end().ok());
  std::filesystem::remove_all(directory_.path());
  send_words(300);
  auto app = StreamsApp::start(word_count(), config(), options(true));
  ASSERT_TRUE(app.ok()) << app.status();
  ASSERT_TRUE(app->wait_for_end().ok());
  EXPECT_GE(app->metrics().restored, 7U);
  EXPECT_EQ(total(), 1000);
}

TEST_F(StreamsAppTest, TwoInstancesShareThePartitionsAndOneTakesOver) {
  auto first = StreamsApp::start(word_count(), config({{"state.dir", (directory_ / "1").string()}}), options());
  auto second = StreamsApp::start(word_count(), config({{"state.dir", (directory_ / "2").string()}}), options());
  ASSERT_TRUE(first.ok() && second.ok());
  ASSERT_TRUE(eventually([&] {
    const auto group = admin_->describe_group("app", 1s);
    return group.ok() && group->state == "Stable" && group->members.size() == 2;
  }));
  ASSERT_TRUE(first->wait_until_running(kLong).ok());
  ASSERT_TRUE(second->wait_until_running(kLong).ok());
  send_words(700);
  EXPECT_TRUE(eventually([&] { return total() == 700; })) << total();
  EXPECT_TRUE(first->stop().ok());
  send_words(700);
  EXPECT_TRUE(eventually([&] { return total() == 1400; })) << total();
  EXPECT_TRUE(second->stop().ok());
}

TEST_F(StreamsAppTest, OneDirectoryServesOneInstanceAtATime) {
  auto first = StreamsApp::start(word_count(), config(), options());
  ASSERT_TRUE(first.ok()) << first.status();
  StreamsAppOptions at_once = options();
  at_once.start_timeout = 0ms;
  const auto refused = StreamsApp::start(word_count(), config(), at_once);
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(refused.status().message()),
              AllOf(HasSubstr(directory_.path().string()), HasSubstr("state.dir")));

  std::thread waits([this] { EXPECT_TRUE(StreamsApp::start(word_count(), config(), options()).ok()); });
  EXPECT_TRUE(first->stop().ok());
  waits.join();
}

TEST_F(StreamsAppTest, SeveralThreadsCountWhatOneWould) {
  send_words(5000);
  auto app = StreamsApp::start(word_count(), config({{"num.stream.threads", "3"}}), options(true));
  ASSERT_TRUE(app.ok()) << app.status();
  ASSERT_TRUE(app->wait_for_end().ok());
  EXPECT_EQ(app->metrics().input_processed, 5000U);
  EXPECT_EQ(total(), 5000);
}

TEST_F(StreamsAppTest, HasAClusterOfItsOwnWhenNoneIsGiven) {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("in").to("out");
  auto app = StreamsApp::start(builder.build(), config());
  ASSERT_TRUE(app.ok()) << app.status();
  auto producer = app->cluster().producer({}).value();
  const TopicHandle in = producer->topic("in", kLong).value();
  ASSERT_TRUE(producer->send({.topic = in, .key = "k", .value = "v", .timestamp = now_}).ok());
  ASSERT_TRUE(producer->flush(kLong).ok());
  auto admin = app->cluster().admin({}).value();
  EXPECT_TRUE(eventually([&] { return admin->offsets({"out", 0}, kLong)->end == 1; }));
}

TEST_F(StreamsAppTest, SaysWhichSourceTopicIsMissing) {
  ASSERT_TRUE(admin_->delete_topics({"in"}, 1s).ok());
  const auto app = StreamsApp::start(word_count(), config(), options());
  EXPECT_TRUE(absl::IsNotFound(app.status()));
  EXPECT_THAT(std::string(app.status().message()), HasSubstr("in"));
}

TEST_F(StreamsAppTest, SaysWhichServersDoNotAnswer) {
  testing::LogLines log;
  StreamsAppOptions options;
  options.log_sink = &log;
  options.start_timeout = 1s;
  const auto app = StreamsApp::start(word_count(), config({{"bootstrap.servers", "127.0.0.1:1"}}), options);
  EXPECT_TRUE(absl::IsUnavailable(app.status())) << app.status();
  EXPECT_THAT(std::string(app.status().message()), HasSubstr("no broker of bootstrap.servers=127.0.0.1:1 answers"));
}

TEST_F(StreamsAppTest, AProcessorThatThrowsEndsTheApplicationAndNothingIsCommitted) {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("in")
      .map_values([](const std::string& word) -> std::string {
        if (word == "w3") throw std::runtime_error("no threes");
        return word;
      })
      .to("out");
  send_words(4);
  auto app = StreamsApp::start(builder.build(), config({{"commit.interval.ms", "100000"}}), options());
  ASSERT_TRUE(app.ok()) << app.status();
  const absl::Status ended = app->wait_for_end();
  EXPECT_THAT(std::string(ended.message()), HasSubstr("no threes"));
  EXPECT_THAT(std::string(ended.message()), HasSubstr("in-3 offset 0"));
  EXPECT_EQ(app->state(), AppState::kError);
  EXPECT_EQ(admin_->committed("app", {{"in", 3}}, 1s)->front().offset, kUnknownOffset);
}

TEST_F(StreamsAppTest, TellsItsStates) {
  std::vector<AppState> states;
  StreamsAppOptions watched = options(true);
  watched.state_listener = [&states](AppState now, AppState) { states.push_back(now); };
  send_words(1);
  auto app = StreamsApp::start(word_count(), config(), watched);
  ASSERT_TRUE(app.ok()) << app.status();
  ASSERT_TRUE(app->wait_for_end().ok());
  EXPECT_THAT(states, ::testing::ElementsAre(AppState::kRebalancing, AppState::kRunning, AppState::kPendingShutdown,
                                             AppState::kNotRunning));
}

TEST_F(StreamsAppTest, WipesADamagedDiskAndRestores) {
  send_words(700);
  ASSERT_TRUE(StreamsApp::start(word_count(), config(), options(true))->wait_for_end().ok());
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory_.path())) {
    if (entry.path().filename().string().starts_with("MANIFEST")) std::filesystem::resize_file(entry.path(), 10);
  }
  send_words(7);
  auto app = StreamsApp::start(word_count(), config(), options(true));
  ASSERT_TRUE(app.ok()) << app.status();
  ASSERT_TRUE(app->wait_for_end().ok());
  EXPECT_EQ(total(), 707);
}

// Copies the topics that match "in.*".
absl::StatusOr<Topology> copy_of_inputs() {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>(TopicPattern("in.*")).to("out");
  return builder.build();
}

TEST_F(StreamsAppTest, ReadsTopicsThatAppearLaterAndMatchAPattern) {
  auto app = StreamsApp::start(copy_of_inputs(), config({{"topic.metadata.refresh.interval.ms", "20"}}), options());
  ASSERT_TRUE(app.ok()) << app.status();
  send_words(20);
  ASSERT_TRUE(eventually([&] { return app->metrics().processed == 20; }));
  ASSERT_TRUE(admin_->create_topics({{.name = "in-later", .partitions = 2}}, 1s).ok());
  const TopicHandle later = producer_->topic("in-later", 1s).value();
  ASSERT_TRUE(producer_->send({.topic = later, .partition = 1, .key = "k", .value = "v", .timestamp = now_}).ok());
  ASSERT_TRUE(producer_->flush(kLong).ok());
  EXPECT_TRUE(eventually([&] { return app->metrics().processed == 21; }));
  EXPECT_TRUE(app->stop().ok());
  EXPECT_EQ(app->metrics().processed, 21U);  // nothing came twice
}

TEST_F(StreamsAppTest, BeginsWithoutATopicThatMatchesItsPattern) {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>(TopicPattern("later.*")).to("out");
  auto app = StreamsApp::start(builder.build(), config({{"topic.metadata.refresh.interval.ms", "20"}}), options());
  ASSERT_TRUE(app.ok()) << app.status();
  ASSERT_TRUE(admin_->create_topics({{.name = "later"}}, 1s).ok());
  const TopicHandle later = producer_->topic("later", 1s).value();
  ASSERT_TRUE(producer_->send({.topic = later, .partition = 0, .key = "k", .value = "v", .timestamp = now_}).ok());
  EXPECT_TRUE(eventually([&] { return app->metrics().processed == 1; }));
  EXPECT_TRUE(app->stop().ok());
}

TEST_F(StreamsAppTest, RefusesATopologyThatWasNotBuiltAsConfigured) {
  const auto app = StreamsApp::start(word_count(), config({{"topology.optimization", "all"}}), options());
  EXPECT_THAT(std::string(app.status().message()), HasSubstr("pass config.build_options() to the builder's build()"));
}

TEST_F(StreamsAppTest, StartsReadingWhereTheSourceSays) {
  send_words(4);
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("in", {.reset = AutoOffsetReset::none()}).to("out");
  auto app = StreamsApp::start(builder.build(), config(), options());
  ASSERT_TRUE(app.ok()) << app.status();
  EXPECT_THAT(std::string(app->wait_for_end().message()), HasSubstr(".reset of the source says none"));
}

TEST_F(StreamsAppTest, StartsReadingAtAnAge) {
  const TopicHandle in = producer_->topic("in", 1s).value();
  const Timestamp now = clock_.now();
  for (const Timestamp time : {now - 2h, now - 1min}) {
    ASSERT_TRUE(producer_->send({.topic = in, .partition = 0, .key = "k", .value = "v", .timestamp = time}).ok());
  }
  ASSERT_TRUE(producer_->flush(kLong).ok());
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("in", {.reset = AutoOffsetReset::by_duration(1h)}).to("out");
  auto app = StreamsApp::start(builder.build(), config(), options(true));
  ASSERT_TRUE(app.ok()) << app.status();
  ASSERT_TRUE(app->wait_for_end().ok());
  EXPECT_EQ(app->metrics().processed, 1U);
}

using Words = KeyValueStore<std::string, std::string>;

class KeepWord final : public Terminal<std::string, std::string> {
 public:
  KeepWord(Context& context, const StoreRef<Words>& words) : words_(context.store(words)) {}
  void process(const Record<std::string, std::string>& record) override { words_.put(record.key, record.value); }

 private:
  Words& words_;
};

TEST_F(StreamsAppTest, RestoresAReadOnlyStoreFromItsTopicUpToWhereTheGroupStands) {
  TopologyBuilder builder;
  builder.add_read_only_state_store<KeepWord, Words>("words", {.topic = "in", .source = "read", .processor = "keep"});
  send_words(40);
  ASSERT_TRUE(StreamsApp::start(builder.build(), config(), options(true))->wait_for_end().ok());
  EXPECT_EQ(admin_->list_topics(1s).value().size(), 2U);  // no changelog
  std::filesystem::remove_all(directory_.path());
  send_words(8);
  auto app = StreamsApp::start(builder.build(), config(), options(true));
  ASSERT_TRUE(app.ok()) << app.status();
  ASSERT_TRUE(app->wait_for_end().ok());
  EXPECT_EQ(app->metrics().restored, 40U);
  EXPECT_EQ(app->metrics().input_processed, 8U);
}

}  // namespace
}  // namespace levada
