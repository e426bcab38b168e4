#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include <levada/runtime/internal_topics.h>
#include <levada/runtime/pattern_topics.h>

namespace levada {
namespace {

std::set<std::string> never_matched(const Topology& topology, const std::string& application_id) {
  std::set<std::string> names = {"__consumer_offsets", "__transaction_state", "__share_group_state"};
  for (const auto& [name, topic] : topology.repartition_topics) {
    names.insert(full_topic_name(topology, application_id, name));
  }
  for (const StoreSpec& store : topology.stores) names.insert(changelog_topic_name(application_id, store.name));
  return names;
}

}  // namespace

bool reads_patterns(const Topology& topology) {
  return std::ranges::any_of(topology.nodes, [](const NodeSpec& node) { return node.pattern.has_value(); });
}

absl::StatusOr<Topology> with_matching_topics(Topology topology, const std::string& application_id,
                                              std::vector<std::string> existing) {
  const std::set<std::string> excluded = never_matched(topology, application_id);
  std::erase_if(existing, [&](const std::string& topic) { return excluded.contains(topic); });
  std::ranges::sort(existing);
  std::map<std::string, std::string> reader_of;
  for (NodeSpec& node : topology.nodes) {
    if (!node.pattern) continue;
    node.topics = node.pattern->matching(existing);
    for (const std::string& topic : node.topics) {
      const auto [reader, first] = reader_of.try_emplace(topic, node.name);
      if (first) continue;
      return absl::InvalidArgumentError(
          fmt::format("topic {} matches the patterns of two sources, {} and {}", topic, reader->second, node.name));
    }
  }
  return topology;
}

}  // namespace levada
