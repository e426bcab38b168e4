// Reads what describe() writes, and what Kafka Streams' Topology.describe().toString() does.
//
//   absl::StatusOr<SavedTopology> topology = internal::read_description(text);
//
// The text, line by line:
//   Topologies:
//      Sub-topology: 0
//       Source: NAME (topics: [a, b])          or (topics: PATTERN)
//         --> CHILD, CHILD                     or none
//       Processor: NAME (stores: [s])
//         --> …
//         <-- PARENT, PARENT
//       Sink: NAME (topic: t)                  or (extractor class: …)
//         <-- …
#pragma once

#include <string_view>

#include <absl/status/statusor.h>

#include <levada/core/saved_topology.h>

namespace levada::internal {

absl::StatusOr<SavedTopology> read_description(std::string_view text);

}  // namespace levada::internal
