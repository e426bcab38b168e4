#include "tools/levada/parts.h"

#include <algorithm>
#include <map>

#include <levada/core/generated_name.h>

namespace levada {
namespace {

using Names = std::set<std::string>;

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

// The edges of a topology in both directions, through its own topics as well.
class Flow {
 public:
  explicit Flow(const SavedTopology& topology) {
    for (const SavedRepartitionTopic& topic : topology.repartition_topics) internal_.insert(topic.name);
    for (const SavedNode& node : topology.nodes) {
      nodes_[node.name] = &node;
      for (const std::string& parent : node.parents) connect(parent, node.name);
      for (const std::string& topic : node.topics) {
        if (!internal_.contains(topic)) continue;
        // A topic stands between its writers and readers as a node of its own would.
        node.kind == "sink" ? connect(node.name, topic) : connect(topic, node.name);
      }
    }
  }

  // The topics of others that sources above read, and those that sinks below write.
  Names inputs(const std::string& from) const { return topics(from, "source", above_); }
  Names outputs(const std::string& from) const { return topics(from, "sink", below_); }
  Names children(const std::string& node) const { return neighbours(below_, node); }

 private:
  using Edges = std::map<std::string, Names>;

  void connect(const std::string& parent, const std::string& child) {
    below_[parent].insert(child);
    above_[child].insert(parent);
  }

  static Names neighbours(const Edges& edges, const std::string& node) {
    const auto found = edges.find(node);
    return found == edges.end() ? Names() : found->second;
  }

  Names topics(const std::string& from, std::string_view kind, const Edges& edges) const {
    Names found;
    Names seen;
    std::vector<std::string> waiting = {from};
    while (!waiting.empty()) {
      const std::string name = waiting.back();
      waiting.pop_back();
      if (!seen.insert(name).second) continue;
      const auto node = nodes_.find(name);
      if (node != nodes_.end() && node->second->kind == kind) {
        for (const std::string& topic : node->second->topics) {
          if (!internal_.contains(topic)) found.insert(topic);
        }
      }
      for (const std::string& next : neighbours(edges, name)) waiting.push_back(next);
    }
    return found;
  }

  Names internal_ = {};
  std::map<std::string, const SavedNode*> nodes_ = {};
  Edges above_ = {};
  Edges below_ = {};
};

Part part_of(const SavedStore& store, const SavedTopology& topology, const Flow& flow) {
  Part part = {
      .what = "store", .name = store.name, .kind = store.kind, .logging = store.logging, .retention = store.retention};
  for (const SavedNode& node : topology.nodes) {
    if (!contains(node.stores, store.name)) continue;
    part.sub_topology = node.sub_topology;
    part.steps.insert(internal::without_number(node.name));
    part.inputs.merge(flow.inputs(node.name));
    part.outputs.merge(flow.outputs(node.name));
  }
  return part;
}

Part part_of(const SavedRepartitionTopic& topic, const SavedTopology& topology, const Flow& flow) {
  Part part = {.what = "repartition topic",
               .name = topic.name,
               .partitions = topic.partitions,
               .inputs = flow.inputs(topic.name),
               .outputs = flow.outputs(topic.name)};
  for (const SavedNode& node : topology.nodes) {
    if (node.kind != "source" || !contains(node.topics, topic.name)) continue;
    part.sub_topology = node.sub_topology;
    for (const std::string& child : flow.children(node.name)) part.steps.insert(internal::without_number(child));
  }
  return part;
}

}  // namespace

std::vector<Part> parts_of(const SavedTopology& topology) {
  const Flow flow(topology);
  std::vector<Part> parts;
  for (const SavedStore& store : topology.stores) parts.push_back(part_of(store, topology, flow));
  for (const auto& topic : topology.repartition_topics) parts.push_back(part_of(topic, topology, flow));
  return parts;
}

}  // namespace levada
