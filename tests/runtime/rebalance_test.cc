// What a rebalance costs those who stay, and a restart those who come back.
#include <functional>
#include <string>
#include <vector>

#include "tests/runtime/exactly_once_world.h"

namespace levada::testing {
namespace {

using ::testing::Gt;

// Stores in memory would be restored if they had been closed.
TEST(Rebalance, StoresStayOpenThatTheGroupGivesBack) {
  World world(StoreEngine::kInMemory);
  World::Instance& a = world.add("a");
  world.send();
  world.run_until_done();
  World::Instance& b = world.add("b");
  world.run_until([&] { return b.state() == ThreadState::kRunning && b.metrics().tasks == 2; });
  world.send();
  world.run_until_done();
  EXPECT_EQ(a.metrics().tasks, 2U);
  EXPECT_EQ(a.restored(), 0U);
  EXPECT_THAT(b.restored(), Gt(0U));
  world.expect_exact();
}

// Who waits for an assignment has nothing that it could lose, so that nobody tells it.
TEST(Rebalance, StoresDoNotStayOpenThatOthersHadMeanwhile) {
  World world(StoreEngine::kInMemory);
  World::Instance a(world, "a");
  World::Instance b(world, "b");
  std::vector<World::Instance*> awake = {&a, &b};
  const auto run_until = [&](const std::function<bool()>& condition) {
    world.run_until([&] {
      for (World::Instance* each : awake) each->round();
      return condition();
    });
  };
  const auto is_processed = [&] { return world.counts() == world.truth(); };
  world.send();
  run_until(is_processed);
  EXPECT_THAT(a.metrics().tasks, Gt(0U));
  // a waits for b to join again, and both sleep until c has all there is.
  World::Instance c(world, "c");
  awake = {&a, &c};
  run_until([&] { return a.state() == ThreadState::kPartitionsRevoked; });
  world.send();
  awake = {&c};
  run_until(is_processed);
  c.stop();
  world.send();
  awake = {&a, &b};
  run_until(is_processed);
  EXPECT_THAT(a.restored(), Gt(0U));
  world.expect_exact();
}

class RollingRestart : public ::testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Guarantees, RollingRestart, ::testing::Values("exactly_once_v2", "at_least_once"),
                         [](const auto& each) { return each.param; });

TEST_P(RollingRestart, OfStaticMembersMovesNoTaskAndRestoresNothing) {
  World world(StoreEngine::kRocksDb, {{"processing.guarantee", GetParam()},
                                      {"commit.interval.ms", "100"},
                                      {"group.instance.id", "{instance}"},
                                      {"session.timeout.ms", "60000"}});
  std::vector<World::Instance*> all = {&world.add("a"), &world.add("b"), &world.add("c")};
  const auto all_run = [&] {
    return std::ranges::all_of(all, [](const auto* each) { return each->state() == ThreadState::kRunning; });
  };
  world.run_until([&] { return all_run() && all[0]->metrics().tasks == 2 && all[1]->metrics().tasks == 2; });
  world.send();
  world.run_until_done();
  const int states = world.log().count("thread state");
  for (World::Instance* each : all) {
    const std::uint64_t tasks = each->metrics().tasks;
    each->stop();
    world.send();
    world.run(100);  // a second
    each->start();
    world.run_until([&] { return each->state() == ThreadState::kRunning; });
    EXPECT_EQ(each->metrics().tasks, tasks);
    world.run_until_done();
  }
  for (const World::Instance* each : all) EXPECT_EQ(each->restored(), 0U) << each->name();
  // Stopping, stopped, starting, assigned, running: of those that were restarted, nobody else's.
  EXPECT_EQ(world.log().count("thread state") - states, 5 * 3) << world.log().text();
  world.expect_exact();
}

}  // namespace
}  // namespace levada::testing
