// Turns the steps of the DSL into a topology: in the order in which they were attached, each after all of its parents.
#pragma once

#include <vector>

#include <levada/core/topology.h>
#include <levada/dsl/graph/graph_node.h>

namespace levada::internal {

// `steps` is indexed by GraphNodeId; what cannot be reached from `roots` is left out.
Topology write_topology(const std::vector<GraphNode>& steps, const std::vector<GraphNodeId>& roots);

}  // namespace levada::internal
