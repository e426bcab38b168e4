// Files that are damaged, and disks that are full.
#include <fstream>
#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/state/key_value_store.h>
#include <levada/state/store_error.h>

#include "tests/state/test_state.h"
#include "tests/support/full_disk.h"

namespace levada {
namespace {

using testing::FullDisk;
using ::testing::HasSubstr;
using testing::Place;
using testing::TestState;

using Store = KeyValueStore<std::string, std::string>;

constexpr int kKeys = 2000;

class DamagedState : public ::testing::Test {
 protected:
  DamagedState() {
    for (int i = 0; i < kKeys; ++i) store().put("key " + std::to_string(i), std::string(100, 'v'));
    state.commit({{"s", kKeys}});
    EXPECT_TRUE(state->flush().ok());
    state.close();
  }

  Store& store() { return state.store<Store>("s"); }

  std::filesystem::path largest(const std::function<bool(const std::filesystem::path&)>& is_wanted) {
    std::filesystem::path found;
    for (const auto& file : std::filesystem::directory_iterator(state.directory())) {
      if (!is_wanted(file.path())) continue;
      if (found.empty() || file.file_size() > std::filesystem::file_size(found)) found = file.path();
    }
    return found;
  }
  std::filesystem::path table() {
    return largest([](const std::filesystem::path& path) { return path.extension() == ".sst"; });
  }
  std::filesystem::path manifest() {
    return largest([](const std::filesystem::path& path) { return path.filename().string().starts_with("MANIFEST"); });
  }

  static void flip_bytes(const std::filesystem::path& path, std::streamoff from, std::streamoff count) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    for (std::streamoff at = from; at < from + count; ++at) {
      file.seekg(at);
      const int byte = file.get();
      file.seekp(at);
      file.put(static_cast<char>(byte ^ 0x55));
    }
  }

  absl::Status open() { return state.try_reopen({Store::spec("s")}); }

  void expect_data_loss(const absl::Status& status) {
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(state.directory().string()));
  }

  TestState state{{Store::spec("s")}, Place::kDisk};
};

TEST_F(DamagedState, ATruncatedTableIsDataLoss) {
  std::filesystem::resize_file(table(), std::filesystem::file_size(table()) / 2);
  expect_data_loss(open());
}

TEST_F(DamagedState, AMissingTableIsDataLoss) {
  std::filesystem::remove(table());
  expect_data_loss(open());
}

TEST_F(DamagedState, ADamagedManifestIsDataLoss) {
  flip_bytes(manifest(), 20, 20);
  expect_data_loss(open());
}

TEST_F(DamagedState, ATruncatedManifestIsDataLoss) {
  std::filesystem::resize_file(manifest(), 10);
  expect_data_loss(open());
}

TEST_F(DamagedState, AnEmptyCurrentFileIsDataLoss) {
  std::filesystem::resize_file(state.directory() / "CURRENT", 0);
  expect_data_loss(open());
}

TEST_F(DamagedState, DamagedEntriesAreDataLossWhenTheyAreRead) {
  flip_bytes(table(), 1000, 3000);
  state.reopen();
  try {
    store().all().to_vector();
    FAIL() << "read what is damaged";
  } catch (const StoreError& error) {
    expect_data_loss(error.status());
  }
}

TEST_F(DamagedState, CanBeDestroyedAndStartedAnew) {
  std::filesystem::resize_file(table(), 10);
  ASSERT_FALSE(open().ok());
  ASSERT_TRUE(TaskState::destroy(state.directory()).ok());
  state.reopen();
  EXPECT_EQ(state->changelog_offset("s"), std::nullopt);
}

TEST(TornLog, StandsAtAnEarlierCommit) {
  TestState state({Store::spec("s")}, Place::kDisk);
  for (int n = 1; n <= 100; ++n) {
    state.store<Store>("s").put("a", std::to_string(n));
    state.commit({{"s", n}});
  }
  state.close();
  for (const auto& file : std::filesystem::directory_iterator(state.directory())) {
    if (file.path().extension() == ".log") std::filesystem::resize_file(file.path(), file.file_size() / 2);
  }
  state.reopen();
  const Offset offset = state->changelog_offset("s").value_or(0);
  EXPECT_GT(offset, 0);
  EXPECT_LT(offset, 100);
  EXPECT_EQ(state.store<Store>("s").get("a"), std::to_string(offset));
}

void put_much(TestState& state) {
  for (int i = 0; i < kKeys; ++i) {
    state.store<Store>("s").put("key " + std::to_string(i), std::string(1000, 'v'));
  }
}

// Recovery also happens in the background, and a commit is refused while it does.
absl::Status commit_when_recovered(TestState& state) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  absl::Status status;
  do {
    status = state->commit({{"s", 2}});
  } while (absl::IsResourceExhausted(status) && std::chrono::steady_clock::now() < until);
  return status;
}

class AFullDisk : public ::testing::Test {
 protected:
  AFullDisk() {
    state.store<Store>("s").put("a", "1");
    state.commit({{"s", 1}});
    put_much(state);
  }

  absl::Status failed_commit() {
    const FullDisk full(64 << 10);
    return state->commit({{"s", 2}});
  }

  TestState state{{Store::spec("s")}, Place::kDisk};
};

TEST_F(AFullDisk, IsAnErrorThatNamesTheDirectory) {
  const absl::Status status = failed_commit();
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr(state.directory().string()));
}

TEST_F(AFullDisk, LosesNothingInMemory) {
  ASSERT_FALSE(failed_commit().ok());
  EXPECT_EQ(state.store<Store>("s").get("key 1"), std::string(1000, 'v'));
  EXPECT_EQ(state->changelog_offset("s"), 1);
}

TEST_F(AFullDisk, LetsTheCommitBeRepeatedWhenThereIsSpaceAgain) {
  ASSERT_FALSE(failed_commit().ok());
  const absl::Status status = commit_when_recovered(state);
  ASSERT_TRUE(status.ok()) << status;
  state.reopen();
  EXPECT_EQ(state->changelog_offset("s"), 2);
  EXPECT_EQ(state.store<Store>("s").get("key 1"), std::string(1000, 'v'));
}

TEST_F(AFullDisk, MayStayFullForManyCommits) {
  for (int n = 0; n < 5; ++n) EXPECT_EQ(failed_commit().code(), absl::StatusCode::kResourceExhausted);
  const absl::Status status = commit_when_recovered(state);
  ASSERT_TRUE(status.ok()) << status;
  state.reopen();
  EXPECT_EQ(state->changelog_offset("s"), 2);
  EXPECT_EQ(state.store<Store>("s").get("key 1"), std::string(1000, 'v'));
}

TEST_F(AFullDisk, LeavesTheLastCommitToTheNextProcess) {
  ASSERT_FALSE(failed_commit().ok());
  state.reopen();
  EXPECT_EQ(state->changelog_offset("s"), 1);
  EXPECT_EQ(state.store<Store>("s").get("a"), "1");
  EXPECT_EQ(state.store<Store>("s").get("key 1"), std::nullopt);
}

}  // namespace
}  // namespace levada
