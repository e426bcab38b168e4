// Standbys, and who takes their tasks over.
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "tests/runtime/exactly_once_world.h"

namespace levada::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::Gt;

constexpr int kTwoSeconds = 200;  // of rounds

Settings with_standbys(Settings more = {}) {
  more.emplace("num.standby.replicas", "1");
  return more;
}

// Two instances with a partition each, and a standby of the other's.
class Standbys : public ::testing::Test {
 protected:
  void start(World& world) {
    a_ = &world.add("a");
    b_ = &world.add("b");
    world.run_until([&] { return both_run() && a_->metrics().tasks == b_->metrics().tasks; });
  }
  void work(World& world) {
    world.send();
    world.run_until_done();
    world.run(kTwoSeconds);
  }
  bool both_run() const {
    return a_->state() == ThreadState::kRunning && b_->state() == ThreadState::kRunning && b_->metrics().tasks > 0;
  }

  World::Instance* a_ = nullptr;
  World::Instance* b_ = nullptr;
};

TEST_F(Standbys, OfAKilledInstanceAreTakenOverWithoutARestore) {
  World world(StoreEngine::kRocksDb, with_standbys());
  start(world);
  work(world);
  EXPECT_EQ(a_->metrics().standby_tasks, 1U);
  EXPECT_EQ(b_->metrics().standby_tasks, 1U);
  EXPECT_EQ(b_->metrics().standby_lag, 0U);
  EXPECT_THAT(b_->metrics().standby_records, Gt(0U));
  a_->kill();
  work(world);
  EXPECT_EQ(b_->restored(), 0U) << world.log().text();
  EXPECT_EQ(b_->metrics().standby_tasks, 0U);
  world.expect_exact();
  b_->stop();
  world.expect_stores_are_the_fold_of_their_changelogs(*b_);
  EXPECT_EQ(world.stored(*b_), world.truth());
}

TEST_F(Standbys, AreWhatMakesTheDifference) {
  World world;
  start(world);
  work(world);
  EXPECT_EQ(b_->metrics().standby_tasks, 0U);
  a_->kill();
  work(world);
  EXPECT_THAT(b_->restored(), Gt(0U));
  world.expect_exact();
}

TEST_F(Standbys, OfAStoppedInstanceAreTakenOverWithoutARestore) {
  for (const std::string guarantee : {"exactly_once_v2", "at_least_once"}) {
    World world(StoreEngine::kRocksDb,
                with_standbys({{"processing.guarantee", guarantee}, {"commit.interval.ms", "100"}}));
    start(world);
    work(world);
    a_->stop();
    work(world);
    EXPECT_EQ(b_->restored(), 0U) << guarantee;
    world.expect_exact();
  }
}

TEST_F(Standbys, InMemoryAreWarmToo) {
  World world(StoreEngine::kInMemory, with_standbys());
  start(world);
  work(world);
  a_->kill();
  work(world);
  EXPECT_EQ(b_->restored(), 0U);
  world.expect_exact();
}

TEST_F(Standbys, RestoreExactlyWhatTheyHaveNotReadYet) {
  World world(StoreEngine::kRocksDb,
              with_standbys({{"processing.guarantee", "at_least_once"}, {"commit.interval.ms", "100"}}));
  start(world);
  work(world);
  const TopicPartition changelog = {"app-counts-changelog", 0};
  const Offset read = world.admin().offsets(changelog, 1s)->end;
  world.send();
  for (int i = 0; i < 50; ++i) {  // without the other
    world.clock().advance(kRound);
    a_->round();
  }
  a_->stop();
  const Offset written = world.admin().offsets(changelog, 1s)->end;
  EXPECT_GT(written, read);
  world.run_until_done();
  EXPECT_EQ(b_->restored(), static_cast<std::uint64_t>(written - read));
  world.expect_exact();
}

TEST_F(Standbys, GoOnFromTheirDiskAfterARestart) {
  World world(StoreEngine::kRocksDb, with_standbys());
  start(world);
  work(world);
  b_->stop();
  b_->start();
  world.run(kTwoSeconds);
  EXPECT_EQ(b_->metrics().standby_tasks, 1U);
  EXPECT_EQ(b_->metrics().standby_records, 0U);
  EXPECT_EQ(b_->restored(), 0U);
  a_->kill();
  work(world);
  EXPECT_EQ(b_->restored(), 0U);
  world.expect_exact();
}

