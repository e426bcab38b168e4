// Which tasks tell which others how far they have come, as it follows from a topology: each sub-topology tells the
// readers of the repartition topics it writes to. And which tasks have others of the application behind them at all.
//
//   std::vector<ToldTopic> topics = told_topics(topology, parts, part);
//   std::vector<int> writers = telling_sub_topologies(topology, parts, "counts-repartition");
//
// Only topics of streams take part: of the others, Kafka Streams could not read marks. Nor do topics whose readers
// write, by whatever way, to what their writers read: each would wait for the other.
#pragma once

#include <string>
#include <vector>

#include <levada/core/topology.h>
#include <levada/runtime/time_teller.h>

namespace levada {

// Whether tasks of this application, of whatever sub-topology, read what the sub-topology writes: also where only
// records say to which topic, and what a pattern might match.
bool feeds_tasks(const Topology& topology, const SubTopology& part);

// By their names in the topology.
std::vector<ToldTopic> told_topics(const Topology& topology, const std::vector<SubTopology>& parts,
                                   const SubTopology& part);
// The ids, ascending.
std::vector<int> telling_sub_topologies(const Topology& topology, const std::vector<SubTopology>& parts,
                                        const std::string& topic);

}  // namespace levada
