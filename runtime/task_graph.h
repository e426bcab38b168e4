// The running nodes of one task, built and wired from its sub-topology.
//
//   TaskGraph graph(topology, sub_topology, context);     // a processor's constructor may throw: so may this
//   graph.source("orders").reader();
//
// Owned by the task; destroyed before its stores.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <levada/core/source.h>
#include <levada/core/topology.h>
#include <levada/runtime/task_context.h>

namespace levada {

class TaskGraph {
 public:
  // Throws ProcessorError with the name of the node that could not be built.
  TaskGraph(const Topology& topology, const std::vector<NodeId>& nodes, TaskContext& context);

  // The source that reads the topic, named as the topology does, or whose pattern matches it. Throws
  // std::invalid_argument if there is none.
  SourceReader& source(const std::string& topic) const;

 private:
  Node& build(const NodeSpec& spec, TaskContext& context);

  std::vector<std::unique_ptr<Node>> nodes_ = {};  // parents first
  std::map<std::string, SourceReader*> sources_ = {};
  std::vector<std::pair<TopicPattern, SourceReader*>> pattern_sources_ = {};
};

}  // namespace levada