TEST_F(Standbys, ThatAreDamagedBeginAnew) {
  World world(StoreEngine::kRocksDb, with_standbys());
  start(world);
  work(world);
  b_->stop();
  for (const auto& file : std::filesystem::directory_iterator(world.directory_of(*b_) / "1_0")) {
    if (file.path().filename().string().starts_with("MANIFEST")) std::filesystem::resize_file(file.path(), 10);
  }
  b_->start();
  world.run_until([&] { return b_->state() == ThreadState::kRunning && b_->metrics().standby_records > 0; });
  world.run(kTwoSeconds);
  a_->kill();
  work(world);
  EXPECT_EQ(b_->restored(), 0U) << world.log().text();
  world.expect_exact();
}

// Whoever goes and comes back, nobody who stayed restores anything.
TEST_F(Standbys, OfThreeInstancesOutliveEachOfThem) {
  World world(StoreEngine::kRocksDb, with_standbys());
  start(world);
  std::vector<World::Instance*> all = {a_, b_, &world.add("c")};
  work(world);
  std::vector<std::uint64_t> before;
  for (World::Instance* each : all) before.push_back(each->restored());
  for (std::size_t gone = 0; gone < all.size(); ++gone) {
    all[gone]->kill();
    work(world);
    all[gone]->start();
    work(world);
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (i == gone) continue;
      EXPECT_EQ(all[i]->restored(), before[i]) << all[i]->name() << ", without " << all[gone]->name();
    }
    before[gone] = all[gone]->restored();
  }
  world.expect_exact();
}

class Listener final : public StandbyUpdateListener {
 public:
  void on_update_start(const TopicPartition& changelog, const std::string& store, Offset start) override {
    told.push_back(fmt::format("start {} {} {}", changelog.to_string(), store, start));
  }
  void on_batch_loaded(const TopicPartition& changelog, const std::string&, const TaskId& task, Offset next,
                       std::uint64_t records, Offset end) override {
    if (told.back() != "loaded") told.push_back("loaded");
    EXPECT_EQ(task.to_string(), "1_" + std::to_string(changelog.partition));
    EXPECT_LE(next, end);
    loaded += records;
  }
  void on_update_suspended(const TopicPartition& changelog, const std::string&, Offset next, Offset end,
                           StandbySuspendReason reason) override {
    EXPECT_EQ(next, end);
    const std::string_view why = reason == StandbySuspendReason::kPromoted ? "promoted" : "migrated";
    told.push_back(fmt::format("suspended {} {}", changelog.to_string(), why));
  }

  std::vector<std::string> told = {};
  std::uint64_t loaded = 0;
};

TEST_F(Standbys, TellTheirListener) {
  Listener listener;
  World world(StoreEngine::kRocksDb, with_standbys());
  world.add("a");
  world.set_standby_listener(listener);
  World::Instance& b = world.add("b");
  world.run_until([&] { return b.metrics().standby_tasks == 1; });
  work(world);
  EXPECT_THAT(listener.told, ElementsAre("start app-counts-changelog-0 counts 0", "loaded"));
  EXPECT_EQ(listener.loaded, b.metrics().standby_records);
  b.stop();
  EXPECT_EQ(listener.told.back(), "suspended app-counts-changelog-0 migrated");
  b.start();
  world.run(kTwoSeconds);
}

// The rows of a table whose topic is its changelog.
Topology table() {
  StreamsBuilder builder;
  builder.table<std::string, std::string>("in", {}, {.store = "rows"}).to_stream().to("copies");
  return builder.build({.optimization = TopologyOptimization::all()}).value();
}

TEST_F(Standbys, OfATableAreNotAheadOfTheGroup) {
  World world(table(), with_standbys({{"topology.optimization", "all"}, {"session.timeout.ms", "60000"}}));
  start(world);
  world.send();
  const auto copied = [&] { return world.read("copies").size() == static_cast<std::size_t>(world.sent()); };
  world.run_until(copied);
  world.run(1000);
  EXPECT_EQ(b_->metrics().standby_records, kBatch / 2U);
  world.send();
  for (int i = 0; i < 1000; ++i) {  // the other has not processed them
    world.clock().advance(kRound);
    b_->round();
  }
  EXPECT_EQ(b_->metrics().standby_records, kBatch / 2U);
  world.run_until(copied);
  world.run(1000);
  EXPECT_EQ(b_->metrics().standby_records, static_cast<std::uint64_t>(kBatch));
  a_->stop();
  world.send();
  world.run_until(copied);
  EXPECT_EQ(b_->restored(), 0U);
}

}  // namespace
}  // namespace levada::testing
