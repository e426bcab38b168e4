#include <fmt/format.h>

#include <levada/dsl/global_store.h>

namespace levada::internal {

absl::Status make_global(StoreSpec& store, const std::string& processor) {
  store.filled_by = processor;
  store.logging = false;  // the topic is its changelog
  if (store.shape != StoreShape::kKeyValue) {
    return absl::InvalidArgumentError(fmt::format("global store {}: only key-value stores can be global", store.name));
  }
  if (store.ttl > Duration(0)) {
    return absl::InvalidArgumentError(
        fmt::format("global store {}: a .ttl needs the time of a task, which a global store has not", store.name));
  }
  return absl::OkStatus();
}

void add_global_store(Graph& graph, const std::string& topic, const std::string& name, GlobalStoreMakers makers) {
  graph.check(check_name("topic", topic));
  graph.check(check_name("store", makers.store.name));
  NodeSpec source = {.kind = NodeKind::kSource,
                     .name = graph.names().next_unless(name.empty() ? name : name + "-source", "KSTREAM-SOURCE-"),
                     .topics = {topic},
                     .make = std::move(makers.source)};
  NodeSpec processor = {.name = graph.names().next_unless(name, "KTABLE-SOURCE-"),
                        .stores = {makers.store.name},
                        .make = std::move(makers.processor)};
  graph.check(make_global(makers.store, processor.name));
  graph.add_root({.nodes = {{.spec = std::move(source), .feed = Feed::kNothing},
                            {.spec = std::move(processor), .feed = Feed::kPrevious}},
                  .stores = {std::move(makers.store)}});
}

}  // namespace levada::internal
