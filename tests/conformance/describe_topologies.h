// The topologies that Kafka Streams described in data/describe, built with Levada's DSL: one function for each id, a
// translation of the id's .java.txt.
//
//   for (const auto& [id, build] : describe_topologies()) …
//
// Ids that are missing need operators Levada does not have yet.
#pragma once

#include <map>
#include <string>

#include <levada/core/topology.h>

namespace levada {

std::map<std::string, Topology (*)()> describe_topologies();

}  // namespace levada
