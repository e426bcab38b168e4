// An application under exactly-once, unless settings say otherwise, on the embedded cluster: its instances are run by
// the test, round by round, and the clock stands still in between.
//
//   World world;
//   World::Instance& instance = world.add("a");
//   world.send();
//   instance.kill();
//   instance.start();
//   world.run_until_done();
//   world.expect_exact();
#pragma once

#include <algorithm>
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

#include <levada/core/murmur2.h>
#include <levada/levada.h>
#include <levada/runtime/app_setup.h>
#include <levada/runtime/stream_thread.h>

#include "tests/support/faulty_cluster.h"
#include "tests/support/log_lines.h"
#include "tests/support/temporary_directory.h"

namespace levada::testing {

using namespace std::chrono_literals;

inline constexpr Partition kPartitions = 2;
inline constexpr Duration kRound = 10ms;  // how far the clock moves with each
inline constexpr int kKeys = 20;
inline constexpr int kBatch = 200;

using Counts = std::map<std::string, std::int64_t>;

// Everything in "in" is copied, and counted per key behind a repartition topic.
inline Topology copies_and_counts(StoreEngine engine) {
  StreamsBuilder builder;
  const auto in = builder.stream<std::string, std::string>("in");
  in.map_values([](const std::string& value) { return value; }).to("copies");
  in.group_by([](const std::string& value) { return "k" + std::to_string(std::stoi(value) % kKeys); })
      .count({.store = "counts", .engine = engine})
      .to_stream()
      .to("counts");
  return builder.build().value();
}

struct Seen {
  std::string key;
  std::string value;
  bool has_value;
  Timestamp timestamp;
};

// "{instance}" in a value is the name of the instance.
using Settings = std::map<std::string, std::string>;

class World {
 public:
  explicit World(StoreEngine engine = StoreEngine::kRocksDb, Settings settings = {})
      : World(copies_and_counts(engine), std::move(settings)) {}
  World(Topology topology, Settings settings) : topology_(std::move(topology)), settings_(std::move(settings)) {
    for (const std::string topic : {"in", "copies", "counts"}) {
      EXPECT_TRUE(admin_->create_topics({{.name = topic, .partitions = kPartitions}}, 1s).ok());
    }
    plan_ = internal::prepare_topics(topology_, config("0"), *admin_, {}, logger_).value();
  }

  // An instance of the application with a disk of its own.
  class Instance {
   public:
    Instance(World& world, std::string name) : world_(world), name_(std::move(name)) { start(); }

    void start() {
      thread_.reset();
      clusters_.push_back(std::make_unique<FaultyCluster>(world_.broker_));
      thread_ =
          StreamThread::create(internal::thread_settings(world_.config(name_), world_.budget_, 1, {.process = name_}),
                               {.plan = *world_.plan_,
                                .cluster = cluster(),
                                .budget = world_.budget_,
                                .clock = world_.clock_,
                                .log = world_.logger_,
                                .standby_listener = world_.standby_listener_})
              .value();
      ASSERT_TRUE(thread_->join().ok());
    }
    // As by SIGKILL.
    void kill() {
      cluster().die();
      thread_.reset();
    }
    void stop() {
      const absl::Status left = thread_->leave();
      EXPECT_TRUE(left.ok()) << left;
      thread_.reset();
    }
    void round() {
      if (thread_ == nullptr) return;
      const absl::Status status = thread_->run_once();
      ASSERT_TRUE(status.ok()) << status << "\n" << world_.log_.text();
    }
    bool is_alive() const { return thread_ != nullptr; }
    FaultyCluster& cluster() { return *clusters_.back(); }
    const ThreadMetrics& metrics() const { return thread_->metrics(); }
    std::uint64_t restored() const { return thread_->metrics().restored; }
    std::uint64_t processed() const { return thread_->metrics().processed; }
    ThreadState state() const { return thread_->state(); }
    const std::string& name() const { return name_; }

    // One request is answered by this error, the next time it is made.
    void fail_once(const std::string& what, absl::StatusCode code) {
      cluster().set_fault([what, code, done = false](const Request& request) mutable {
        if (request.what != what || std::exchange(done, true)) return absl::OkStatus();
        return absl::Status(code, what + ": as the test wants it");
      });
    }

   private:
    World& world_;
    std::string name_;
    std::vector<std::unique_ptr<FaultyCluster>> clusters_ = {};
    std::unique_ptr<StreamThread> thread_ = nullptr;
  };

  Instance& add(const std::string& name) {
    instances_.push_back(std::make_unique<Instance>(*this, name));
    return *instances_.back();
  }

  void send(int count = kBatch) {
    const TopicHandle in = producer_->topic("in", 1s).value();
    for (int i = 0; i < count; ++i) {
      const std::string value = std::to_string(sent_++);
      ASSERT_TRUE(
          producer_
              ->send({.topic = in, .partition = sent_ % kPartitions, .key = value, .value = value, .timestamp = now()})
              .ok());
    }
  }

  // One record, in the partition of its key.
  absl::Status append(Producer& producer, const std::string& topic, const Bytes& key, const Bytes& value) {
    return producer.send({.topic = producer.topic(topic, 1s).value(),
                          .partition = partition_for(key, kPartitions),
                          .key = key,
                          .value = value,
                          .timestamp = now()});
  }
  void append(const std::string& topic, const Bytes& key, const Bytes& value) {
    ASSERT_TRUE(append(*producer_, topic, key, value).ok());
  }
  static Bytes encoded(std::int64_t count) {
    Bytes bytes;
    Serde<std::int64_t>().encode(count, bytes);
    return bytes;
  }

