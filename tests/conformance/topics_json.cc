#include "tests/conformance/topics_json.h"

#include <set>
#include <string>
#include <vector>

#include <levada/runtime/internal_topics.h>

namespace levada {
namespace {

using Json = nlohmann::json;

const InternalTopicSettings kSettings = {.application_id = "app"};

std::string full_name(const Topology& topology, const std::string& topic) {
  return full_topic_name(topology, kSettings.application_id, topic);
}

std::set<std::string> full_names(const Topology& topology, const std::vector<std::string>& topics) {
  std::set<std::string> names;
  for (const std::string& topic : topics) names.insert(full_name(topology, topic));
  return names;
}

std::set<std::string> sink_topics(const Topology& topology, const SubTopology& part) {
  std::set<std::string> names;
  for (const NodeId id : part.nodes) {
    const NodeSpec& node = topology.nodes[id];
    if (node.kind == NodeKind::kSink) names.merge(full_names(topology, node.topics));
  }
  return names;
}

Json repartition_topics(const Topology& topology, const SubTopology& part) {
  Json topics = Json::object();
  for (const std::string& name : part.source_topics) {
    const auto found = topology.repartition_topics.find(name);
    if (found == topology.repartition_topics.end()) continue;
    const auto& partitions = found->second.partitions;
    topics[full_name(topology, name)] = {{"enforced_partitions", partitions ? Json(*partitions) : Json()},
                                         {"config", repartition_topic_config(kSettings)}};
  }
  return topics;
}

Json changelog_topics(const Topology& topology, const SubTopology& part) {
  Json topics = Json::object();
  for (const std::string& name : part.stores) {
    const StoreSpec& store = *topology.find_store(name);
    const bool reused = !store.source_topic.empty();
    if (!store.logging && !reused) continue;
    topics[reused ? store.source_topic : changelog_topic_name(kSettings.application_id, name)] = {
        {"enforced_partitions", nullptr}, {"config", changelog_topic_config(store, kSettings)}};
  }
  return topics;
}

std::set<std::string> reused_topics(const Topology& topology, const SubTopology& part) {
  std::set<std::string> topics;
  for (const std::string& name : part.stores) {
    const StoreSpec& store = *topology.find_store(name);
    if (!store.source_topic.empty()) topics.insert(store.source_topic);
  }
  return topics;
}

}  // namespace

Json topics_json(const Topology& topology) {
  Json parts = Json::array();
  for (const SubTopology& part : sub_topologies(topology)) {
    if (part.source_topics.empty()) continue;  // nothing matches a pattern yet
    if (part.global) continue;
    parts.push_back({{"subtopology", part.id},
                     {"source_topics", full_names(topology, part.source_topics)},
                     {"sink_topics", sink_topics(topology, part)},
                     {"repartition_source_topics", repartition_topics(topology, part)},
                     {"state_changelog_topics", changelog_topics(topology, part)},
                     {"source_topics_reused_as_changelog", reused_topics(topology, part)}});
  }
  Json groups = Json::array();
  for (const std::set<std::string>& group : topology.copartition_groups) {
    std::string text;
    for (const std::string& topic : group) text += (text.empty() ? "" : ", ") + full_name(topology, topic);
    groups.push_back("[" + text + "]");
  }
  return {{"application_id", "app"}, {"subtopologies", parts}, {"copartition_groups", groups}};
}

}  // namespace levada
