#include <optional>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/dsl/streams_builder.h>
#include <levada/runtime/topology_test_driver.h>

namespace levada {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

using Text = std::string;
using Nullable = std::optional<std::string>;

Timestamp at(std::int64_t time) { return Timestamp(Duration(time)); }

std::string both(const Text& left, const Text& right) { return left + "+" + right; }
std::string either(const Text& left, const Nullable& right) { return left + "+" + right.value_or("-"); }

TEST(StreamTableJoin, FindsTheRowOfTheMoment) {
  StreamsBuilder builder;
  const auto table = builder.table<Text, Text>("table");
  builder.stream<Text, Text>("stream").join(table, both).to("out");
  const Topology topology = builder.build().value();
  TopologyTestDriver driver(topology);
  driver.input<Text, Text>("stream").pipe("k", "early", at(10));
  driver.input<Text, Text>("table").pipe("k", "row", at(20));
  driver.input<Text, Text>("stream").pipe("k", "late", at(5));
  EXPECT_THAT((driver.output<Text, Text>("out").read_key_values()), ElementsAre(Pair("k", "late+row")));
}

TEST(StreamTableJoin, GivesTheKeyToAJoinerThatWantsIt) {
  StreamsBuilder builder;
  const auto table = builder.table<Text, Text>("table");
  builder.stream<Text, Text>("stream")
      .left_join(table,
                 [](const Text& key, const Text& left, const Nullable& right) { return key + either(left, right); })
      .to("out");
  const Topology topology = builder.build().value();
  TopologyTestDriver driver(topology);
  driver.input<Text, Text>("stream").pipe("k", "v", at(1));
  EXPECT_THAT((driver.output<Text, Text>("out").read_key_values()), ElementsAre(Pair("k", "kv+-")));
}

TEST(StreamTableJoin, LooksThroughViewsThatKeepNoRows) {
  StreamsBuilder builder;
  const auto table = builder.table<Text, Text>("table")
                         .filter([](const Text& row) { return row != "hidden"; })
                         .map_values([](const Text& row) { return row + "!"; });
  builder.stream<Text, Text>("stream").left_join(table, either).to("out");
  const Topology topology = builder.build().value();
  EXPECT_EQ(topology.stores.size(), 1U);
  TopologyTestDriver driver(topology);
  driver.input<Text, Text>("table").pipe("a", "shown", at(1));
  driver.input<Text, Text>("table").pipe("b", "hidden", at(1));
  driver.input<Text, Text>("stream").pipe("a", "v", at(2));
  driver.input<Text, Text>("stream").pipe("b", "v", at(2));
  EXPECT_THAT((driver.output<Text, Text>("out").read_key_values()),
              ElementsAre(Pair("a", "v+shown!"), Pair("b", "v+-")));
}

TEST(StreamTableJoin, OfViewsOfAVersionedTableIsAsOfTheRecord) {
  StreamsBuilder builder;
  const auto table = builder.table<Text, Text>("table", {}, {.store = "rows", .history_retention = Duration(1000)})
                         .map_values([](const Text& row) { return row + "!"; });
  builder.stream<Text, Text>("stream").left_join(table, either).to("out");
  const Topology topology = builder.build().value();
  TopologyTestDriver driver(topology);
  driver.input<Text, Text>("table").pipe("k", "1", at(10));
  driver.input<Text, Text>("table").pipe("k", "2", at(20));
  for (const std::int64_t time : {9, 19, 20}) driver.input<Text, Text>("stream").pipe("k", "v", at(time));
  EXPECT_THAT((driver.output<Text, Text>("out").read_key_values()),
              ElementsAre(Pair("k", "v+-"), Pair("k", "v+1!"), Pair("k", "v+2!")));
}

TEST(StreamTableJoin, WithAGraceWaitsForRowsThatComeLate) {
  StreamsBuilder builder;
  const auto table = builder.table<Text, Text>("table", {}, {.store = "rows", .history_retention = Duration(1000)});
  builder.stream<Text, Text>("stream").left_join(table, either, {.name = "join", .grace = Duration(100)}).to("out");
  const Topology topology = builder.build().value();
  TopologyTestDriver driver(topology);
  auto stream = driver.input<Text, Text>("stream");
  auto out = driver.output<Text, Text>("out");
  stream.pipe("b", "second", at(60));
  stream.pipe("a", "first", at(50));
  EXPECT_THAT(out.read_key_values(), IsEmpty());
  driver.input<Text, Text>("table").pipe("a", "row", at(40));
  stream.pipe("c", "late", at(160));
  EXPECT_THAT(out.read_key_values(), ElementsAre(Pair("a", "first+row"), Pair("b", "second+-")));
  stream.pipe("a", "too late to wait", at(59));
  EXPECT_THAT(out.read_key_values(), ElementsAre(Pair("a", "too late to wait+row")));
}

TEST(StreamTableJoin, WithAGraceTakesNoTimeFromWhatIsDropped) {
  StreamsBuilder builder;
  const auto table = builder.table<Text, Text>("table", {}, {.store = "rows", .history_retention = Duration(1000)});
  builder.stream<Text, Nullable>("stream").join(table, both, {.name = "join", .grace = Duration(100)}).to("out");
  const Topology topology = builder.build().value();
  TopologyTestDriver driver(topology);
  auto stream = driver.input<Text, Nullable>("stream");
  stream.pipe("b", std::nullopt, at(500));
  stream.pipe("a", "waits", at(50));
  driver.input<Text, Text>("table").pipe("a", "row", at(40));
  stream.pipe("c", "later", at(200));
  EXPECT_THAT((driver.output<Text, Text>("out").read_key_values()), ElementsAre(Pair("a", "waits+row")));
}

TEST(StreamTableJoin, WithAGraceIsRefusedForATableWithoutVersions) {
  StreamsBuilder builder;
  const auto table = builder.table<Text, Text>("table");
  builder.stream<Text, Text>("stream").join(table, both, {.name = "join", .grace = Duration(1)}).to("out");
  EXPECT_THAT(std::string(builder.build().status().message()),
              HasSubstr("join: a grace needs a table that keeps versions"));
}

// Also of a view, which shows the versions of the table above.
TEST(StreamTableJoin, WithAGraceThatIsLongerThanTheHistoryIsRefused) {
  const auto built = [](Duration grace) {
    StreamsBuilder builder;
    const auto table = builder.table<Text, Text>("table", {}, {.store = "rows", .history_retention = Duration(100)})
                           .filter([](const Text&, const Text&) { return true; });
    builder.stream<Text, Text>("stream").join(table, both, {.name = "join", .grace = grace}).to("out");
    return builder.build().status();
  };
  EXPECT_TRUE(built(Duration(100)).ok());
  EXPECT_THAT(std::string(built(Duration(101)).message()),
              HasSubstr("join: its grace of 101 ms is longer than the table keeps versions, 100 ms"));
}

TEST(StreamTableJoin, RefusesATableOfAnotherBuilder) {
  StreamsBuilder builder;
  StreamsBuilder other;
  builder.stream<Text, Text>("stream").join(other.table<Text, Text>("table"), both, {.name = "join"}).to("out");
  EXPECT_THAT(std::string(builder.build().status().message()), HasSubstr("different builders"));
}

TEST(VersionedTable, DropsOutdatedRowsBeforeTheyAreAggregated) {
  StreamsBuilder builder;
  builder.table<Text, Text>("table", {}, {.store = "rows", .history_retention = Duration(1000)})
      .group_by([](const Text&, const Text& row) { return std::pair<Text, Text>("all", row); })
      .count({.store = "count"})
      .to_stream()
      .to("out");
  const Topology topology = builder.build().value();
  TopologyTestDriver driver(topology);
  driver.input<Text, Text>("table").pipe("k", "new", at(20));
  driver.input<Text, Text>("table").pipe("k", "old", at(10));
  driver.input<Text, Text>("table").pipe("j", "new", at(30));
  auto& counts = driver.store<TimestampedKeyValueStore<Text, std::int64_t>>("count");
  EXPECT_EQ(counts.get("all")->value, 2);
}

// Where what is below knows that the rows have versions, every change goes on.
std::size_t changes_below_filters(const MaterializedTable<Text, Text>* options) {
  StreamsBuilder builder;
  const auto holds = [](const Text& row) { return row == "shown"; };
  const auto table = builder.table<Text, Text>("table", {}, {.store = "rows", .history_retention = Duration(1000)});
  const auto first = options == nullptr ? table.filter(holds) : table.filter(holds, *options);
  first.filter(holds).to_stream().to("out");
  const Topology topology = builder.build().value();
  TopologyTestDriver driver(topology);
  driver.input<Text, Text>("table").pipe("k", "hidden", at(1));
  return driver.records("out").size();
}

TEST(VersionedTable, FiltersOfFiltersTellOfNothingUnlessOptionsComeBetween) {
  EXPECT_EQ(changes_below_filters(nullptr), 1U);
  const MaterializedTable<Text, Text> named = {.name = "first"};
  EXPECT_EQ(changes_below_filters(&named), 1U);
  const MaterializedTable<Text, Text> unnamed = {};
  EXPECT_EQ(changes_below_filters(&unnamed), 0U);
}

}  // namespace
}  // namespace levada
