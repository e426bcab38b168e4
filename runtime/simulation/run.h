// One run of a simulation from beginning to end: without faults, with them, and what must be true then.
//
//   ASSIGN_OR_RETURN(SimulationReport report, run_simulation(simulation));
#pragma once

#include <absl/status/statusor.h>

#include <levada/runtime/simulation.h>
#include <levada/runtime/simulation/world.h>

namespace levada::internal {

// Errors are those of Simulation::run(). With a view, the instances of the run with faults see the cluster through it.
absl::StatusOr<SimulationReport> run_simulation(const Simulation& simulation, const ClusterView& view = {});

}  // namespace levada::internal
