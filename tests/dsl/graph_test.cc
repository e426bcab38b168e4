#include <optional>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/dsl/streams_builder.h>
#include <levada/state/key_value_store.h>

namespace levada {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Strings = KStream<std::string, std::string>;

Strings read(StreamsBuilder& builder, const std::string& topic) {
  return builder.stream<std::string, std::string>(topic);
}

std::string same(const std::string& value) { return value; }

std::string mistakes(const StreamsBuilder& builder) { return std::string(builder.build().status().message()); }

std::vector<std::string> names(const StreamsBuilder& builder) {
  const Topology topology = builder.build().value();
  std::vector<std::string> names;
  for (const NodeSpec& node : topology.nodes) names.push_back(node.name);
  return names;
}

TEST(Graph, NamesUseUpANumberEvenWhereTheyAreGiven) {
  StreamsBuilder builder;
  read(builder, "in").filter([](const std::string&) { return true; }, {.name = "mine"}).to("out");
  EXPECT_THAT(names(builder), ElementsAre("KSTREAM-SOURCE-0000000000", "mine", "KSTREAM-SINK-0000000002"));
}

TEST(Graph, ReadsATopicOnceForAllItsStreams) {
  StreamsBuilder builder;
  read(builder, "in").to("a");
  read(builder, "in").to("b");
  EXPECT_THAT(names(builder),
              ElementsAre("KSTREAM-SOURCE-0000000000", "KSTREAM-SINK-0000000001", "KSTREAM-SINK-0000000003"));
}

std::vector<std::string> parents_of_last_node(const StreamsBuilder& builder) {
  const Topology topology = builder.build().value();
  std::vector<std::string> names;
  for (const NodeId parent : topology.nodes.back().parents) names.push_back(topology.nodes[parent].name);
  return names;
}

TEST(Graph, MergesTwoStreamsOfOneTopicToOneParent) {
  StreamsBuilder builder;
  const Strings one = read(builder, "in");
  read(builder, "in").merge(one);
  EXPECT_THAT(parents_of_last_node(builder), ElementsAre("KSTREAM-SOURCE-0000000000"));
}

TEST(Graph, ASourceThatStandsForAnotherComesLastAmongTheParents) {
  StreamsBuilder builder;
  read(builder, "in");
  const Strings other = read(builder, "other");
  read(builder, "in").merge(other);
  EXPECT_THAT(parents_of_last_node(builder), ElementsAre("KSTREAM-SOURCE-0000000001", "KSTREAM-SOURCE-0000000000"));
}

TEST(Graph, RefusesTwoTypesForOneTopic) {
  StreamsBuilder builder;
  read(builder, "in").to("a");
  builder.stream<std::string, std::int64_t>("in").to("b");
  EXPECT_THAT(mistakes(builder), HasSubstr("topic in: two streams of it have different types of key or value"));
}

TEST(Graph, RefusesOverlappingSetsOfTopics) {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>({"a", "b"}).to("x");
  builder.stream<std::string, std::string>({"b", "c"}).to("y");
  EXPECT_THAT(mistakes(builder), HasSubstr("read some but not all of the same topics: a, b and b, c"));
}

TEST(Graph, SharesARepartitionTopicThatTheUserNamed) {
  StreamsBuilder builder;
  const auto grouped = read(builder, "in").group_by(same, {.name = "by-value"});
  grouped.count({.store = "counts"});
  grouped.reduce([](const std::string& a, const std::string&) { return a; }, {.store = "firsts"});
  const Topology topology = builder.build().value();
  ASSERT_EQ(topology.repartition_topics.size(), 1U);
  EXPECT_EQ(topology.repartition_topics.begin()->first, "by-value-repartition");
  EXPECT_EQ(sub_topologies(topology).size(), 2U);
}

TEST(Graph, RepartitionsForEachStoreOtherwise) {
  StreamsBuilder builder;
  const auto grouped = read(builder, "in").group_by(same);
  grouped.count({.store = "counts"});
  grouped.count({.store = "more"});
  EXPECT_EQ(builder.build()->repartition_topics.size(), 2U);
}

TEST(Graph, RepartitionsOnlyWhereKeysMayHaveChanged) {
  StreamsBuilder builder;
  read(builder, "in").map_values(same).group_by_key().count({.store = "counts"});
  EXPECT_TRUE(builder.build()->repartition_topics.empty());
}

TEST(Graph, DoesNotRepartitionTwice) {
  StreamsBuilder builder;
  read(builder, "in").select_key(same).repartition({.name = "again", .partitions = 7}).group_by_key().count();
  const Topology topology = builder.build().value();
  ASSERT_EQ(topology.repartition_topics.size(), 1U);
  EXPECT_EQ(topology.repartition_topics.at("again-repartition").partitions, 7);
}

TEST(Graph, TellsAllMistakesAtOnce) {
  StreamsBuilder builder;
  builder.add_store<KeyValueStore<std::string, std::string>>("idle");
  const Strings in = read(builder, "in");
  in.filter([](const std::string&) { return true; }, {.name = "no spaces"}).to("out");
  in.repartition({.name = "r", .partitions = 0}).to("");
  in.group_by_key().windowed_by(TimeWindows::of(std::chrono::seconds(0))).count({.store = "w"});
  const std::string all = mistakes(builder);
  EXPECT_THAT(all, HasSubstr("node 'no spaces': only letters, digits, '.', '_' and '-' may stand in a name"));
  EXPECT_THAT(all, HasSubstr("repartition topic r-repartition: 0 partitions; at least one is needed"));
  EXPECT_THAT(all, HasSubstr("topic '': the name is empty"));
  EXPECT_THAT(all, HasSubstr("windows of 0 ms: the size must be positive"));
}

TEST(Graph, TellsMistakesOfTheWholeTopology) {
  StreamsBuilder builder;
  builder.add_store<KeyValueStore<std::string, std::string>>("idle");
  const Strings in = read(builder, "in");
  in.to("a", {.name = "twice"});
  in.to("b", {.name = "twice"});
  EXPECT_THAT(mistakes(builder), HasSubstr("node twice: the name is used twice"));
  EXPECT_THAT(mistakes(builder), HasSubstr("store idle: no processor uses it"));
}

TEST(Graph, RefusesARetentionShorterThanItsWindows) {
  StreamsBuilder builder;
  read(builder, "in")
      .group_by_key()
      .windowed_by(TimeWindows::of(std::chrono::seconds(10), {.grace = std::chrono::seconds(5)}))
      .count({.store = "w", .retention = std::chrono::seconds(14)});
  EXPECT_THAT(mistakes(builder),
              HasSubstr("store w: a retention of 14000 ms is less than the size and grace of its windows, 15000 ms"));
}

TEST(Graph, RefusesToMergeStreamsOfTwoBuilders) {
  StreamsBuilder builder;
  StreamsBuilder other;
  read(builder, "in").merge(read(other, "in")).to("out");
  EXPECT_THAT(mistakes(builder), HasSubstr("merge: the streams belong to different builders"));
}

struct WithoutSerde {};

TEST(Graph, RefusesToRepartitionWhatHasNoSerde) {
  StreamsBuilder builder;
  read(builder, "in")
      .map([](const std::string& value) { return KeyValue<std::string, WithoutSerde>(value, {}); })
      .group_by_key()
      .count({.store = "counts"});
  EXPECT_THAT(mistakes(builder), HasSubstr("counts-repartition: nothing says how its records become bytes"));
}

TEST(Graph, NeedsNoSerdeForWhatStaysInTheTask) {
  StreamsBuilder builder;
  read(builder, "in").map_values([](const std::string&) { return WithoutSerde(); }).group_by_key().count();
  EXPECT_TRUE(builder.build().ok());
}

TEST(Graph, CountWithEmptyOptionsIsNumberedAsJavasCountWithSerdes) {
  StreamsBuilder builder;
  const auto grouped = read(builder, "in").group_by_key();
  grouped.count({}).to_stream().to("a");
  grouped.windowed_by(TimeWindows::of(std::chrono::minutes(1))).count({});
  const Topology topology = builder.build().value();
  EXPECT_EQ(topology.stores.at(0).name, "KSTREAM-AGGREGATE-STATE-STORE-0000000002");
  EXPECT_EQ(topology.stores.at(1).name, "KSTREAM-AGGREGATE-STATE-STORE-0000000007");
}

TEST(Graph, ReadsAPatternOnceForAllItsStreams) {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>(TopicPattern("in-.*")).to("a");
  builder.stream<std::string, std::string>(TopicPattern("in-.*")).to("b");
  EXPECT_THAT(names(builder),
              ElementsAre("KSTREAM-SOURCE-0000000000", "KSTREAM-SINK-0000000001", "KSTREAM-SINK-0000000003"));
}

const BuildOptions kMerging = {.optimization = {.merge_repartition_topics = true}};

TEST(Graph, MergesRepartitionsOnlyIfAskedTo) {
  StreamsBuilder builder;
  const Strings changed = read(builder, "in").select_key(same);
  changed.group_by_key().count({.store = "a"});
  changed.group_by_key().count({.store = "b"});
  EXPECT_EQ(builder.build()->repartition_topics.size(), 2U);
  EXPECT_EQ(builder.build(kMerging)->repartition_topics.size(), 1U);
}

TEST(Graph, MergesRepartitionsBehindAStepThatOnlyFilters) {
  StreamsBuilder builder;
  const Strings changed = read(builder, "in").select_key(same);
  changed.filter([](const std::string&) { return true; }).group_by_key().count({.store = "a"});
  changed.group_by_key().count({.store = "b"});
  const Topology topology = builder.build(kMerging).value();
  ASSERT_EQ(topology.repartition_topics.size(), 1U);
  EXPECT_EQ(topology.repartition_topics.begin()->first, "a-repartition");
}

class Longer final : public FixedKeyProcessor<std::string, std::string, std::string> {
 public:
  void process_value(const Record& record) override { emit(record.value + "!"); }
};

TEST(Graph, DoesNotMergeRepartitionsAcrossAProcessorOfValues) {
  StreamsBuilder builder;
  const Strings changed = read(builder, "in").select_key(same).process_values<Longer>();
  changed.group_by_key().count({.store = "a"});
  changed.group_by_key().count({.store = "b"});
  EXPECT_EQ(builder.build(kMerging)->repartition_topics.size(), 2U);
}

TEST(Graph, MergesRepartitionsBehindTheMergeOfAChangedBranchAndAnother) {
  StreamsBuilder builder;
  const auto yes = [](const std::string&) { return true; };
  const Strings merged = read(builder, "in").select_key(same).filter(yes).merge(read(builder, "other"));
  merged.group_by_key().count({.store = "a"});
  merged.group_by_key().count({.store = "b"});
  const Topology topology = builder.build(kMerging).value();
  ASSERT_EQ(topology.repartition_topics.size(), 1U);
  EXPECT_EQ(sub_topologies(topology).size(), 2U);
}

// Kafka Streams 4.3 cannot build this: "Found a null keyChangingChild node".
TEST(Graph, MergesRepartitionsBehindTheLastOfSeveralMerges) {
  StreamsBuilder builder;
  const Strings first = read(builder, "in").select_key(same).merge(read(builder, "other"));
  const Strings merged = first.merge(read(builder, "third"));
  merged.group_by_key().count({.store = "a"});
  merged.group_by_key().count({.store = "b"});
  const absl::StatusOr<Topology> topology = builder.build(kMerging);
  ASSERT_TRUE(topology.ok()) << topology.status();
  EXPECT_EQ(topology->repartition_topics.size(), 1U);
  const std::vector<SubTopology> parts = sub_topologies(*topology);
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts.front().source_topics.size(), 3U);
}

