#include <algorithm>
#include <cstddef>
#include <map>
#include <string>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include <levada/core/java_order.h>
#include <levada/core/topology_description.h>

namespace levada {

namespace {

// Orders the nodes of one sub-topology. A node's size is one more than those of all its children; larger nodes come
// first. The lists of neighbours are filled in the middle of the counting and keep the order of that moment.
class Arrangement {
 public:
  Arrangement(const Topology& topology, const SubTopology& part) : topology_(topology), part_(part) {
    for (const NodeId id : part.nodes) entries_.emplace(id, Entry(*this, topology.nodes[id].name));
    for (const NodeId id : nodes_in_hash_order()) connect(id);
  }

  DescribedSubTopology result() const {
    DescribedSubTopology described = {.id = part_.id, .global = part_.global};
    std::vector<NodeId> order = part_.nodes;
    std::sort(order.begin(), order.end(), [this](NodeId a, NodeId b) { return compare(a, b) < 0; });
    for (const NodeId id : order) {
      const Entry& entry = entries_.at(id);
      described.nodes.push_back(
          {.id = id, .successors = entry.successors.values(), .predecessors = entry.predecessors.values()});
    }
    return described;
  }

 private:
  struct Entry {
    Entry(const Arrangement& owner, const std::string& node_name)
        : name(internal::to_utf16(node_name)),
          successors([&owner](NodeId a, NodeId b) { return owner.compare(a, b); }),
          predecessors([&owner](NodeId a, NodeId b) { return owner.compare(a, b); }) {}

    std::u16string name;
    std::size_t size = 1;
    internal::JavaTreeSet successors;
    internal::JavaTreeSet predecessors;
  };

  int compare(NodeId a, NodeId b) const {
    const Entry& left = entries_.at(a);
    const Entry& right = entries_.at(b);
    if (left.size != right.size) return left.size > right.size ? -1 : 1;
    return left.name.compare(right.name);
  }

  // The names go through a HashSet and then through a HashMap, which changes the order within a bucket.
  std::vector<NodeId> nodes_in_hash_order() const {
    std::map<std::string, NodeId> ids;
    std::vector<std::string> names;
    for (const NodeId id : part_.nodes) {
      names.push_back(topology_.nodes[id].name);
      ids[names.back()] = id;
    }
    std::vector<NodeId> order;
    for (const std::string& name : internal::java_hash_order(internal::java_hash_order(names))) {
      order.push_back(ids.at(name));
    }
    return order;
  }

  void connect(NodeId id) {
    Entry& node = entries_.at(id);
    for (const NodeId parent : topology_.nodes[id].parents) {
      node.predecessors.add(parent);
      entries_.at(parent).successors.add(id);
      grow(parent, node.size);
    }
  }

  void grow(NodeId id, std::size_t by) {
    Entry& node = entries_.at(id);
    node.size += by;
    for (const NodeId parent : node.predecessors.values()) grow(parent, by);
  }

  const Topology& topology_;
  const SubTopology& part_;
  std::map<NodeId, Entry> entries_ = {};
};

std::string name_list(const Topology& topology, const std::vector<NodeId>& ids) {
  if (ids.empty()) return "none";
  return absl::StrJoin(ids, ", ", [&](std::string* out, NodeId id) { absl::StrAppend(out, topology.nodes[id].name); });
}

std::string hash_set_text(const std::vector<std::string>& names) {
  return absl::StrCat("[", absl::StrJoin(internal::java_hash_order(names), ", "), "]");
}

std::string head_line(const NodeSpec& node) {
  switch (node.kind) {
    case NodeKind::kSource:
      if (node.pattern) return absl::StrCat("Source: ", node.name, " (topics: ", node.pattern->text(), ")");
      return absl::StrCat("Source: ", node.name, " (topics: ", hash_set_text(node.topics), ")");
    case NodeKind::kProcessor:
      return absl::StrCat("Processor: ", node.name, " (stores: ", hash_set_text(node.stores), ")");
    case NodeKind::kSink:
      if (node.topics.empty()) return absl::StrCat("Sink: ", node.name, " (extractor class: <function>)");
      return absl::StrCat("Sink: ", node.name, " (topic: ", node.topics.front(), ")");
  }
  return {};
}

void append_node(const Topology& topology, const DescribedNode& described, std::string& out) {
  const NodeSpec& node = topology.nodes[described.id];
  absl::StrAppend(&out, "    ", head_line(node), "\n");
  if (node.kind != NodeKind::kSink) {
    absl::StrAppend(&out, "      --> ", name_list(topology, described.successors), "\n");
  }
  if (node.kind != NodeKind::kSource) {
    absl::StrAppend(&out, "      <-- ", name_list(topology, described.predecessors), "\n");
  }
}

}  // namespace

std::vector<DescribedSubTopology> describe_nodes(const Topology& topology) {
  std::vector<DescribedSubTopology> described;
  for (const SubTopology& part : sub_topologies(topology)) described.push_back(Arrangement(topology, part).result());
  return described;
}

std::string describe(const Topology& topology) {
  std::string out = "Topologies:\n ";
  for (const DescribedSubTopology& part : describe_nodes(topology)) {
    absl::StrAppend(&out, "  Sub-topology: ", part.id,
                    part.global ? " for global store (will not generate tasks)\n" : "\n");
    for (const DescribedNode& node : part.nodes) append_node(topology, node, out);
    if (!part.global) absl::StrAppend(&out, "\n");
  }
  return out;
}

}  // namespace levada
