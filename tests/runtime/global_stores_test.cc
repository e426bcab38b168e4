// Applications with global stores on the embedded cluster, and the thread that fills the stores, round by round.
#include <chrono>
#include <map>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/levada.h>
#include <levada/runtime/global_thread.h>

#include "tests/support/temporary_directory.h"

namespace levada {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::Pair;

using Text = std::string;
using Customers = TimestampedKeyValueStore<Text, Text>;

absl::StatusOr<Topology> orders_with_names(StoreEngine engine = StoreEngine::kRocksDb) {
  StreamsBuilder builder;
  const auto customers = builder.global_table<Text, Text>("customers", {}, {.store = "names", .engine = engine});
  builder.stream<Text, Text>("orders")
      .join(
          customers, [](const Text& order) { return order; },
          [](const Text& order, const Text& name) { return order + ":" + name; })
      .to("out");
  return builder.build();
}

class GlobalStoresTest : public ::testing::Test {
 protected:
  GlobalStoresTest() {
    EXPECT_TRUE(admin_
                    ->create_topics({{.name = "customers", .partitions = 3},
                                     {.name = "orders", .partitions = 4},
                                     {.name = "out", .partitions = 1}},
                                    1s)
                    .ok());
  }

  void send(const std::string& topic, const std::map<Text, Text>& records) {
    const TopicHandle handle = producer_->topic(topic, 1s).value();
    const Partition partitions = topic == "customers" ? 3 : 4;
    for (const auto& [key, value] : records) {
      const auto partition = static_cast<Partition>(key.front() % partitions);
      ASSERT_TRUE(
          producer_
              ->send({.topic = handle, .partition = partition, .key = key, .value = value, .timestamp = clock_.now()})
              .ok());
    }
    ASSERT_TRUE(producer_->flush(5s).ok());
  }

  std::unique_ptr<GlobalThread> thread(const ApplicationPlan& plan) {
    auto made =
        GlobalThread::create({.application_id = "app", .directory = directory_ / "global", .poll_time = 1ms},
                             {.plan = plan, .cluster = cluster_, .budget = budget_, .clock = clock_, .log = {}});
    EXPECT_TRUE(made.ok()) << made.status();
    return *std::move(made);
  }

  // The records that it takes until the stores are restored.
  static std::uint64_t restore(GlobalThread& thread) {
    while (!thread.restored()) EXPECT_TRUE(thread.run_once().ok());
    return thread.restored_records();
  }

  // The last value of each key in "out".
  std::map<Text, Text> output() {
    struct Reader final : RecordHandler {
      void on_record(std::size_t, const LogRecord& record) override { rows[Text(*record.key)] = Text(*record.value); }
      void on_end_of_partition(std::size_t, Offset) override { ended = true; }
      std::map<Text, Text> rows = {};
      bool ended = false;
    } reader;
    auto consumer = cluster_.consumer({}).value();
    EXPECT_TRUE(consumer->assign({{{"out", 0}, 0, 0}}).ok());
    while (!reader.ended) EXPECT_TRUE(consumer->poll(10ms, 1000, reader).ok());
    return reader.rows;
  }

  StreamsConfig config() const {
    StreamsConfig config;
    config.set("application.id", "app");
    config.set("bootstrap.servers", "embedded");
    config.set("commit.interval.ms", "50");
    config.set("num.stream.threads", "2");
    config.set("state.dir", directory_.path().string());
    return config;
  }

