// The topologies that Kafka Streams described in data/describe, built with Levada's DSL: one function for each id, a
// translation of the id's .java.txt.
//
//   for (const auto& [id, build] : describe_topologies()) …
//
// Other families have files of their own, see families.h. Ids that are missing need operators Levada does not have
// yet.
#pragma once

#include "tests/conformance/families.h"

namespace levada {

TopologyMakers describe_topologies();

}  // namespace levada
