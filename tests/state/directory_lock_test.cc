#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <levada/state/directory_lock.h>

#include "tests/state/child_process.h"
#include "tests/state/test_state.h"

namespace levada {
namespace {

using testing::ChildProcess;
using testing::TemporaryDirectory;

TEST(DirectoryLock, IsOneHoldersAtATime) {
  const TemporaryDirectory directory;
  const std::filesystem::path path = directory / "app";
  std::optional<DirectoryLock> first(DirectoryLock::take(path).value());
  const auto second = DirectoryLock::take(path);
  EXPECT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(second.status().message()), ::testing::HasSubstr(path.string()));
  first.reset();
  EXPECT_TRUE(DirectoryLock::take(path).ok());
}

TEST(DirectoryLock, MovesWithItsOwner) {
  const TemporaryDirectory directory;
  DirectoryLock first = DirectoryLock::take(directory / "app").value();
  {
    const DirectoryLock second(std::move(first));
    EXPECT_FALSE(DirectoryLock::take(directory / "app").ok());
  }
  EXPECT_TRUE(DirectoryLock::take(directory / "app").ok());
}

TEST(DirectoryLock, DISABLED_IsHeldByAChild) {
  const DirectoryLock lock = DirectoryLock::take(std::getenv("LEVADA_TEST_DIRECTORY")).value();
  ChildProcess::say("locked");
  ::pause();
}

TEST(DirectoryLock, IsFreeOnceItsHolderIsKilled) {
  const TemporaryDirectory directory;
  ChildProcess child("DirectoryLock.DISABLED_IsHeldByAChild", {{"LEVADA_TEST_DIRECTORY", directory / "app"}});
  ASSERT_EQ(child.read_line(), "locked");
  EXPECT_FALSE(DirectoryLock::take(directory / "app").ok());
  child.kill();
  EXPECT_TRUE(DirectoryLock::take(directory / "app").ok());
}

}  // namespace
}  // namespace levada
