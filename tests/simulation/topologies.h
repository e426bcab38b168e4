// The topologies that are simulated: each with input of its own, of which a seed decides the order, and with what must
// be true of its output whoever crashes.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include <levada/runtime/simulation/world.h>
#include <levada/runtime/streams_config.h>
#include <levada/testing.h>

namespace levada::testing {

struct SimulatedTopology {
  std::string name = {};
  Topology topology = {};
  std::function<void(Simulation&, std::uint64_t seed)> feed = {};
  OutputComparison comparison = OutputComparison::kInOrder;
  std::map<std::string, OutputComparison> comparisons = {};
  std::map<std::string, OutputComparison> at_least_once = {};  // the same, where records may come twice
  std::map<std::string, std::string> settings = {};
};

const std::vector<SimulatedTopology>& simulated_topologies();

// Seeds decide about the number of instances and threads, too. With a view its instances see the cluster through it.
absl::StatusOr<SimulationReport> simulate(const SimulatedTopology& simulated, std::uint64_t seed,
                                          ProcessingGuarantee guarantee, const internal::ClusterView& view = {});

}  // namespace levada::testing
