#include <algorithm>
#include <numeric>
#include <utility>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include <levada/core/topology.h>

namespace levada {

namespace {

// Finds which nodes hang together: a forest in which every node knows a smaller one of its own group.
class Groups {
 public:
  explicit Groups(std::size_t size) : parent_(size) { std::iota(parent_.begin(), parent_.end(), NodeId{0}); }

  NodeId root(NodeId node) const {
    while (parent_[node] != node) node = parent_[node];
    return node;
  }

  void join(NodeId a, NodeId b) {
    const auto [low, high] = std::minmax({root(a), root(b)});
    parent_[high] = low;
  }

 private:
  std::vector<NodeId> parent_;
};

Groups group_nodes(const Topology& topology) {
  Groups groups(topology.nodes.size());
  std::map<std::string, NodeId> user_of_store;
  for (NodeId id = 0; id < topology.nodes.size(); ++id) {
    for (const NodeId parent : topology.nodes[id].parents) groups.join(parent, id);
    for (const std::string& store : topology.nodes[id].stores) {
      groups.join(user_of_store.try_emplace(store, id).first->second, id);
    }
  }
  return groups;
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool uses_store(const Topology& topology, const SubTopology& part, const std::string& store) {
  return std::any_of(part.nodes.begin(), part.nodes.end(),
                     [&](NodeId id) { return contains(topology.nodes[id].stores, store); });
}

void complete(SubTopology& part, const Topology& topology) {
  for (const NodeId id : part.nodes) {
    const NodeSpec& node = topology.nodes[id];
    if (node.kind != NodeKind::kSource) continue;
    part.source_topics.insert(part.source_topics.end(), node.topics.begin(), node.topics.end());
  }
  std::sort(part.source_topics.begin(), part.source_topics.end());
  for (const StoreSpec& store : topology.stores) {
    if (!uses_store(topology, part, store.name)) continue;
    part.stores.push_back(store.name);
    part.global = part.global || !store.filled_by.empty();
  }
}

class Validator {
 public:
  explicit Validator(const Topology& topology) : topology_(topology) {}

  absl::Status run() {
    check_store_names();
    for (NodeId id = 0; id < topology_.nodes.size(); ++id) check_node(id);
    for (const NodeSpec& node : topology_.nodes) {
      if (node.pattern) check_pattern(node);
    }
    for (const StoreSpec& store : topology_.stores) {
      if (!used_stores_.contains(store.name)) wrong("store ", store.name, ": no processor uses it");
      if (!store.source_topic.empty() && !readers_.contains(store.source_topic)) {
        wrong("store ", store.name, ": nobody reads topic ", store.source_topic, ", from which it is restored");
      }
    }
    if (mistakes_.empty()) return absl::OkStatus();
    return absl::InvalidArgumentError(absl::StrJoin(mistakes_, "; "));
  }

 private:
  template <class... Parts>
  void wrong(const Parts&... parts) {
    mistakes_.push_back(absl::StrCat(parts...));
  }

  void check_store_names() {
    std::set<std::string> names;
    for (const StoreSpec& store : topology_.stores) {
      if (store.name.empty()) wrong("a store has no name");
      if (!names.insert(store.name).second) wrong("store ", store.name, ": the name is used twice");
    }
  }

  void check_node(NodeId id) {
    const NodeSpec& node = topology_.nodes[id];
    if (node.name.empty()) wrong("a node has no name");
    if (!node_names_.insert(node.name).second) wrong("node ", node.name, ": the name is used twice");
    check_parents(node, id);
    if (node.kind == NodeKind::kSource) check_topics(node);
    for (const std::string& store : node.stores) {
      used_stores_.insert(store);
      if (topology_.find_store(store) == nullptr) wrong("node ", node.name, ": there is no store ", store);
    }
  }

  void check_parents(const NodeSpec& node, NodeId id) {
    const bool source = node.kind == NodeKind::kSource;
    if (!source && node.parents.empty()) wrong("node ", node.name, ": nothing sends records to it");
    if (source && !node.parents.empty()) wrong("source ", node.name, ": a source has no parents");
    for (const NodeId parent : node.parents) {
      if (parent >= id) {
        wrong("node ", node.name, ": a parent must be added before it");
      } else if (topology_.nodes[parent].kind == NodeKind::kSink) {
        wrong("node ", node.name, ": its parent ", topology_.nodes[parent].name, " is a sink");
      }
    }
  }

  void check_topics(const NodeSpec& source) {
    if (source.topics.empty() && !source.pattern) wrong("source ", source.name, ": reads no topic");
    if (source.reset && source.reset->duration() < Duration()) {
      wrong("source ", source.name, ": .reset is by a negative duration");
    }
    for (const std::string& topic : source.topics) {
      const auto [reader, first] = readers_.try_emplace(topic, source.name);
      if (!first) wrong("topic ", topic, ": read by both ", reader->second, " and ", source.name);
    }
  }

  void check_pattern(const NodeSpec& source) {
    const absl::Status status = source.pattern->check();
    if (!status.ok()) return wrong("source ", source.name, ": ", std::string(status.message()));
    for (const auto& [topic, reader] : readers_) {
      if (reader == source.name || topology_.repartition_topics.contains(topic)) continue;
      if (!source.pattern->matches(topic)) continue;
      wrong("topic ", topic, ": read by ", reader, ", and the pattern '", source.pattern->text(), "' of ", source.name,
            " matches it");
    }
  }

  const Topology& topology_;
  std::set<std::string> node_names_ = {};
  std::set<std::string> used_stores_ = {};
  std::map<std::string, std::string> readers_ = {};  // the source of each topic
  std::vector<std::string> mistakes_ = {};
};

}  // namespace

NodeId Topology::add(NodeSpec node) {
  nodes.push_back(std::move(node));
  return nodes.size() - 1;
}

const StoreSpec* Topology::find_store(const std::string& name) const {
  const auto found =
      std::find_if(stores.begin(), stores.end(), [&](const StoreSpec& store) { return store.name == name; });
  return found == stores.end() ? nullptr : &*found;
}

std::vector<SubTopology> sub_topologies(const Topology& topology) {
  const Groups groups = group_nodes(topology);
  std::vector<SubTopology> parts;
  std::map<NodeId, std::size_t> part_of_root;
  for (NodeId id = 0; id < topology.nodes.size(); ++id) {
    const auto [place, first] = part_of_root.try_emplace(groups.root(id), parts.size());
    if (first) parts.push_back({.id = static_cast<int>(parts.size())});
    parts[place->second].nodes.push_back(id);
  }
  for (SubTopology& part : parts) complete(part, topology);
  return parts;
}

void disconnect_readers_of_global_stores(Topology& topology) {
  for (const StoreSpec& store : topology.stores) {
    if (store.filled_by.empty()) continue;
    for (NodeSpec& node : topology.nodes) {
      if (node.name != store.filled_by) std::erase(node.stores, store.name);
    }
  }
}

absl::Status validate(const Topology& topology) { return Validator(topology).run(); }

}  // namespace levada
