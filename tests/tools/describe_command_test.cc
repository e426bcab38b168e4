#include <levada/core/json.h>
#include <levada/core/saved_topology.h>
#include <levada/dsl/streams_builder.h>

#include "tests/tools/command_test.h"

namespace levada::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

Topology counting() {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("orders")
      .group_by([](const std::string& value) { return value; })
      .windowed_by(TimeWindows::of(std::chrono::hours(1)))
      .count({.store = "counts"})
      .to_stream()
      .to("out");
  return builder.build().value();
}

using DescribeTest = CommandTest;

TEST_F(DescribeTest, PrintsASavedTopologyAsDescribeDoes) {
  const Topology topology = counting();

  const Ran ran = levada({"describe", file("saved.json", to_json(saved(topology)))});

  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(ran.out, describe(topology));
  EXPECT_EQ(levada({"describe", file("text", ran.out)}).out, ran.out);
}

TEST_F(DescribeTest, ListsStoresAndInternalTopicsWhenAsked) {
  const std::string path = file("saved.json", to_json(saved(counting())));

  const Ran ran = levada({"describe", path, "--internal", "--application-id", "app"});

  EXPECT_THAT(ran.out, HasSubstr("STORE   KIND                      RETENTION  CHANGELOG\n"
                                 "counts  timestamped window store  1h         app-counts-changelog\n"));
  EXPECT_THAT(ran.out, HasSubstr("app-counts-repartition  as many as its input\n"));
}

TEST_F(DescribeTest, TurnsATextIntoJson) {
  const Ran ran = levada({"describe", file("text", describe(counting())), "--json"});

  EXPECT_EQ(describe(read_saved_topology(ran.out).value()), describe(counting()));
}

TEST_F(DescribeTest, SaysWhichFileIsNoTopology) {
  const Ran ran = levada({"describe", file("text", "hello")});

  EXPECT_EQ(ran.code, 2);
  EXPECT_THAT(ran.out, IsEmpty());
  EXPECT_THAT(ran.err, HasSubstr("levada describe: "));
  EXPECT_THAT(ran.err, HasSubstr("text: no description of a topology: line 1 is 'hello'"));
}

TEST_F(DescribeTest, IsHelpedWithExamplesAndExitCodes) {
  const Ran ran = levada({"describe", "--help"});

  EXPECT_EQ(ran.code, 0);
  EXPECT_THAT(ran.out, HasSubstr("levada describe orders.topology.json --internal"));
  EXPECT_THAT(ran.out, HasSubstr("Exit codes: "));
}

TEST_F(DescribeTest, FailsWithoutWhatItNeeds) {
  EXPECT_EQ(levada({"describe"}).code, 2);
  EXPECT_EQ(levada({"nothing"}).code, 2);
  EXPECT_EQ(levada({}).code, 2);
}

}  // namespace
}  // namespace levada::testing
