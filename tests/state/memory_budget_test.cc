#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/state/key_value_store.h>

#include "tests/state/test_state.h"

namespace levada {
namespace {

using testing::TemporaryDirectory;
using Store = KeyValueStore<std::int32_t, std::string>;

TEST(MemoryBudget, SharesOutTheWholeAndNoMore) {
  MemoryBudget budget(100 << 20);
  // The write buffers' share counts twice: a commit makes a batch of it.
  const std::size_t all = budget.cache_limit() + 2 * budget.write_buffers().limit() +
                          budget.committed_values().limit() + budget.input_queues().limit();
  EXPECT_LE(all, budget.total());
  EXPECT_GE(all, budget.total() * 99 / 100);
  EXPECT_LE(budget.memtable_limit(), budget.cache_limit() / 2);
}

TEST(MemoryBudget, KnowsWhenAShareIsExceeded) {
  MemoryBudget budget(1000);
  budget.write_buffers().charge(200);
  EXPECT_FALSE(budget.write_buffers().is_exceeded());
  budget.write_buffers().charge(1);
  EXPECT_TRUE(budget.write_buffers().is_exceeded());
  budget.write_buffers().charge(-1);
  EXPECT_FALSE(budget.write_buffers().is_exceeded());
}

TEST(MemoryBudget, HoldsWithManyStoresAndMuchData) {
  constexpr int kTasks = 4;
  constexpr int kStores = 50;
  constexpr int kCommits = 12;
  constexpr int kKeysPerCommit = 40;
  const TemporaryDirectory directory;
  const RecordContext current;
  MemoryBudget budget(48 << 20);
  std::vector<StoreSpec> specs;
  for (int i = 0; i < kStores; ++i) specs.push_back(Store::spec("store-" + std::to_string(i)));
  std::vector<std::unique_ptr<TaskState>> tasks;
  for (int task = 0; task < kTasks; ++task) {
    auto opened = TaskState::open(
        {.directory = directory / std::to_string(task), .stores = specs, .budget = budget, .current = current});
    ASSERT_TRUE(opened.ok()) << opened.status();
    tasks.push_back(*std::move(opened));
  }
  std::size_t most = 0;
  for (int n = 0; n < kCommits; ++n) {
    for (const auto& task : tasks) {
      for (const StoreHost* host : task->hosts()) {
        auto& store = dynamic_cast<Store&>(task->store(host->spec().name));
        for (int i = 0; i < kKeysPerCommit; ++i) {
          store.put(n * kKeysPerCommit + i, std::string(1000, 'v'));
          store.get(i);
        }
      }
      ASSERT_TRUE(task->commit({}).ok());
      most = std::max(most, budget.cache_used());
    }
  }
  RecordProperty("most_bytes_in_rocksdb", std::to_string(most));
  // Ninety-six megabytes were written. Memtables may be over their part for as long as a flush takes.
  EXPECT_LE(most, budget.cache_limit() * 9 / 8);
}

}  // namespace
}  // namespace levada
