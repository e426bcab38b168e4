// Cases of the Processor API: their steps add sources, processors with stores and sinks by name. WiredSteps.java does
// the same.
#pragma once

#include <absl/status/statusor.h>
#include <nlohmann/json.hpp>

#include <levada/core/build_options.h>
#include <levada/core/topology.h>

namespace levada::differential {

absl::StatusOr<Topology> wire(const nlohmann::json& steps, const BuildOptions& options);

}  // namespace levada::differential
