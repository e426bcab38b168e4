// The nodes of a topology in the order, and with the neighbours in the order, in which Kafka Streams prints them.
//
//   for (const DescribedSubTopology& part : describe_nodes(topology)) …
//
// describe() in topology.h makes the text of it.
#pragma once

#include <vector>

#include <levada/core/topology.h>

namespace levada {

struct DescribedNode {
  NodeId id = 0;
  std::vector<NodeId> successors = {};
  std::vector<NodeId> predecessors = {};
};

struct DescribedSubTopology {
  int id = 0;
  bool global = false;
  std::vector<DescribedNode> nodes = {};
};

std::vector<DescribedSubTopology> describe_nodes(const Topology& topology);

}  // namespace levada
