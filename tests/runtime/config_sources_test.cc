#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/runtime/config_sources.h>

namespace levada::internal {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::vector<std::string> keys(const std::vector<std::string>& variables) {
  std::vector<std::string> found;
  for (const ConfigEntry& entry : read_environment(variables)) found.push_back(entry.key);
  return found;
}

TEST(ConfigSources, EntriesOfAFileKnowTheirLine) {
  EXPECT_THAT(parse_properties("a.b = 1 \n\n# note\nc = x,\\\n  y", "app.properties").value(),
              ElementsAre(ConfigEntry{"a.b", "1", "app.properties:1"}, ConfigEntry{"c", "x,y", "app.properties:4"}));
}

TEST(ConfigSources, AMalformedLineIsNamed) {
  const absl::Status status = parse_properties("a = 1\nsasl.password = hunter\\u2", "app.properties").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("app.properties:2: "));
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("hunter")));
}

TEST(ConfigSources, AMissingFileIsNamed) {
  const absl::Status status = read_properties_file("/no/such/file.properties").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(status.message()), HasSubstr("/no/such/file.properties: No such file"));
}

TEST(ConfigSources, AFolderIsNoFile) {
  EXPECT_EQ(read_properties_file(testing::TempDir()).status().code(), absl::StatusCode::kNotFound);
}

TEST(ConfigSources, VariablesBecomeKeys) {
  EXPECT_THAT(keys({"LEVADA_APPLICATION_ID=x", "LEVADA_MAIN_CONSUMER_MAX_POLL_INTERVAL_MS=1", "LEVADA_LOG__LEVEL=7",
                    "LEVADA_A___B=1"}),
              ElementsAre("application.id", "main.consumer.max.poll.interval.ms", "log_level", "a-b"));
}

TEST(ConfigSources, LevadasOwnKeysNeedNoSecondPrefix) {
  EXPECT_THAT(keys({"LEVADA_MEMORY_MAX_BYTES=1GiB", "LEVADA_LEVADA_LOG_LEVEL=info"}),
              ElementsAre("levada.memory.max.bytes", "levada.log.level"));
}

TEST(ConfigSources, OtherVariablesAreNoSettings) {
  EXPECT_THAT(
      keys({"PATH=/bin", "LEVADA_", "LEVADA_=1", "LEVADA_TEST_BOOTSTRAP=x:1", "LEVADA_NOTHING", "NOT_LEVADA_X=1"}),
      IsEmpty());
}

TEST(ConfigSources, AVariableIsItsSource) {
  EXPECT_THAT(read_environment(std::vector<std::string>{"LEVADA_POLL_MS= 5 "}),
              ElementsAre(ConfigEntry{"poll.ms", "5", "environment variable LEVADA_POLL_MS"}));
}

TEST(ConfigSources, AssignmentsKeepEverythingAfterTheFirstEqualsSign) {
  EXPECT_THAT(parse_assignments(std::vector<std::string>{"a.b=1", " c = x=y "}).value(),
              ElementsAre(ConfigEntry{"a.b", "1", "--set"}, ConfigEntry{"c", "x=y", "--set"}));
}

TEST(ConfigSources, AnAssignmentWithoutKeyOrSignIsRefusedWithoutItsText) {
  for (const char* bad : {"sasl.password hunter2", "=hunter2", ""}) {
    const absl::Status status = parse_assignments(std::vector<std::string>{"a=1", bad}).status();
    EXPECT_EQ(status, absl::InvalidArgumentError("setting 2 is not of the form key=value")) << bad;
  }
}

}  // namespace
}  // namespace levada::internal
