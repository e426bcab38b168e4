#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include <absl/status/status.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include <levada/core/build_options.h>
#include <levada/core/generated_name.h>
#include <levada/core/status_macros.h>

namespace levada::internal {
namespace {

void add_stores(NodeSpec& node, const ProcessorWrapping& wrapping, Topology& topology) {
  if (!wrapping.stores) return;
  for (const StoreSpec& store : wrapping.stores(node.name)) {
    if (std::find(node.stores.begin(), node.stores.end(), store.name) == node.stores.end()) {
      node.stores.push_back(store.name);
    }
    if (topology.find_store(store.name) == nullptr) topology.stores.push_back(store);
  }
}

void wrap(NodeSpec& node, const ProcessorWrapping& wrapping) {
  node.make = [make = std::move(node.make), wrapper = wrapping.make, name = node.name](OperatorContext& context) {
    std::unique_ptr<ProcessorWrapper> around = wrapper(context, name);
    std::unique_ptr<Node> built = make(context);
    built->set_wrapper(std::move(around));
    return built;
  };
}

// Kafka Streams wraps no processor of a global store.
bool fills_global_store(const Topology& topology, const NodeSpec& node) {
  const auto is_filled_by_node = [&node](const StoreSpec& store) { return store.filled_by == node.name; };
  return std::ranges::any_of(topology.stores, is_filled_by_node);
}

}  // namespace

absl::Status check_explicit_names(const Topology& topology) {
  std::set<std::string> generated;
  for (const StoreSpec& store : topology.stores) {
    if (is_generated_name(store.name)) generated.insert("store " + store.name);
  }
  for (const auto& [name, topic] : topology.repartition_topics) {
    if (is_generated_name(name)) generated.insert("repartition topic " + name);
  }
  if (generated.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "ensure.explicit.internal.resource.naming is set, but these have generated names: ",
      absl::StrJoin(generated, ", "),
      "; name them, by .store of the aggregation or table, or by .name of Grouped, Joined or Repartitioned"));
}

absl::StatusOr<Topology> finish(Topology topology, const BuildOptions& options) {
  if (options.wrapper.make) {
    for (NodeSpec& node : topology.nodes) {
      if (node.kind != NodeKind::kProcessor || fills_global_store(topology, node)) continue;
      add_stores(node, options.wrapper, topology);
      wrap(node, options.wrapper);
    }
  }
  topology.optimization = options.optimization;
  topology.store_format = options.store_format;
  disconnect_readers_of_global_stores(topology);
  LEVADA_RETURN_IF_ERROR(validate(topology));
  if (options.ensure_explicit_internal_resource_naming) LEVADA_RETURN_IF_ERROR(check_explicit_names(topology));
  return topology;
}

}  // namespace levada::internal
