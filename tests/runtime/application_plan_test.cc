#include <optional>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/dsl/streams_builder.h>
#include <levada/runtime/application_plan.h>
#include <levada/runtime/pattern_topics.h>
#include <levada/runtime/told_topics.h>

namespace levada {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

using Text = std::string;

// in → group by value → counts, and other → merged into the same grouping.
Topology counts_by_value() {
  StreamsBuilder builder;
  builder.stream<Text, Text>("in")
      .group_by([](const Text& value) { return value; })
      .count({.store = "counts"})
      .to_stream()
      .to("out");
  return builder.build().value();
}

const NewTopic& find(const ApplicationPlan& plan, const std::string& name) {
  for (const NewTopic& topic : plan.internal_topics()) {
    if (topic.name == name) return topic;
  }
  throw std::out_of_range(name);
}

TEST(ApplicationPlan, InternalTopicsHaveThePartitionsOfTheirInput) {
  const Topology topology = counts_by_value();
  const auto plan = ApplicationPlan::make(topology, {.application_id = "app"}, {{"in", 6}}).value();
  EXPECT_EQ(find(plan, "app-counts-repartition").partitions, 6);
  EXPECT_EQ(find(plan, "app-counts-changelog").partitions, 6);
  EXPECT_EQ(find(plan, "app-counts-changelog").config.at("cleanup.policy"), "compact");
}

TEST(ApplicationPlan, ATaskBelongsToThePartitionOfItsAnchor) {
  const Topology topology = counts_by_value();
  const auto plan = ApplicationPlan::make(topology, {.application_id = "app"}, {{"in", 2}}).value();
  EXPECT_THAT(plan.tasks_of({{"in", 1}}), ElementsAre(TaskId{0, 1}));
  EXPECT_THAT(plan.tasks_of({{"in", 0}, {"app-counts-repartition", 1}}), ElementsAre(TaskId{0, 0}, TaskId{1, 1}));
  EXPECT_EQ(plan.all_tasks().size(), 4U);
}

TEST(ApplicationPlan, ATaskReadsEveryTopicThatHasItsPartition) {
  StreamsBuilder builder;
  builder.stream<Text, Text>("wide").merge(builder.stream<Text, Text>("narrow")).to("out");
  const Topology topology = builder.build().value();
  const auto plan = ApplicationPlan::make(topology, {.application_id = "app"}, {{"narrow", 1}, {"wide", 3}}).value();
  EXPECT_EQ(plan.task({0, 0}).inputs.size(), 2U);
  EXPECT_EQ(plan.task({0, 2}).inputs.size(), 1U);
  EXPECT_THAT(plan.tasks_of({{"narrow", 0}}), ElementsAre());
  EXPECT_THAT(plan.tasks_of({{"wide", 0}}), ElementsAre(TaskId{0, 0}));
}

TEST(ApplicationPlan, ATaskKnowsWhetherItFeedsOthers) {
  const Topology topology = counts_by_value();
  const auto plan = ApplicationPlan::make(topology, {.application_id = "app"}, {{"in", 1}}).value();

  EXPECT_TRUE(plan.task({0, 0}).feeds_tasks);
  EXPECT_FALSE(plan.task({1, 0}).feeds_tasks);
}

TEST(ApplicationPlan, ATaskMayFeedOthersByTopicsThatAreNotTheApplicationsOwn) {
  StreamsBuilder through_a_topic;
  through_a_topic.stream<Text, Text>("in").to("between");
  through_a_topic.stream<Text, Text>("between").to("out");
  StreamsBuilder to_any_topic;
  to_any_topic.stream<Text, Text>("in").to([](const Text& key, const Text&) { return key; });
  StreamsBuilder from_any_topic;
  from_any_topic.stream<Text, Text>(TopicPattern("in.*")).to("out");

  const auto feeds = [](StreamsBuilder& builder, int sub_topology) {
    const Topology topology = builder.build().value();
    return feeds_tasks(topology, sub_topologies(topology).at(static_cast<std::size_t>(sub_topology)));
  };

  EXPECT_TRUE(feeds(through_a_topic, 0));
  EXPECT_FALSE(feeds(through_a_topic, 1));
  EXPECT_TRUE(feeds(to_any_topic, 0));
  EXPECT_TRUE(feeds(from_any_topic, 0));
}

TEST(ApplicationPlan, NamesEveryTopicThatIsMissing) {
  StreamsBuilder builder;
  builder.stream<Text, Text>({"a", "b", "c"}).to("out");
  const Topology topology = builder.build().value();
  const auto plan = ApplicationPlan::make(topology, {.application_id = "app"}, {{"b", 1}});
  EXPECT_TRUE(absl::IsNotFound(plan.status()));
  EXPECT_THAT(std::string(plan.status().message()), HasSubstr("a, c"));
}

TEST(ApplicationPlan, RefusesCopartitionedTopicsOfDifferentWidths) {
  Topology topology = counts_by_value();
  topology.copartition_groups.push_back({"in", "counts-repartition"});
  topology.repartition_topics.at("counts-repartition").partitions = 5;
  const auto plan = ApplicationPlan::make(topology, {.application_id = "app"}, {{"in", 2}});
  EXPECT_TRUE(absl::IsInvalidArgument(plan.status()));
  EXPECT_THAT(std::string(plan.status().message()), HasSubstr("in has 2"));
}

TEST(ApplicationPlan, TopicsOfAForeignKeyJoinAreAsWideAsTheTablesTheyBelongTo) {
  StreamsBuilder builder;
  const auto itself = [](const Text& value) { return value; };
  const auto both = [](const Text& left, const Text& right) { return left + right; };
  builder.table<Text, Text>("left").join(builder.table<Text, Text>("right"), itself, both, {.name = "fk"});
  const Topology topology = builder.build().value();
  const auto plan = ApplicationPlan::make(topology, {.application_id = "app"}, {{"left", 2}, {"right", 5}}).value();
  EXPECT_EQ(find(plan, "app-fk-subscription-registration-topic").partitions, 5);
  EXPECT_EQ(find(plan, "app-fk-subscription-response-topic").partitions, 2);
  EXPECT_EQ(find(plan, "app-fk-subscription-store-changelog").partitions, 5);
}

Topology of_logs() {
  StreamsBuilder builder;
  builder.stream<Text, Text>(TopicPattern("logs-.*")).to("out");
  return builder.build().value();
}

TEST(ApplicationPlan, PatternsMatchWhatIsThereButNoInternalTopics) {
  StreamsBuilder builder;
  builder.stream<Text, Text>(TopicPattern(".*"))
      .group_by([](const Text& value) { return value; })
      .count({.store = "c"});
  const Topology topology =
      with_matching_topics(builder.build().value(), "app",
                           {"b", "a", "__consumer_offsets", "app-c-changelog", "app-c-repartition"})
          .value();
  EXPECT_THAT(topology.nodes.front().topics, ElementsAre("a", "b"));
  EXPECT_THAT(describe(topology), HasSubstr("(topics: .*)"));
}

TEST(ApplicationPlan, TwoPatternsMustNotMatchOneTopic) {
  StreamsBuilder builder;
  builder.stream<Text, Text>(TopicPattern("a.*")).to("x");
  builder.stream<Text, Text>(TopicPattern(".*b")).to("y");
  const auto topology = with_matching_topics(builder.build().value(), "app", {"ab"});
  EXPECT_THAT(std::string(topology.status().message()), HasSubstr("topic ab matches the patterns of two sources"));
}

TEST(ApplicationPlan, ATaskOfAPatternBelongsToWhoeverHasAllOfTheWidestTopics) {
  const Topology topology = with_matching_topics(of_logs(), "app", {"logs-a", "logs-b", "logs-narrow"}).value();
  const auto plan =
      ApplicationPlan::make(topology, {.application_id = "app"}, {{"logs-a", 2}, {"logs-b", 2}, {"logs-narrow", 1}})
          .value();
  EXPECT_THAT(plan.tasks_of({{"logs-a", 0}, {"logs-b", 1}}), ElementsAre());
  EXPECT_THAT(plan.tasks_of({{"logs-a", 0}, {"logs-b", 0}}), ElementsAre(TaskId{0, 0}));
}

TEST(ApplicationPlan, APatternThatMatchesNothingHasNoTasks) {
  const Topology topology = of_logs();
  const auto plan = ApplicationPlan::make(topology, {.application_id = "app"}, {}).value();
  EXPECT_TRUE(plan.all_tasks().empty());
  EXPECT_TRUE(plan.source_topics().empty());
}

}  // namespace
}  // namespace levada
