// Defects that an application could have: each made where its clients ask the cluster, so that the library itself knows
// nothing of them. A simulation must find each.
//
//   for (const Defect& defect : defects()) simulate(topology, seed, guarantee, defect.view);
#pragma once

#include <string>
#include <vector>

#include <levada/runtime/simulation/world.h>
#include <levada/runtime/streams_config.h>

namespace levada::testing {

struct Defect {
  std::string name = {};
  internal::ClusterView view = {};
  ProcessingGuarantee guarantee = ProcessingGuarantee::kExactlyOnceV2;
};

const std::vector<Defect>& defects();

}  // namespace levada::testing