  const std::map<Text, Text> names_ = {{"a", "Ann"}, {"b", "Bob"}, {"c", "Cid"}};
  SystemClock clock_ = {};
  EmbeddedCluster cluster_{clock_};
  MemoryBudget budget_{64 << 20};
  std::unique_ptr<Admin> admin_ = cluster_.admin({}).value();
  std::unique_ptr<Producer> producer_ = cluster_.producer({}).value();
  testing::TemporaryDirectory directory_;
};

TEST_F(GlobalStoresTest, AreFullBeforeTheApplicationProcesses) {
  send("customers", names_);
  send("orders", {{"1", "a"}, {"2", "b"}, {"3", "c"}, {"4", "nobody"}});
  StreamsAppOptions options;
  options.cluster = &cluster_;
  auto app = StreamsApp::start(orders_with_names(), config(), options);
  ASSERT_TRUE(app.ok()) << app.status();
  const auto deadline = std::chrono::steady_clock::now() + 60s;
  while (output().size() < 3 && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  EXPECT_THAT(output(), ElementsAre(Pair("1", "a:Ann"), Pair("2", "b:Bob"), Pair("3", "c:Cid")));
  EXPECT_TRUE(app->stop().ok());
}

TEST_F(GlobalStoresTest, FollowTheirTopicWhileTheApplicationRuns) {
  for (const StoreEngine engine : {StoreEngine::kRocksDb, StoreEngine::kInMemory}) {
    StreamsAppOptions options;
    options.cluster = &cluster_;
    auto app = StreamsApp::start(orders_with_names(engine), config(), options);
    ASSERT_TRUE(app.ok()) << app.status();
    ASSERT_TRUE(app->wait_until_running(60s).ok());
    const Text name = engine == StoreEngine::kRocksDb ? "Dan" : "Deb";
    send("customers", {{"d", name}});
    // An order may come before the name, so there is another one until one finds it.
    const auto deadline = std::chrono::steady_clock::now() + 60s;
    while (output()["5"] != "d:" + name && std::chrono::steady_clock::now() < deadline) send("orders", {{"5", "d"}});
    EXPECT_EQ(output()["5"], "d:" + name);
    EXPECT_TRUE(app->stop().ok());
  }
}

// As in Kafka Streams, no thread is there to process then.
TEST_F(GlobalStoresTest, MayBeAllThatAnApplicationHas) {
  send("customers", names_);
  StreamsBuilder builder;
  builder.global_table<Text, Text>("customers", {}, {.store = "names"});
  StreamsAppOptions options;
  options.cluster = &cluster_;
  auto app = StreamsApp::start(builder.build(), config(), options);
  ASSERT_TRUE(app.ok()) << app.status();
  ASSERT_TRUE(app->wait_until_running(60s).ok());
  EXPECT_EQ(app->metrics().restored, 3U);
  EXPECT_TRUE(app->stream_threads().empty());
  EXPECT_EQ(app->add_stream_thread().status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(app->stop().ok());
}

TEST_F(GlobalStoresTest, ReadOnlyTheTailAfterARestart) {
  const Topology topology = orders_with_names().value();
  const auto plan =
      ApplicationPlan::make(topology, {.application_id = "app"}, {{"customers", 3}, {"orders", 4}}).value();
  ASSERT_EQ(plan.global_tasks().size(), 1U);
  EXPECT_EQ(plan.all_tasks().size(), 4U);
  send("customers", names_);
  EXPECT_EQ(restore(*thread(plan)), 3U);
  send("customers", {{"d", "Dan"}});
  const auto again = thread(plan);
  EXPECT_EQ(restore(*again), 1U);
  RecordContext current;
  const StoreReader names = again->stores().read("names", current);
  EXPECT_EQ(dynamic_cast<Customers&>(*names.store).get("a")->value, "Ann");
  EXPECT_EQ(dynamic_cast<Customers&>(*names.store).get("d")->value, "Dan");
}

TEST_F(GlobalStoresTest, AreFilledAnewIfTheirTopicIsAnother) {
  const Topology topology = orders_with_names().value();
  const auto plan =
      ApplicationPlan::make(topology, {.application_id = "app"}, {{"customers", 3}, {"orders", 4}}).value();
  send("customers", names_);
  restore(*thread(plan));
  ASSERT_TRUE(admin_->delete_topics({"customers"}, 1s).ok());
  ASSERT_TRUE(admin_->create_topics({{.name = "customers", .partitions = 3}}, 1s).ok());
  const auto again = thread(plan);
  EXPECT_EQ(restore(*again), 0U);
  RecordContext current;
  const StoreReader names = again->stores().read("names", current);
  EXPECT_EQ(dynamic_cast<Customers&>(*names.store).get("a"), std::nullopt);
}

TEST_F(GlobalStoresTest, AreReadByManyThreadsWhileTheyAreWritten) {
  for (const StoreEngine engine : {StoreEngine::kRocksDb, StoreEngine::kInMemory}) {
    const Topology topology = orders_with_names(engine).value();
    const auto plan =
        ApplicationPlan::make(topology, {.application_id = "app"}, {{"customers", 3}, {"orders", 4}}).value();
    const auto filler = thread(plan);
    restore(*filler);
    std::atomic<bool> done = false;
    std::vector<std::thread> readers;
    for (int i = 0; i < 3; ++i) {
      readers.emplace_back([&] {
        RecordContext current;
        const StoreReader names = filler->stores().read("names", current);
        auto& store = dynamic_cast<Customers&>(*names.store);
        std::size_t most = 0;
        while (!done) {
          std::size_t count = 0;
          for (const auto& [key, name] : store.all()) count += name.value.empty() ? 0 : 1;
          EXPECT_GE(count, most);
          most = count;
          store.get("a");
        }
      });
    }
    for (char key = 'a'; key <= 'z'; ++key) {
      send("customers", {{Text(1, key), "name"}});
      EXPECT_TRUE(filler->run_once().ok());
    }
    done = true;
    for (std::thread& reader : readers) reader.join();
  }
}

}  // namespace
}  // namespace levada
