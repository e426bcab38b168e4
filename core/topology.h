// The graph an application runs, as plain data: nodes, edges, stores and internal topics. Builders make it (dsl/),
// the runtime turns its sub-topologies into tasks, describe() prints it as Kafka Streams does.
//
//   absl::StatusOr<Topology> topology = builder.build();
//   std::string text = describe(*topology);
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <absl/status/status.h>

#include <levada/core/auto_offset_reset.h>
#include <levada/core/dsl_store_format.h>
#include <levada/core/node.h>
#include <levada/core/operator_context.h>
#include <levada/core/store.h>
#include <levada/core/topic_pattern.h>
#include <levada/core/topology_optimization.h>

namespace levada {

using NodeId = std::size_t;  // the node's place in Topology::nodes

enum class NodeKind { kSource, kProcessor, kSink };

struct NodeSpec {
  NodeKind kind = NodeKind::kProcessor;
  std::string name = {};
  std::vector<NodeId> parents = {};      // each before this node in Topology::nodes
  std::vector<std::string> topics = {};  // a source's topics; a sink's one, or none if it chooses per record
  std::optional<TopicPattern> pattern = std::nullopt;   // a source's; its topics are then what matched it when it ran
  std::vector<std::string> stores = {};                 // a processor's
  std::optional<AutoOffsetReset> reset = std::nullopt;  // a source's; unset: auto.offset.reset
  std::optional<Duration> idle_timeout = std::nullopt;  // a source's; unset: levada.idle.timeout.ms
  bool holds_back = false;  // a processor's: results wait for event time, and are older than it when they go on
  std::function<std::unique_ptr<Node>(OperatorContext&)> make = {};
};

// A topic between two sub-topologies, named without the application id.
struct RepartitionTopic {
  std::string name = {};
  std::optional<Partition> partitions = std::nullopt;  // unset: as many as the topics it is fed from
  bool of_stream = false;                              // not of a table's changes
};

struct Topology {
  std::vector<NodeSpec> nodes = {};
  std::vector<StoreSpec> stores = {};
  std::map<std::string, RepartitionTopic> repartition_topics = {};
  std::vector<std::set<std::string>> copartition_groups =
      {};  // source topics that must have the same number of partitions
  // What it was built with.
  TopologyOptimization optimization = {};
  DslStoreFormat store_format = DslStoreFormat::kDefault;

  NodeId add(NodeSpec node);  // returns where it stands
  const StoreSpec* find_store(const std::string& name) const;
};

// What runs as one task per partition: nodes that are connected by edges or by stores.
struct SubTopology {
  int id = 0;
  std::vector<NodeId> nodes = {};               // ascending
  std::vector<std::string> source_topics = {};  // sorted, named as in the topology
  std::vector<std::string> stores = {};         // in the order of Topology::stores
  bool global = false;                          // fills a global store: each instance runs it once, for all partitions
};

// Numbered as Kafka Streams numbers them: in the order their first node was added.
std::vector<SubTopology> sub_topologies(const Topology& topology);

// Every node may read a global store, so only the one that fills it belongs to it.
void disconnect_readers_of_global_stores(Topology& topology);

// kInvalidArgument with the node's or store's name: names used twice, a topic read by two sources, a source without
// topics, a sink or processor without parents, a store nobody uses or that is not there.
absl::Status validate(const Topology& topology);

// The text of Kafka Streams' Topology.describe().toString(), byte for byte.
std::string describe(const Topology& topology);

}  // namespace levada
