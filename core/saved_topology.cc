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

const char* shape_of(StoreShape shape) {
  switch (shape) {
    case StoreShape::kKeyValue:
      return "key-value store";
    case StoreShape::kWindow:
      return "window store";
    case StoreShape::kVersioned:
      return "versioned store";
    case StoreShape::kSession:
      return "session store";
    case StoreShape::kChangeBuffer:
      return "buffer of changes";
  }
  return "";
}

std::string kind_of(const StoreSpec& store) {
  return absl::StrCat(store.timestamped ? "timestamped " : "", shape_of(store.shape),
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
  return saved;
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
