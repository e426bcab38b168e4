// Whole applications while what they stand on fails: a real broker that is away, a real disk without space.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <map>
#include <optional>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <unistd.h>

#include <levada/levada.h>
#include <levada/runtime/kafka_cluster.h>

#include "tests/support/kafka_broker.h"
#include "tests/support/log_lines.h"

namespace levada {
namespace {

using namespace std::chrono_literals;
using testing::KafkaBroker;
using testing::LogLines;

constexpr Duration kLong = 60s;
constexpr int kKeys = 500;
constexpr Partition kPartitions = 2;

::testing::AssertionResult eventually(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + kLong;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return ::testing::AssertionFailure() << "waited in vain";
    std::this_thread::yield();
  }
  return ::testing::AssertionSuccess();
}

// A value is the number of records of its key, and what makes it `size` bytes.
Topology counts(std::size_t size) {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("in")
      .group_by_key()
      .aggregate(std::string("0"),
                 [size](const std::string& so_far, const std::string&) {
                   return std::to_string(std::stoi(so_far) + 1) + " " + std::string(size, 'x');
                 },
                 {.store = "counts"})
      .to_stream()
      .map_values([](const std::string& count) { return count.substr(0, count.find(' ')); })
      .to("out");
  return builder.build().value();
}

// An application that counts, and a look at what it has counted.
class Counting {
 public:
  explicit Counting(Cluster& cluster) : cluster_(cluster) {
    directory_ =
        std::filesystem::temp_directory_path() / ("levada-faults-" + std::to_string(::getpid()) + "-" +
                                                  ::testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directories(directory_);
    const absl::Status created = cluster_.admin({}).value()->create_topics(
        {{.name = "in", .partitions = kPartitions}, {.name = "out", .partitions = kPartitions}}, kLong);
    EXPECT_TRUE(created.ok()) << created;
    producer_ = cluster_.producer({}).value();
    in_ = producer_->topic("in", kLong).value();
  }
  ~Counting() { std::filesystem::remove_all(directory_); }

  absl::StatusOr<StreamsApp> start(std::size_t value_size = 0) {
    StreamsConfig config;
    config.set("application.id", "app");
    config.set("bootstrap.servers", bootstrap);
    config.set("commit.interval.ms", "100");
    config.set("session.timeout.ms", "6000");
    config.set("state.dir", directory_.string());
    StreamsAppOptions options;
    options.log_sink = &log;
    options.cluster = &cluster_;
    return StreamsApp::start(counts(value_size), config, options);
  }

  // One record of each key; returns before it has arrived.
  void send() {
    for (int i = 0; i < kKeys; ++i) {
      const std::string key = "k" + std::to_string(i);
      const absl::Status sent = producer_->send({.topic = in_, .partition = i % kPartitions, .key = key, .value = "v"});
      ASSERT_TRUE(sent.ok()) << sent;
    }
    ++times_;
  }
  void flush() { ASSERT_TRUE(producer_->flush(kLong).ok()); }

  // All keys have as many records in "out" as were sent, or more.
  bool has_all() {
    read();
    return latest_.count.size() == kKeys &&
           std::ranges::all_of(latest_.count, [this](const auto& each) { return each.second >= times_; });
  }
  bool has_exactly_all() {
    return has_all() && std::ranges::all_of(latest_.count, [this](const auto& each) { return each.second == times_; });
  }

  const std::filesystem::path& directory() const { return directory_; }

  std::string bootstrap = "embedded";
  LogLines log = {};

 private:
  struct Latest final : RecordHandler {
    void on_record(std::size_t, const LogRecord& record) override {
      count[std::string(*record.key)] = std::stoi(std::string(*record.value));
    }
    void on_end_of_partition(std::size_t, Offset) override {}
    std::map<std::string, int> count = {};
  };

  void read() {
    if (reader_ == nullptr) {
      reader_ = cluster_.consumer({}).value();
      EXPECT_TRUE(reader_->assign({{{"out", 0}, 0, 0}, {{"out", 1}, 0, 1}}).ok());
    }
    EXPECT_TRUE(reader_->poll(10ms, 10'000, latest_).ok());
  }

  Cluster& cluster_;
  std::filesystem::path directory_ = {};
  std::unique_ptr<Producer> producer_ = nullptr;
  TopicHandle in_ = {};
  std::unique_ptr<Consumer> reader_ = nullptr;
  Latest latest_ = {};
  int times_ = 0;
};

class BrokerFaults : public ::testing::Test {
 protected:
  BrokerFaults() { counting_.bootstrap = broker_.bootstrap(); }

  KafkaBroker broker_ = {};
  std::unique_ptr<Cluster> cluster_ = KafkaCluster::create({{"bootstrap.servers", broker_.bootstrap()}}).value();
  Counting counting_{*cluster_};
};

TEST_F(BrokerFaults, AStartWaitsForTheBroker) {
  counting_.send();
  counting_.flush();
  broker_.kill();
  auto starting = std::async(std::launch::async, [this] { return counting_.start(); });
  ASSERT_TRUE(eventually([this] { return counting_.log.count("warn: no broker answers yet") == 1; }));
  broker_.start();
  auto app = starting.get();
  ASSERT_TRUE(app.ok()) << app.status();
  EXPECT_TRUE(eventually([this] { return counting_.has_exactly_all(); }));
  EXPECT_TRUE(app->stop().ok());
}

TEST_F(BrokerFaults, ABrokerThatIsKilledAndComesBackCostsNothing) {
  auto app = counting_.start();
  ASSERT_TRUE(app.ok()) << app.status();
  counting_.send();
  ASSERT_TRUE(eventually([this] { return counting_.has_exactly_all(); }));
  counting_.send();
  broker_.kill();
  for (int i = 0; i < 3; ++i) counting_.send();
  broker_.start();
  counting_.send();
  counting_.flush();
  EXPECT_TRUE(eventually([this] { return counting_.has_all(); })) << counting_.log.text();
  const absl::Status stopped = app->stop();
  EXPECT_TRUE(stopped.ok()) << stopped;
}

TEST_F(BrokerFaults, AnApplicationStopsInTimeWithoutItsBroker) {
  auto app = counting_.start();
  ASSERT_TRUE(app.ok()) << app.status();
  counting_.send();
  ASSERT_TRUE(eventually([this] { return counting_.has_exactly_all(); }));
  broker_.kill();
  const auto started = std::chrono::steady_clock::now();
  (void)app->stop();
  EXPECT_LT(std::chrono::steady_clock::now() - started, 60s);
}

// A file system in memory of a size of its own, mounted while one of these lives.
class SmallDisk {
 public:
  explicit SmallDisk(std::filesystem::path where) : where_(std::move(where)) {
    mounted_ = ::mount("levada", where_.c_str(), "tmpfs", 0, "size=256m") == 0;
  }
  ~SmallDisk() {
    if (mounted_) ::umount2(where_.c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  bool mounted() const { return mounted_; }
  void fill() {
    std::ofstream file(filler(), std::ios::binary);
    const std::string block(4096, 'x');
    while (file.write(block.data(), static_cast<std::streamsize>(block.size())).flush()) {
    }
  }
  void free() { std::filesystem::remove(filler()); }

 private:
  std::filesystem::path filler() const { return where_ / "filler"; }

  const std::filesystem::path where_;
  bool mounted_ = false;
};

TEST(FullStateDisk, IsWaitedForAndNothingIsLost) {
  constexpr std::size_t kValue = 4000;
  const SystemClock clock;
  EmbeddedCluster cluster(clock);
  Counting counting(cluster);
  SmallDisk disk(counting.directory());
  if (!disk.mounted()) GTEST_SKIP() << "may not mount a file system; tests/runtime fills the disk by a limit";
  {
    auto app = counting.start(kValue);
    ASSERT_TRUE(app.ok()) << app.status();
    counting.send();
    ASSERT_TRUE(eventually([&] { return counting.has_exactly_all(); }));
    disk.fill();
    // Until what RocksDB had reserved is full, too.
    ASSERT_TRUE(eventually([&] {
      if (counting.has_all()) counting.send();
      return counting.log.count("the disk is full") > 0;
    })) << counting.log.text();
    counting.send();
    disk.free();
    EXPECT_TRUE(eventually([&] { return counting.has_exactly_all(); })) << counting.log.text();
    const absl::Status stopped = app->stop();
    EXPECT_TRUE(stopped.ok()) << stopped;
    EXPECT_LE(counting.log.count("warn: does not succeed yet"), 2) << counting.log.text();
  }
  auto app = counting.start(kValue);
  ASSERT_TRUE(app.ok()) << app.status();
  counting.send();
  EXPECT_TRUE(eventually([&] { return counting.has_exactly_all(); })) << counting.log.text();
  EXPECT_EQ(app->metrics().restored, 0U);
}

}  // namespace
}  // namespace levada
