// The topologies that Kafka Streams ran for data/scenarios.json, built with Levada's DSL: one function for each
// scenario, a translation of its "topology".
//
//   for (const auto& [name, build] : scenario_topologies()) …
//
// Other families have files of their own, see families.h. Scenarios that are missing need operators Levada does not
// have yet.
#pragma once

#include "tests/conformance/families.h"

namespace levada {

TopologyMakers scenario_topologies();

}  // namespace levada
