// Whole applications while what they stand on fails: a real broker that is away, a real disk without space.
#include <chrono>
#include <filesystem>
#include <fstream>
#include <future>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>

#include <levada/levada.h>
#include <levada/runtime/kafka_cluster.h>

#include "tests/faults/counting.h"
#include "tests/support/eventually.h"
#include "tests/support/kafka_broker.h"

namespace levada {
namespace {

using namespace std::chrono_literals;
using testing::Counting;
using testing::eventually;
using testing::KafkaBroker;

class BrokerFaults : public ::testing::Test {
 protected:
  BrokerFaults() { counting_.config.set("bootstrap.servers", broker_.bootstrap()); }

  KafkaBroker broker_;
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
  const SystemClock clock;
  EmbeddedCluster cluster(clock);
  Counting counting(cluster);
  counting.config.set("bootstrap.servers", "embedded");
  counting.value_size = 4000;
  SmallDisk disk(counting.directory());
  if (!disk.mounted()) GTEST_SKIP() << "may not mount a file system; tests/runtime fills the disk by a limit";
  {
    auto app = counting.start();
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
  auto app = counting.start();
  ASSERT_TRUE(app.ok()) << app.status();
  counting.send();
  EXPECT_TRUE(eventually([&] { return counting.has_exactly_all(); })) << counting.log.text();
  EXPECT_EQ(app->metrics().restored, 0U);
}

}  // namespace
}  // namespace levada