  void run(int rounds = 1) {
    for (int i = 0; i < rounds; ++i) {
      clock_.advance(kRound);
      for (const auto& instance : instances_) instance->round();
    }
  }
  void run_until(const std::function<bool()>& condition) {
    for (int i = 0; i < 20'000 && !condition(); ++i) run();
    EXPECT_TRUE(condition()) << "waited in vain\n" << log_.text();
  }
  void run_until_done() {
    run_until([this] { return read("copies").size() >= static_cast<std::size_t>(sent_) && counts() == truth(); });
  }

  // What a reader of committed records sees.
  std::vector<Seen> read(const std::string& topic, const std::string& isolation = "read_committed") {
    struct Reader final : RecordHandler {
      void on_record(std::size_t, const LogRecord& record) override {
        seen.push_back({std::string(record.key.value_or("")), std::string(record.value.value_or("")),
                        record.value.has_value(), record.timestamp});
      }
      void on_end_of_partition(std::size_t, Offset) override { ++ended; }
      std::vector<Seen> seen = {};
      int ended = 0;
    } reader;
    auto consumer = broker_.consumer({{"isolation.level", isolation}}).value();
    EXPECT_TRUE(consumer->assign({{{topic, 0}, 0, 0}, {{topic, 1}, 0, 1}}).ok());
    while (reader.ended < kPartitions) EXPECT_TRUE(consumer->poll(0ms, 100'000, reader).ok());
    return std::move(reader.seen);
  }
  Counts counts() {
    Counts latest;
    for (const Seen& each : read("counts")) latest[each.key] = Serde<std::int64_t>().decode(each.value);
    return latest;
  }
  Counts truth() const {
    Counts truth;
    for (int i = 0; i < sent_; ++i) ++truth["k" + std::to_string(i % kKeys)];
    return truth;
  }

  // Each record of the input stands in "copies" once.
  void expect_copied() {
    std::vector<int> copies;
    for (const Seen& each : read("copies")) copies.push_back(std::stoi(each.value));
    std::ranges::sort(copies);
    ASSERT_THAT(copies, ::testing::SizeIs(sent_)) << log_.text();
    for (int i = 0; i < sent_; ++i) ASSERT_EQ(copies[i], i);
  }

  // Each record of the input has had its effect, and none had it twice.
  void expect_exact() {
    ASSERT_NO_FATAL_FAILURE(expect_copied());
    EXPECT_EQ(counts(), truth());
    std::map<std::string, std::int64_t> before;
    for (const Seen& each : read("counts")) {
      const std::int64_t count = Serde<std::int64_t>().decode(each.value);
      EXPECT_GT(count, std::exchange(before[each.key], count)) << each.key;
    }
  }

  // What the stores on the disk of this instance, which is stopped, have more or less than their changelogs.
  void expect_stores_are_the_fold_of_their_changelogs(const Instance& instance) {
    Counts of_changelog;
    for (const Seen& each : read("app-counts-changelog")) {
      of_changelog[each.key] = Serde<std::int64_t>().decode(each.value);
    }
    EXPECT_EQ(stored(instance), of_changelog);
  }
  Counts stored(const Instance& instance) {
    Counts counts;
    for (const TaskId& id : plan_->all_tasks()) {
      if (plan_->task(id).stores.empty()) continue;
      const auto state = TaskState::open({.directory = directory_ / instance.name() / "app" / id.to_string(),
                                          .stores = plan_->task(id).stores,
                                          .budget = budget_,
                                          .current = no_record_})
                             .value();
      const auto entries = state->host("counts").range({}, Direction::kForward);
      for (; entries->valid(); entries->next()) {
        // The timestamp stands in front.
        counts[std::string(entries->key())] = Serde<std::int64_t>().decode(entries->value().substr(8));
      }
    }
    return counts;
  }

  StreamsConfig config(const std::string& instance) const {
    StreamsConfig config;
    config.set("application.id", "app");
    config.set("bootstrap.servers", "embedded");
    config.set("processing.guarantee", "exactly_once_v2");
    config.set("session.timeout.ms", "2000");
    config.set("heartbeat.interval.ms", "500");
    config.set("state.dir", (directory_ / instance).string());
    for (const auto& [key, value] : settings_) config.set(key, value == "{instance}" ? instance : value);
    EXPECT_TRUE(config.validate().ok()) << config.validate();
    return config;
  }

  Timestamp now() const { return clock_.now(); }
  ManualClock& clock() { return clock_; }
  EmbeddedCluster& broker() { return broker_; }
  LogLines& log() { return log_; }
  int sent() const { return sent_; }
  Admin& admin() { return *admin_; }
  std::filesystem::path directory_of(const Instance& instance) const { return directory_ / instance.name() / "app"; }
  // Of instances that start from now on.
  void set_standby_listener(StandbyUpdateListener& listener) { standby_listener_ = &listener; }
  void forget_disk(const Instance& instance) { std::filesystem::remove_all(directory_ / instance.name()); }

 private:
  ManualClock clock_{Timestamp(1'000'000s)};
  EmbeddedCluster broker_{clock_};
  LogLines log_ = {};
  const Logger logger_{log_, LogLevel::kInfo};
  MemoryBudget budget_{64 << 20};
  const RecordContext no_record_ = {};
  std::unique_ptr<Admin> admin_ = broker_.admin({}).value();
  std::unique_ptr<Producer> producer_ = broker_.producer({}).value();
  TemporaryDirectory directory_;
  const Topology topology_;
  const Settings settings_;
  StandbyUpdateListener* standby_listener_ = nullptr;
  std::optional<ApplicationPlan> plan_ = std::nullopt;
  std::vector<std::unique_ptr<Instance>> instances_ = {};
  int sent_ = 0;
};

}  // namespace levada::testing
