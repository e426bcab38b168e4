#include <filesystem>
#include <optional>
#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

#include <levada/core/uuid.h>
#include <levada/runtime/process_id.h>

namespace levada {
namespace {

class ProcessIdTest : public ::testing::Test {
 protected:
  ProcessIdTest()
      : directory_(std::filesystem::temp_directory_path() / ("levada-process-" + std::to_string(::getpid()))) {
    std::filesystem::remove_all(directory_);
  }
  ~ProcessIdTest() override { std::filesystem::remove_all(directory_); }

  const std::filesystem::path directory_;
};

TEST_F(ProcessIdTest, SurvivesTheProcess) {
  const std::string first = ProcessId::claim(directory_).text();
  EXPECT_TRUE(Uuid::parse(first)) << first;
  EXPECT_EQ(ProcessId::claim(directory_).text(), first);
}

TEST_F(ProcessIdTest, BelongsToOneAtATime) {
  std::optional<ProcessId> first(ProcessId::claim(directory_));
  const std::string text = first->text();
  EXPECT_NE(ProcessId::claim(directory_).text(), text);
  first.reset();
  EXPECT_EQ(ProcessId::claim(directory_).text(), text);
}

TEST_F(ProcessIdTest, IsForThisTimeOnlyWhereNoFileCanBe) {
  const std::string text = ProcessId::claim("/proc/no/such/place").text();
  EXPECT_TRUE(Uuid::parse(text)) << text;
  EXPECT_NE(ProcessId::claim("/proc/no/such/place").text(), text);
}

}  // namespace
}  // namespace levada
