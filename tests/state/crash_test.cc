// Kills a process that commits, and looks at what it left: always exactly a commit.
#include <cstdlib>
#include <random>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/state/key_value_store.h>
#include <levada/state/window_store.h>

#include "tests/state/child_process.h"
#include "tests/state/test_state.h"

namespace levada {
namespace {

using testing::ChildProcess;
using testing::ms;
using testing::TemporaryDirectory;

using Store = KeyValueStore<std::string, std::int64_t>;
using Windows = WindowStore<std::string, std::int64_t>;

constexpr int kKeys = 50;
constexpr int kRounds = 15;
constexpr std::size_t kSmallBudget = 8 << 20;  // so that memtables are flushed and files compacted on the way

std::vector<StoreSpec> specs() {
  return {
      Store::spec("s"),
      Windows::spec("w", {.window_size = Duration(1), .retention = Duration(1000), .segment_interval = Duration(100)})};
}

struct Opened {
  explicit Opened(const std::filesystem::path& directory) {
    auto opened = TaskState::open({.directory = directory, .stores = specs(), .budget = budget, .current = current});
    if (!opened.ok()) throw std::runtime_error(std::string(opened.status().message()));
    state = *std::move(opened);
  }

  Store& store() { return dynamic_cast<Store&>(state->store("s")); }
  Windows& windows() { return dynamic_cast<Windows&>(state->store("w")); }
  Offset offset() const { return state->changelog_offset("s").value_or(0); }

  RecordContext current = {};
  MemoryBudget budget{kSmallBudget};
  std::unique_ptr<TaskState> state = nullptr;
};

// The n-th commit gives every key the value n, window n its value too, and says so by its offsets.
void commit(Opened& opened, std::int64_t n) {
  for (int i = 0; i < kKeys; ++i) opened.store().put("key " + std::to_string(i), n);
  opened.windows().put("k", n, ms(n));
  const absl::Status status = opened.state->commit({{"s", n}, {"w", n}});
  if (!status.ok()) throw std::runtime_error(std::string(status.message()));
}

// Runs as a process of its own: see KilledWhileCommitting.
TEST(CommittingTask, DISABLED_CommitsUntilItIsKilled) {
  Opened opened(std::getenv("LEVADA_TEST_DIRECTORY"));
  for (std::int64_t n = opened.offset() + 1;; ++n) {
    commit(opened, n);
    ChildProcess::say(std::to_string(n));
  }
}

TEST(CommittingTask, DISABLED_HoldsItsDirectory) {
  const Opened opened(std::getenv("LEVADA_TEST_DIRECTORY"));
  ChildProcess::say("open");
  ::pause();
}

void expect_exactly_one_commit(Opened& opened, Offset at_least) {
  const Offset offset = opened.offset();
  EXPECT_GE(offset, at_least);
  EXPECT_EQ(opened.state->changelog_offset("w").value_or(0), offset);
  if (offset == 0) return;
  int keys = 0;
  for (const auto& [key, value] : opened.store().all()) {
    EXPECT_EQ(value, offset) << key;
    ++keys;
  }
  EXPECT_EQ(keys, kKeys);
  EXPECT_EQ(opened.windows().fetch("k", ms(offset)), offset);
  EXPECT_EQ(opened.windows().fetch("k", ms(offset + 1)), std::nullopt);
}

TEST(KilledWhileCommitting, StandsExactlyAtACommitWithItsOffset) {
  const TemporaryDirectory directory;
  const std::uint32_t seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (int round = 0; round < kRounds; ++round) {
    Offset committed = 0;
    {
      ChildProcess child("CommittingTask.DISABLED_CommitsUntilItIsKilled",
                         {{"LEVADA_TEST_DIRECTORY", directory / "task"}});
      for (std::uint32_t lines = random() % 300 + 1; lines > 0; --lines) committed = std::stoll(child.read_line());
      // Not only between two commits: some microseconds into the next.
      const auto until = std::chrono::steady_clock::now() + std::chrono::microseconds(random() % 1000);
      while (std::chrono::steady_clock::now() < until) std::this_thread::yield();
      child.kill();
    }
    Opened opened(directory / "task");
    expect_exactly_one_commit(opened, committed);
  }
}

TEST(LockedDirectory, OfAnotherProcessIsUnavailableAndNamed) {
  const TemporaryDirectory directory;
  const std::string task = directory / "task";
  ChildProcess child("CommittingTask.DISABLED_HoldsItsDirectory", {{"LEVADA_TEST_DIRECTORY", task}});
  ASSERT_EQ(child.read_line(), "open");
  MemoryBudget budget(kSmallBudget);
  const RecordContext current;
  const auto opened = TaskState::open({.directory = task, .stores = specs(), .budget = budget, .current = current});
  EXPECT_EQ(opened.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(opened.status().message()), ::testing::HasSubstr(task));
}

TEST(LockedDirectory, IsFreeOnceTheOtherProcessIsKilled) {
  const TemporaryDirectory directory;
  const std::string task = directory / "task";
  ChildProcess child("CommittingTask.DISABLED_HoldsItsDirectory", {{"LEVADA_TEST_DIRECTORY", task}});
  ASSERT_EQ(child.read_line(), "open");
  child.kill();
  EXPECT_NO_THROW(Opened opened(task));
}

}  // namespace
}  // namespace levada
