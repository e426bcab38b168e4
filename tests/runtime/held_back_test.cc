// What operators hold back until event time passes, across the end of a thread: the next one restores it from its
// changelog. The test runs the threads round by round; state is in memory only.
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/levada.h>
#include <levada/runtime/app_setup.h>
#include <levada/runtime/stream_thread.h>

namespace levada {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Application {
 public:
  explicit Application(Topology topology) : topology_(std::move(topology)) {
    EXPECT_TRUE(admin_->create_topics({{.name = "in", .partitions = 1}, {.name = "out", .partitions = 1}}, 1s).ok());
    plan_ = internal::prepare_topics(topology_, config(), *admin_, {}, Logger()).value();
    start();
  }

  void send(const std::string& key, Duration time) {
    auto producer = cluster_.producer({}).value();
    const TopicHandle in = producer->topic("in", 1s).value();
    ASSERT_TRUE(producer->send({.topic = in, .key = key, .value = "v", .timestamp = kStart + time}).ok());
    ASSERT_TRUE(producer->flush(1s).ok());
    ++sent_;
    for (int i = 0; i < 10'000 && committed() < sent_; ++i) round();
    ASSERT_EQ(committed(), sent_);
  }

  void restart() {
    ASSERT_TRUE(thread_->leave().ok());
    start();
  }

  // Of all records in "out".
  std::vector<std::string> keys() {
    struct Reader final : RecordHandler {
      void on_record(std::size_t, const LogRecord& record) override { keys.emplace_back(*record.key); }
      void on_end_of_partition(std::size_t, Offset) override { ended = true; }
      std::vector<std::string> keys = {};
      bool ended = false;
    } reader;
    auto consumer = cluster_.consumer({}).value();
    EXPECT_TRUE(consumer->assign({{.partition = {"out", 0}}}).ok());
    while (!reader.ended) EXPECT_TRUE(consumer->poll(0ms, 1000, reader).ok());
    return reader.keys;
  }

 private:
  static constexpr Timestamp kStart = Timestamp(1'000'000s);

  static StreamsConfig config() {
    StreamsConfig config;
    config.set("application.id", "app");
    config.set("bootstrap.servers", "embedded");
    return config;
  }

  void start() {
    StreamThreadSettings settings = internal::thread_settings(config(), budget_, 1);
    settings.commit_when_idle = true;
    settings.tasks.directory.reset();
    thread_ = StreamThread::create(
                  settings, {.plan = *plan_, .cluster = cluster_, .budget = budget_, .clock = clock_, .log = Logger()})
                  .value();
    ASSERT_TRUE(thread_->join().ok());
  }

  void round() {
    clock_.advance(10ms);
    const absl::Status status = thread_->run_once();
    ASSERT_TRUE(status.ok()) << status;
  }

  Offset committed() { return std::max<Offset>(0, admin_->committed("app", {{"in", 0}}, 1s)->front().offset); }

  ManualClock clock_{kStart};
  EmbeddedCluster cluster_{clock_};
  MemoryBudget budget_{64 << 20};
  std::unique_ptr<Admin> admin_ = cluster_.admin({}).value();
  const Topology topology_;
  std::optional<ApplicationPlan> plan_ = std::nullopt;
  std::unique_ptr<StreamThread> thread_ = nullptr;
  Offset sent_ = 0;
};

TEST(HeldBack, SuppressedChangesAreRestored) {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("in")
      .group_by_key()
      .count()
      .suppress(Suppressed::until_time_limit(10s, BufferConfig::unbounded()))
      .to_stream()
      .to("out");
  Application app(builder.build().value());
  app.send("a", 0s);
  app.send("b", 5s);
  app.restart();
  EXPECT_THAT(app.keys(), IsEmpty());
  app.send("c", 10s);
  EXPECT_THAT(app.keys(), ElementsAre("a"));
  app.restart();
  app.send("c", 20s);
  EXPECT_THAT(app.keys(), ElementsAre("a", "b", "c"));
}

TEST(HeldBack, RecordsWithoutPartnersAreRestored) {
  StreamsBuilder builder;
  const auto in = builder.stream<std::string, std::string>("in");
  const auto never = in.filter([](const std::string&) { return false; });
  const auto left = [](const std::string& value, const std::optional<std::string>&) { return value; };
  in.left_join(never, left, JoinWindows::of(10s)).to("out");
  Application app(builder.build().value());
  app.send("a", 0s);
  app.restart();
  app.send("b", 10s);
  EXPECT_THAT(app.keys(), IsEmpty());
  app.restart();
  app.send("c", 11s);
  EXPECT_THAT(app.keys(), ElementsAre("a"));
}

}  // namespace
}  // namespace levada
