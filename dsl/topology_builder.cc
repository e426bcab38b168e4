#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <levada/dsl/global_store.h>
#include <levada/dsl/graph/names.h>
#include <levada/dsl/topology_builder.h>

namespace levada {

TopologyBuilder& TopologyBuilder::add(NodeSpec node, const Names& parents, internal::NodeTypes types) {
  check_name("node", node.name);
  for (const std::string& topic : node.topics) check_name("topic", topic);
  for (const std::string& parent : parents) {
    const std::optional<NodeId> id = find(parent);
    if (!id) {
      mistakes_.push_back(
          fmt::format("node {}: there is no node {} to be its parent; add it before", node.name, parent));
      continue;
    }
    check_types(node, *id, types);
    node.parents.push_back(*id);
  }
  topology_.add(std::move(node));
  types_.push_back(std::move(types));
  return *this;
}

void TopologyBuilder::check_types(const NodeSpec& node, NodeId parent, const internal::NodeTypes& types) {
  const std::optional<std::string>& sent = types_[parent].out;
  if (sent == types.in) return;
  if (!sent && topology_.nodes[parent].kind == NodeKind::kSink) return;  // validate() tells
  mistakes_.push_back(fmt::format("node {}: it takes {}, but its parent {} sends {}", node.name, *types.in,
                                  topology_.nodes[parent].name, sent.value_or("nothing")));
}

void TopologyBuilder::check_name(std::string_view what, const std::string& name) {
  const absl::Status status = internal::check_name(what, name);
  if (!status.ok()) mistakes_.emplace_back(status.message());
}

std::optional<NodeId> TopologyBuilder::find(const std::string& node) const {
  const auto found = std::ranges::find_if(topology_.nodes, [&](const NodeSpec& each) { return each.name == node; });
  if (found == topology_.nodes.end()) return std::nullopt;
  return static_cast<NodeId>(found - topology_.nodes.begin());
}

void TopologyBuilder::add_store(StoreSpec store, const Names& processors) {
  check_name("store", store.name);
  for (const std::string& processor : processors) connected_.emplace_back(processor, store.name);
  topology_.stores.push_back(std::move(store));
}

void TopologyBuilder::add_global(StoreSpec store, const StoreFeed& from) {
  const absl::Status status = internal::make_global(store, from.processor);
  if (!status.ok()) mistakes_.emplace_back(status.message());
  add_store(std::move(store), {});
}

TopologyBuilder& TopologyBuilder::connect_processor_and_state_stores(const std::string& processor,
                                                                     const Names& stores) {
  for (const std::string& store : stores) connected_.emplace_back(processor, store);
  return *this;
}

absl::StatusOr<Topology> TopologyBuilder::build(const BuildOptions& options) const {
  Topology topology = topology_;
  std::vector<std::string> mistakes = mistakes_;
  for (const auto& [processor, store] : connected_) {
    const std::optional<NodeId> id = find(processor);
    if (!id || topology.nodes[*id].kind != NodeKind::kProcessor) {
      mistakes.push_back(fmt::format("store {}: there is no processor {} to be connected to it", store, processor));
      continue;
    }
    std::vector<std::string>& stores = topology.nodes[*id].stores;
    if (std::ranges::count(stores, store) == 0) stores.push_back(store);
  }
  if (!mistakes.empty()) return absl::InvalidArgumentError(fmt::format("{}", fmt::join(mistakes, "; ")));
  return internal::finish(std::move(topology), options);
}

}  // namespace levada
