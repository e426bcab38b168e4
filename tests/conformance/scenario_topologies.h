// The topologies that Kafka Streams ran for data/scenarios.json, built with Levada's DSL: one function for each
// scenario, a translation of its "topology".
//
//   for (const auto& [name, build] : scenario_topologies()) …
//
// Scenarios that are missing need operators Levada does not have yet.
#pragma once

#include <map>
#include <string>

#include <levada/core/topology.h>

namespace levada {

std::map<std::string, Topology (*)()> scenario_topologies();

}  // namespace levada
