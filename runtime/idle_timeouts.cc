#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include <levada/runtime/idle_timeouts.h>

namespace levada {
namespace {

// By the source topic, as the topology names it; without an entry it is not known yet.
using Known = std::map<std::string, std::optional<Duration>>;

bool writes_to(const Topology& topology, const SubTopology& part, const std::string& topic) {
  return std::ranges::any_of(part.nodes, [&](NodeId id) {
    const NodeSpec& node = topology.nodes[id];
    return node.kind == NodeKind::kSink && std::ranges::count(node.topics, topic) > 0;
  });
}

Known of_external_sources(const Topology& topology, const IdleTimeouts& timeouts) {
  Known known;
  for (const NodeSpec& node : topology.nodes) {
    if (node.kind != NodeKind::kSource) continue;
    for (const std::string& topic : node.topics) {
      if (topology.repartition_topics.contains(topic)) continue;
      known[topic] = node.idle_timeout ? node.idle_timeout : timeouts.by_default;
    }
  }
  return known;
}

// False if some source of a sub-topology that writes to the topic is not known yet.
bool find_out(const std::string& repartition_topic, const Topology& topology, const std::vector<SubTopology>& parts,
              Duration held_back, Known& known) {
  std::optional<Duration> longest = Duration(0);
  for (const SubTopology& part : parts) {
    if (!writes_to(topology, part, repartition_topic)) continue;
    for (const std::string& source : part.source_topics) {
      const auto found = known.find(source);
      if (found == known.end()) return false;
      longest = longest && found->second ? std::optional(std::max(*longest, *found->second)) : std::nullopt;
    }
  }
  if (longest) *longest += held_back;
  known[repartition_topic] = longest;
  return true;
}

// Of topics that are fed from themselves, as those of foreign-key joins are, it stays unknown.
Known idle_timeouts(const Topology& topology, const IdleTimeouts& timeouts) {
  Known known = of_external_sources(topology, timeouts);
  const std::vector<SubTopology> parts = sub_topologies(topology);
  for (bool any = true; any;) {
    any = false;
    for (const auto& [name, topic] : topology.repartition_topics) {
      if (!known.contains(name)) any = find_out(name, topology, parts, timeouts.commit_interval, known) || any;
    }
  }
  return known;
}

}  // namespace

void set_idle_timeouts(const IdleTimeouts& timeouts, TaskPlan& plan) {
  const Known known = idle_timeouts(*plan.topology, timeouts);
  for (TaskInput& input : plan.inputs) {
    const auto found = known.find(input.topic_in_topology);
    if (found != known.end()) input.idle_timeout = found->second;
  }
}

}  // namespace levada
