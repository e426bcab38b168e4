#include <optional>
#include <string>

#include <gtest/gtest.h>

#include <levada/core/uuid.h>
#include <levada/runtime/process_id.h>

#include "tests/support/temporary_directory.h"

namespace levada {
namespace {

using testing::TemporaryDirectory;

TEST(ProcessIdTest, SurvivesTheProcess) {
  const TemporaryDirectory directory;
  const std::string first = ProcessId::claim(directory.path()).text();
  EXPECT_TRUE(Uuid::parse(first)) << first;
  EXPECT_EQ(ProcessId::claim(directory.path()).text(), first);
}

TEST(ProcessIdTest, BelongsToOneAtATime) {
  const TemporaryDirectory directory;
  std::optional<ProcessId> first(ProcessId::claim(directory.path()));
  const std::string text = first->text();
  EXPECT_NE(ProcessId::claim(directory.path()).text(), text);
  first.reset();
  EXPECT_EQ(ProcessId::claim(directory.path()).text(), text);
}

TEST(ProcessIdTest, IsForThisTimeOnlyWhereNoFileCanBe) {
  const std::string text = ProcessId::claim("/proc/no/such/place").text();
  EXPECT_TRUE(Uuid::parse(text)) << text;
  EXPECT_NE(ProcessId::claim("/proc/no/such/place").text(), text);
}

}  // namespace
}  // namespace levada
