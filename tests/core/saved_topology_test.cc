#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/core/saved_topology.h>

namespace levada {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;

// Counts behind a repartition topic.
Topology counting() {
  Topology topology;
  const NodeId in = topology.add({.kind = NodeKind::kSource, .name = "in", .topics = {"b", "a"}});
  topology.add({.kind = NodeKind::kSink, .name = "sink", .parents = {in}, .topics = {"c-repartition"}});
  const NodeId again = topology.add({.kind = NodeKind::kSource, .name = "source", .topics = {"c-repartition"}});
  const NodeId count = topology.add({.name = "count", .parents = {again}, .stores = {"counts"}});
  topology.add({.kind = NodeKind::kSink, .name = "out", .parents = {count}});
  topology.stores = {{.name = "counts", .timestamped = true}};
  topology.repartition_topics["c-repartition"] = {.name = "c-repartition", .partitions = 3};
  return topology;
}

TEST(SavedTopology, HasNodesStoresAndInternalTopics) {
  const SavedTopology topology = saved(counting());
  ASSERT_EQ(topology.nodes.size(), 5U);
  EXPECT_EQ(topology.nodes.at(3),
            (SavedNode{
                .kind = "processor", .name = "count", .sub_topology = 1, .parents = {"source"}, .stores = {"counts"}}));
  EXPECT_THAT(topology.stores,
              ElementsAre(SavedStore{.name = "counts", .kind = "timestamped key-value store", .logging = true}));
  EXPECT_THAT(topology.repartition_topics,
              ElementsAre(SavedRepartitionTopic{.name = "c-repartition", .partitions = 3}));
}

TEST(SavedTopology, IsReadAsItWasWritten) {
  const SavedTopology topology = saved(counting());
  const absl::StatusOr<SavedTopology> read = read_saved_topology(to_json(topology));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(*read, topology);
}

TEST(SavedTopology, ReadsADescription) {
  const absl::StatusOr<SavedTopology> read = read_saved_topology(describe(counting()));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->nodes.size(), 5U);
  EXPECT_THAT(read->stores, ElementsAre(SavedStore{.name = "counts"}));
  EXPECT_THAT(read->repartition_topics, ElementsAre(SavedRepartitionTopic{.name = "c-repartition"}));
  EXPECT_THAT(read->nodes, testing::Contains(Field(&SavedNode::topics, ElementsAre("a", "b"))));
}

TEST(SavedTopology, RefusesOtherTexts) {
  EXPECT_THAT(std::string(read_saved_topology("hello").status().message()), HasSubstr("line 1 is 'hello'"));
  EXPECT_THAT(std::string(read_saved_topology("").status().message()), HasSubstr("it has no nodes"));
  EXPECT_THAT(std::string(read_saved_topology("{}").status().message()), HasSubstr("no saved topology: "));
  SavedTopology later = saved(counting());
  later.version = 2;
  EXPECT_THAT(std::string(read_saved_topology(to_json(later)).status().message()), HasSubstr("version 2"));
}

}  // namespace
}  // namespace levada
