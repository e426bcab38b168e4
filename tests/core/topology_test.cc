#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/core/topology.h>

namespace levada {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

NodeSpec source(const std::string& name, std::vector<std::string> topics) {
  return {.kind = NodeKind::kSource, .name = name, .topics = std::move(topics)};
}

NodeSpec processor(const std::string& name, std::vector<NodeId> parents, std::vector<std::string> stores = {}) {
  return {.name = name, .parents = std::move(parents), .stores = std::move(stores)};
}

NodeSpec sink(const std::string& name, const std::string& topic, NodeId parent) {
  return {.kind = NodeKind::kSink, .name = name, .parents = {parent}, .topics = {topic}};
}

std::string mistakes(const Topology& topology) { return std::string(validate(topology).message()); }

TEST(Topology, IsCutWhereNeitherEdgesNorStoresConnect) {
  Topology topology;
  const NodeId a = topology.add(source("a", {"in-a"}));
  const NodeId b = topology.add(source("b", {"in-b"}));
  const NodeId c = topology.add(source("c", {"z", "in-c"}));
  topology.add(processor("pa", {a}, {"shared"}));
  topology.add(processor("pb", {b}));
  topology.add(processor("pc", {c}, {"shared", "own"}));
  topology.stores = {{.name = "own"}, {.name = "shared"}};

  const std::vector<SubTopology> parts = sub_topologies(topology);

  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts[0].id, 0);
  EXPECT_THAT(parts[0].nodes, ElementsAre(0, 2, 3, 5));
  EXPECT_THAT(parts[0].source_topics, ElementsAre("in-a", "in-c", "z"));
  EXPECT_THAT(parts[0].stores, ElementsAre("own", "shared"));
  EXPECT_EQ(parts[1].id, 1);
  EXPECT_THAT(parts[1].nodes, ElementsAre(1, 4));
  EXPECT_THAT(parts[1].stores, ElementsAre());
}

TEST(Topology, IsNotJoinedByATopicBetweenItsParts) {
  Topology topology;
  topology.add(sink("out", "middle", topology.add(source("in", {"start"}))));
  topology.add(source("again", {"middle"}));
  EXPECT_EQ(sub_topologies(topology).size(), 2U);
}

TEST(Topology, IsValidWhenEverythingIsConnectedOnce) {
  Topology topology;
  const NodeId in = topology.add(source("in", {"orders"}));
  topology.add(sink("out", "done", topology.add(processor("count", {in}, {"counts"}))));
  topology.stores = {{.name = "counts"}};
  EXPECT_TRUE(validate(topology).ok()) << validate(topology);
}

TEST(Topology, NamesEveryMistake) {
  Topology topology;
  const NodeId in = topology.add(source("in", {"orders"}));
  topology.add(source("in", {"orders"}));
  topology.add(source("idle", {}));
  topology.add(processor("lost", {}));
  topology.add(processor("count", {topology.add(sink("out", "done", in))}, {"counts"}));
  topology.stores = {{.name = "unused"}, {.name = "unused"}};

  EXPECT_EQ(validate(topology).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(mistakes(topology), HasSubstr("node in: the name is used twice"));
  EXPECT_THAT(mistakes(topology), HasSubstr("topic orders: read by both in and in"));
  EXPECT_THAT(mistakes(topology), HasSubstr("source idle: reads no topic"));
  EXPECT_THAT(mistakes(topology), HasSubstr("node lost: nothing sends records to it"));
  EXPECT_THAT(mistakes(topology), HasSubstr("node count: its parent out is a sink"));
  EXPECT_THAT(mistakes(topology), HasSubstr("node count: there is no store counts"));
  EXPECT_THAT(mistakes(topology), HasSubstr("store unused: the name is used twice"));
  EXPECT_THAT(mistakes(topology), HasSubstr("store unused: no processor uses it"));
}

TEST(Topology, DescribesItselfAsKafkaStreamsDoes) {
  Topology topology;
  const NodeId in = topology.add(source("Source", {"in"}));
  const NodeId proc = topology.add(processor("Proc", {in}, {"mem"}));
  topology.add(sink("SinkA", "out-a", proc));
  topology.add({.kind = NodeKind::kSink, .name = "SinkB", .parents = {proc, in}});
  topology.add(source("Alone", {"t3", "t1"}));
  EXPECT_EQ(describe(topology),
            "Topologies:\n"
            "   Sub-topology: 0\n"
            "    Source: Source (topics: [in])\n"
            "      --> Proc, SinkB\n"
            "    Processor: Proc (stores: [mem])\n"
            "      --> SinkA, SinkB\n"
            "      <-- Source\n"
            "    Sink: SinkA (topic: out-a)\n"
            "      <-- Proc\n"
            "    Sink: SinkB (extractor class: <function>)\n"
            "      <-- Source, Proc\n"
            "\n"
            "  Sub-topology: 1\n"
            "    Source: Alone (topics: [t1, t3])\n"
            "      --> none\n"
            "\n");
}

}  // namespace
}  // namespace levada
