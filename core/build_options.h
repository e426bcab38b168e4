// What a builder is told when it makes a topology of what it knows: Kafka Streams' settings that shape a topology.
//
//   absl::StatusOr<Topology> topology = builder.build({.optimization = TopologyOptimization::all()});
//   absl::StatusOr<Topology> topology = builder.build(config.build_options());      // as the configuration says
//
// Values.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <levada/core/processor_wrapper.h>
#include <levada/core/topology.h>

namespace levada {

struct BuildOptions {
  TopologyOptimization optimization = {};
  DslStoreFormat store_format = DslStoreFormat::kDefault;
  // Stores and internal topics with generated names are mistakes: such names change when the topology does.
  bool ensure_explicit_internal_resource_naming = false;
  ProcessorWrapping wrapper = {};
};

namespace internal {

// For builders: the topology with the wrapper around its processors, validated.
absl::StatusOr<Topology> finish(Topology topology, const BuildOptions& options);

// kInvalidArgument with all stores and internal topics whose names are generated.
absl::Status check_explicit_names(const Topology& topology);

}  // namespace internal
}  // namespace levada
