// A topology that stands in a file: the JSON of a SavedTopology, or the text of describe().
//
//   absl::StatusOr<SavedTopology> topology = read_topology_file("orders.topology.json");
#pragma once

#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include <levada/core/saved_topology.h>

namespace levada {

// kNotFound, or kInvalidArgument for a file that is neither; the message begins with the path.
absl::StatusOr<SavedTopology> read_topology_file(const std::string& path);

// The topics an application of this id makes for the topology: changelogs, then those between sub-topologies.
std::vector<std::string> internal_topics(const SavedTopology& topology, const std::string& application_id);
// What it reads of others, sorted; patterns are left out.
std::vector<std::string> input_topics(const SavedTopology& topology);

}  // namespace levada
