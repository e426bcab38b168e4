// What `upgrade.from` changes in the topics of an application.
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/core/foreign_key.h>
#include <levada/core/serdes/change.h>
#include <levada/dsl/streams_builder.h>
#include <levada/runtime/topology_test_driver.h>

namespace levada {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

using Text = std::string;
using TextChange = Change<Text>;

Timestamp at(std::int64_t ms) { return Timestamp(Duration(ms)); }

TestDriverOptions upgrading_from(const Text& version) { return {.app_configs = {{"upgrade.from", version}}}; }

Topology regrouped() {
  StreamsBuilder builder;
  builder.table<Text, Text>("t")
      .group_by([](const Text& row) { return std::pair(row.substr(0, 1), row); }, {.name = "g"})
      .aggregate(
          Text(), [](const Text& so_far, const Text& row) { return so_far + "+" + row; },
          [](const Text& so_far, const Text& row) { return so_far + "-" + row; })
      .to_stream()
      .to("out");
  return builder.build().value();
}

std::vector<std::pair<Text, TextChange>> changes_of_one_row(const TestDriverOptions& options) {
  const Topology topology = regrouped();
  TopologyTestDriver driver(topology, options);
  for (const char* row : {"a1", "a2", "b1"}) driver.input<Text, Text>("t").pipe("k", row, at(1));
  return driver.output<Text, TextChange>("app-g-repartition", {}, change_serde<Text>()).read_key_values();
}

TEST(OlderFormats, ChangesOfARowThatKeepsItsKeyAreTwoRecordsUpTo34) {
  const TextChange first = {.before = std::nullopt, .after = "a1"};
  const TextChange gone = {.before = "a2", .after = std::nullopt};
  const TextChange moved = {.before = std::nullopt, .after = "b1"};
  EXPECT_THAT(changes_of_one_row(upgrading_from("3.5")),
              ElementsAre(Pair("a", first), Pair("a", TextChange{.before = "a1", .after = "a2"}), Pair("a", gone),
                          Pair("b", moved)));
  EXPECT_THAT(
      changes_of_one_row(upgrading_from("3.4")),
      ElementsAre(Pair("a", first), Pair("a", TextChange{.before = "a1", .after = std::nullopt}),
                  Pair("a", TextChange{.before = std::nullopt, .after = "a2"}), Pair("a", gone), Pair("b", moved)));
}

// The partition of a subscription, as it went through the topic, and the rows that came out of the join.
std::pair<std::optional<Partition>, std::vector<Text>> joined(const TestDriverOptions& options) {
  StreamsBuilder builder;
  const auto right = builder.table<Text, Text>("right");
  builder.table<Text, Text>("left")
      .join(
          right, [](const Text& row) { return row; },
          [](const Text& row, const Text& foreign) { return row + foreign; }, {.name = "j"})
      .to_stream()
      .to("out");
  const Topology topology = builder.build().value();
  TopologyTestDriver driver(topology, options);
  driver.input<Text, Text>("right").pipe("x", "1", at(1));
  driver.input<Text, Text>("left").pipe("k", "x", at(2));
  driver.input<Text, Text>("right").pipe("x", "2", at(3));
  const TestBytes& written = driver.records("app-j-subscription-registration-topic").front();
  return {read_subscription(*written.value).partition, driver.output<Text, Text>("out").read_values()};
}

TEST(OlderFormats, SubscriptionsAreWithoutPartitionUpTo33) {
  EXPECT_EQ(joined({}), std::pair(std::optional<Partition>(0), std::vector<Text>({"x1", "x2"})));
  EXPECT_EQ(joined(upgrading_from("3.4")), joined({}));
  EXPECT_EQ(joined(upgrading_from("3.3")), std::pair(std::optional<Partition>(), std::vector<Text>({"x1", "x2"})));
}

TEST(OlderFormats, NothingChangesForLaterVersions) {
  for (const char* version : {"", "3.5", "4.2"}) {
    const OlderFormats formats = older_formats({{"upgrade.from", version}});
    EXPECT_FALSE(formats.changes_apart) << version;
    EXPECT_FALSE(formats.subscriptions_without_partition) << version;
  }
  EXPECT_TRUE(older_formats({{"upgrade.from", "2.4"}}).subscriptions_without_partition);
}

}  // namespace
}  // namespace levada
