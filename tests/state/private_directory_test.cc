#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/state/private_directory.h>

#include "tests/support/temporary_directory.h"

namespace levada {
namespace {

using std::filesystem::perms;

perms permissions_of(const std::filesystem::path& path) { return std::filesystem::status(path).permissions(); }

class PrivateDirectory : public ::testing::Test {
  const testing::TemporaryDirectory directory_;

 protected:
  const std::filesystem::path top_ = directory_ / "top";
};

TEST_F(PrivateDirectory, IsMadeForItsOwnerOnlyWithWhatWasMissingAboveIt) {
  ASSERT_TRUE(make_private_directory(top_ / "app" / "0_0").ok());
  EXPECT_EQ(permissions_of(top_), perms::owner_all);
  EXPECT_EQ(permissions_of(top_ / "app"), perms::owner_all);
  EXPECT_EQ(permissions_of(top_ / "app" / "0_0"), perms::owner_all);
}

TEST_F(PrivateDirectory, LeavesWhatIsThereAsItIs) {
  std::filesystem::create_directory(top_);
  std::filesystem::permissions(top_, perms::owner_all | perms::group_read);
  ASSERT_TRUE(make_private_directory(top_ / "app").ok());
  EXPECT_EQ(permissions_of(top_), perms::owner_all | perms::group_read);
}

TEST_F(PrivateDirectory, SaysWhichOneCannotBeMade) {
  const absl::Status made = make_private_directory("/proc/app/0_0");
  EXPECT_THAT(std::string(made.message()), ::testing::HasSubstr("state directory /proc/app/0_0: cannot be made"));
}

}  // namespace
}  // namespace levada
