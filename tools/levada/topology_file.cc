#include "tools/levada/topology_file.h"

#include <fstream>
#include <iterator>
#include <set>

#include <levada/runtime/internal_topics.h>

namespace levada {

absl::StatusOr<SavedTopology> read_topology_file(const std::string& path) {
  std::ifstream file(path);
  if (!file) return absl::NotFoundError(path + ": cannot be read");
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  absl::StatusOr<SavedTopology> topology = read_saved_topology(text);
  if (topology.ok()) return topology;
  return absl::Status(topology.status().code(), path + ": " + std::string(topology.status().message()));
}

std::vector<std::string> internal_topics(const SavedTopology& topology, const std::string& application_id) {
  std::vector<std::string> topics;
  for (const SavedStore& store : topology.stores) {
    if (store.logging.value_or(!store.filled_by)) topics.push_back(changelog_topic_name(application_id, store.name));
  }
  for (const SavedRepartitionTopic& topic : topology.repartition_topics) {
    topics.push_back(application_id + "-" + topic.name);
  }
  return topics;
}

std::vector<std::string> input_topics(const SavedTopology& topology) {
  std::set<std::string> topics;
  for (const SavedNode& node : topology.nodes) {
    if (node.kind == "source" && !is_pattern(node)) topics.insert(node.topics.begin(), node.topics.end());
  }
  for (const SavedRepartitionTopic& topic : topology.repartition_topics) topics.erase(topic.name);
  return {topics.begin(), topics.end()};
}

}  // namespace levada
