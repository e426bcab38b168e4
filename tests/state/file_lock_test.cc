#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <levada/state/file_lock.h>

#include "tests/state/child_process.h"
#include "tests/state/test_state.h"

namespace levada {
namespace {

using testing::ChildProcess;
using testing::TemporaryDirectory;

TEST(LockOfADirectory, IsOneHoldersAtATime) {
  const TemporaryDirectory directory;
  const std::filesystem::path path = directory / "app";
  std::optional<FileLock> first(lock_directory(path).value());
  const auto second = lock_directory(path);
  EXPECT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(second.status().message()), ::testing::HasSubstr(path.string()));
  first.reset();
  EXPECT_TRUE(lock_directory(path).ok());
}

TEST(LockOfADirectory, MovesWithItsOwner) {
  const TemporaryDirectory directory;
  FileLock first = lock_directory(directory / "app").value();
  {
    const FileLock second(std::move(first));
    EXPECT_FALSE(lock_directory(directory / "app").ok());
  }
  EXPECT_TRUE(lock_directory(directory / "app").ok());
}

TEST(LockOfADirectory, DISABLED_IsHeldByAChild) {
  const FileLock lock = lock_directory(std::getenv("LEVADA_TEST_DIRECTORY")).value();
  ChildProcess::say("locked");
  ::pause();
}

TEST(LockOfADirectory, IsFreeOnceItsHolderIsKilled) {
  const TemporaryDirectory directory;
  ChildProcess child("LockOfADirectory.DISABLED_IsHeldByAChild", {{"LEVADA_TEST_DIRECTORY", directory / "app"}});
  ASSERT_EQ(child.read_line(), "locked");
  EXPECT_FALSE(lock_directory(directory / "app").ok());
  child.kill();
  EXPECT_TRUE(lock_directory(directory / "app").ok());
}

}  // namespace
}  // namespace levada
