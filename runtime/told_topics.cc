#include <algorithm>
#include <map>
#include <set>

#include <levada/runtime/told_topics.h>

namespace levada {
namespace {

// The topics that the sub-topology writes to, each with whether results are held back on some way there.
std::map<std::string, bool> topics_behind(const Topology& topology, const SubTopology& part) {
  std::map<NodeId, bool> held_back;  // parents come first
  std::map<std::string, bool> topics;
  for (const NodeId id : part.nodes) {
    const NodeSpec& node = topology.nodes[id];
    bool held = node.holds_back;
    for (const NodeId parent : node.parents) held = held || held_back[parent];
    held_back[id] = held;
    if (node.kind != NodeKind::kSink) continue;
    for (const std::string& topic : node.topics) topics[topic] = topics[topic] || held;
  }
  return topics;
}

bool writes_to(const Topology& topology, const SubTopology& part, const std::string& topic) {
  return topics_behind(topology, part).contains(topic);
}

bool reads(const SubTopology& part, const std::string& topic) {
  return std::ranges::count(part.source_topics, topic) > 0;
}

// What is written behind `topic`, in however many steps.
std::set<std::string> topics_behind(const Topology& topology, const std::vector<SubTopology>& parts,
                                    const std::string& topic) {
  std::set<std::string> behind;
  std::vector<std::string> open = {topic};
  while (!open.empty()) {
    const std::string current = open.back();
    open.pop_back();
    for (const SubTopology& part : parts) {
      if (!reads(part, current)) continue;
      for (const auto& [written, held_back] : topics_behind(topology, part)) {
        if (behind.insert(written).second) open.push_back(written);
      }
    }
  }
  return behind;
}

bool is_told(const Topology& topology, const std::vector<SubTopology>& parts, const std::string& topic) {
  const auto found = topology.repartition_topics.find(topic);
  return found != topology.repartition_topics.end() && found->second.of_stream &&
         !topics_behind(topology, parts, topic).contains(topic);
}

}  // namespace

bool feeds_tasks(const Topology& topology, const SubTopology& part) {
  const auto is_read = [&topology](const NodeSpec& sink) {
    return std::ranges::any_of(topology.nodes, [&sink](const NodeSpec& node) {
      const auto reads = [&node](const std::string& topic) { return std::ranges::count(node.topics, topic) > 0; };
      return node.kind == NodeKind::kSource && (node.pattern || std::ranges::any_of(sink.topics, reads));
    });
  };
  return std::ranges::any_of(part.nodes, [&](NodeId id) {
    const NodeSpec& node = topology.nodes[id];
    return node.kind == NodeKind::kSink && (node.topics.empty() || is_read(node));
  });
}

std::vector<ToldTopic> told_topics(const Topology& topology, const std::vector<SubTopology>& parts,
                                   const SubTopology& part) {
  std::vector<ToldTopic> told;
  for (const auto& [topic, held_back] : topics_behind(topology, part)) {
    if (is_told(topology, parts, topic)) told.push_back({.name = topic, .held_back = held_back});
  }
  return told;
}

std::vector<int> telling_sub_topologies(const Topology& topology, const std::vector<SubTopology>& parts,
                                        const std::string& topic) {
  std::vector<int> telling;
  if (!is_told(topology, parts, topic)) return telling;
  for (const SubTopology& part : parts) {
    if (writes_to(topology, part, topic)) telling.push_back(part.id);
  }
  return telling;
}

}  // namespace levada
