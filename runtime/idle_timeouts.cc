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

std::optional<Duration> of_source(const NodeSpec& source, const IdleTimeouts& timeouts) {
  return source.idle_timeout ? source.idle_timeout : timeouts.by_default;
}

std::optional<Duration> longer(std::optional<Duration> one, std::optional<Duration> other) {
  return one && other ? std::optional(std::max(*one, *other)) : std::nullopt;
}

Known of_external_sources(const Topology& topology, const IdleTimeouts& timeouts) {
  Known known;
  for (const NodeSpec& node : topology.nodes) {
    if (node.kind != NodeKind::kSource) continue;
    for (const std::string& topic : node.topics) {
      if (topology.repartition_topics.contains(topic)) continue;
      known[topic] = of_source(node, timeouts);
    }
  }
  return known;
}

// False if some source of a sub-topology that writes to the topic is not known yet.
bool find_out(const std::string& repartition_topic, const Topology& topology, const std::vector<SubTopology>& parts,
              const IdleTimeouts& timeouts, Known& known) {
  std::optional<Duration> longest = Duration(0);
  for (const SubTopology& part : parts) {
    if (!writes_to(topology, part, repartition_topic)) continue;
    for (const NodeId id : part.nodes) {
      const NodeSpec& node = topology.nodes[id];
      if (node.pattern) longest = longer(longest, of_source(node, timeouts));  // also of topics that come later
    }
    for (const std::string& source : part.source_topics) {
      const auto found = known.find(source);
      if (found == known.end()) return false;
      longest = longer(longest, found->second);
    }
  }
  if (longest) *longest += timeouts.commit_interval;
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
      if (!known.contains(name)) any = find_out(name, topology, parts, timeouts, known) || any;
    }
  }
  return known;
}

// Of a topic that the topology does not know by its name.
std::optional<Duration> of_pattern(const std::string& topic, const Topology& topology, const IdleTimeouts& timeouts) {
  for (const NodeSpec& node : topology.nodes) {
    if (node.pattern && node.pattern->matches(topic)) return of_source(node, timeouts);
  }
  return std::nullopt;
}

}  // namespace

void set_idle_timeouts(const IdleTimeouts& timeouts, const Topology& topology, absl::Span<TaskInput> inputs) {
  const Known known = idle_timeouts(topology, timeouts);
  for (TaskInput& input : inputs) {
    const auto found = known.find(input.topic_in_topology);
    input.idle_timeout = found != known.end() ? found->second : of_pattern(input.topic_in_topology, topology, timeouts);
  }
}

}  // namespace levada
