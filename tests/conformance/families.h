// Kafka Streams' recorded topologies by family of operators: each has a file of its own, <family>_topologies.cc, with
// a function for each scenario of data/scenarios.json and each id of data/describe that belongs to it.
//
//   for (const Family& family : families()) …
#pragma once

#include <map>
#include <string>
#include <vector>

#include <levada/core/build_options.h>
#include <levada/core/topology.h>

namespace levada {

using TopologyMakers = std::map<std::string, Topology (*)()>;

// One topology built in two ways, for functions that take how to build it. What Kafka Streams describes of the second
// stands under the id with ".optimized" behind.
template <Topology (*build)(const BuildOptions&)>
Topology as_it_is() {
  return build({});
}
template <Topology (*build)(const BuildOptions&)>
Topology optimized() {
  return build({.optimization = TopologyOptimization::all()});
}

struct Family {
  TopologyMakers scenarios = {};     // by name
  TopologyMakers descriptions = {};  // by id
};

Family table_topologies();
Family window_topologies();
Family join_topologies();
Family global_topologies();
Family processor_topologies();

inline std::vector<Family> families() {
  return {table_topologies(), window_topologies(), join_topologies(), global_topologies(), processor_topologies()};
}

}  // namespace levada
