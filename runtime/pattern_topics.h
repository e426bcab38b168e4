// Which topics the patterns of a topology match.
//
//   if (reads_patterns(topology)) resolved = with_matching_topics(topology, "app", all_topics_of_the_cluster);
//
// Neither Kafka's own topics nor those the application keeps for itself are matched.
#pragma once

#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include <levada/core/topology.h>

namespace levada {

bool reads_patterns(const Topology& topology);

// The topology with the topics that each of its patterns matches. kInvalidArgument when two patterns match one.
absl::StatusOr<Topology> with_matching_topics(Topology topology, const std::string& application_id,
                                              std::vector<std::string> existing);

}  // namespace levada
