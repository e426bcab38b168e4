#include <optional>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/dsl/streams_builder.h>
#include <levada/runtime/application_plan.h>

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

}  // namespace
}  // namespace levada
