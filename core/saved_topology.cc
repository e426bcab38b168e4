#include <algorithm>
#include <cctype>
#include <map>
#include <utility>

#include <absl/status/status.h>
#include <absl/strings/str_cat.h>

#include <levada/core/description_reader.h>
#include <levada/core/saved_topology.h>
#include <levada/core/text.h>

namespace levada {
namespace {

constexpr std::int32_t kVersion = 1;

const char* kind_of(NodeKind kind) {
  switch (kind) {
    case NodeKind::kSource:
      return "source";
    case NodeKind::kProcessor:
      return "processor";
    case NodeKind::kSink:
      return "sink";
  }
  return "";
}

std::string kind_of(const StoreSpec& store) {
  return absl::StrCat(store.timestamped ? "timestamped " : "", name_of(store.shape),
                      store.retain_duplicates ? " with duplicates" : "");
}

SavedNode saved_node(const Topology& topology, const NodeSpec& node, int sub_topology) {
  SavedNode saved = {.kind = kind_of(node.kind), .name = node.name, .sub_topology = sub_topology};
  for (const NodeId parent : node.parents) saved.parents.push_back(topology.nodes[parent].name);
  saved.topics = node.pattern ? std::vector<std::string>{node.pattern->text()} : node.topics;
  saved.stores = node.stores;
  return saved;
}

SavedStore saved_store(const StoreSpec& store) {
  SavedStore saved = {.name = store.name, .kind = kind_of(store), .logging = store.logging};
  if (store.retention != Duration()) saved.retention = store.retention.count();
  if (!store.filled_by.empty()) saved.filled_by = store.filled_by;
  return saved;
}

NodeKind kind_named(const std::string& name) {
  if (name == "source") return NodeKind::kSource;
  return name == "sink" ? NodeKind::kSink : NodeKind::kProcessor;
}

bool is_topic_name(const std::string& text) {
  return std::ranges::all_of(text, [](unsigned char c) { return std::isalnum(c) || c == '.' || c == '_' || c == '-'; });
}

// Parents that are not there, or come later, are left out: nobody wrote that.
NodeSpec node_of(const SavedNode& saved, const std::map<std::string, NodeId>& ids) {
  NodeSpec node = {.kind = kind_named(saved.kind), .name = saved.name, .topics = saved.topics, .stores = saved.stores};
  if (is_pattern(saved)) node.pattern = TopicPattern(saved.topics.front());
  for (const std::string& parent : saved.parents) {
    if (const auto found = ids.find(parent); found != ids.end()) node.parents.push_back(found->second);
  }
  return node;
}

}  // namespace

SavedTopology saved(const Topology& topology) {
  SavedTopology saved;
  for (const SubTopology& part : sub_topologies(topology)) {
    for (const NodeId id : part.nodes) saved.nodes.push_back(saved_node(topology, topology.nodes[id], part.id));
  }
  for (const StoreSpec& store : topology.stores) saved.stores.push_back(saved_store(store));
  for (const auto& [name, topic] : topology.repartition_topics) {
    saved.repartition_topics.push_back({.name = name, .partitions = topic.partitions});
  }
  return saved;
}

bool is_pattern(const SavedNode& node) {
  return node.kind == "source" && node.topics.size() == 1 && !is_topic_name(node.topics.front());
}

std::string describe(const SavedTopology& saved) {
  Topology topology;
  std::map<std::string, NodeId> ids;
  for (const SavedNode& node : saved.nodes) ids[node.name] = topology.add(node_of(node, ids));
  for (const SavedStore& store : saved.stores) {
    topology.stores.push_back({.name = store.name, .filled_by = store.filled_by.value_or("")});
  }
  return describe(topology);
}

absl::StatusOr<SavedTopology> read_saved_topology(std::string_view text) {
  if (!internal::trim(text).starts_with('{')) return internal::read_description(text);
  try {
    SavedTopology saved = from_json<SavedTopology>(text);
    if (saved.version == kVersion) return saved;
    return absl::InvalidArgumentError(
        absl::StrCat("a saved topology of version ", saved.version, "; this program reads version ", kVersion));
  } catch (const SerdeError& error) {
    return absl::InvalidArgumentError(absl::StrCat("no saved topology: ", error.what()));
  }
}

}  // namespace levada