TEST(Graph, LeavesRepartitionsThatTheUserAskedForWhereTheyAre) {
  StreamsBuilder builder;
  const Strings changed = read(builder, "in").select_key(same);
  changed.repartition({.name = "a"}).to("x");
  changed.repartition({.name = "b"}).to("y");
  EXPECT_EQ(builder.build(kMerging)->repartition_topics.size(), 2U);
}

TEST(Graph, RefusesGeneratedNamesOfStoresAndInternalTopicsIfAskedTo) {
  StreamsBuilder builder;
  const Strings in = read(builder, "in");
  in.select_key(same).group_by_key().count();
  in.repartition().to("out");
  in.group_by_key().count({.store = "named"});
  const BuildOptions options = {.ensure_explicit_internal_resource_naming = true};
  EXPECT_THAT(std::string(builder.build(options).status().message()),
              HasSubstr("repartition topic KSTREAM-AGGREGATE-STATE-STORE-0000000002-repartition, repartition topic "
                        "KSTREAM-REPARTITION-0000000007-repartition, store "
                        "KSTREAM-AGGREGATE-STATE-STORE-0000000002; name them"));
  EXPECT_TRUE(builder.build().ok());
}

TEST(Graph, CanBeBuiltAgainWithMoreInIt) {
  StreamsBuilder builder;
  const Strings in = read(builder, "in");
  in.to("a");
  EXPECT_EQ(builder.build()->nodes.size(), 2U);
  in.to("b");
  EXPECT_EQ(builder.build()->nodes.size(), 3U);
}

}  // namespace
}  // namespace levada
