#include <levada/dsl/aggregation.h>

namespace levada::internal {

AggregationNames GroupPoint::names(const std::string& store, const std::string& step, std::string_view store_prefix,
                                   std::string_view step_prefix) const {
  AggregationNames names;
  names.store = store.empty() ? graph->names().next(store_prefix) : store;
  names.step = graph->names().next_unless(step, step_prefix);
  graph->check(check_name("store", names.store));
  return names;
}

void GroupPoint::skip_number_of_unnamed_count(const std::string& store, const std::string& step) const {
  if (store.empty() && step.empty()) graph->names().next(kAggregateStore);
}

StreamPoint GroupPoint::add(const AggregationNames& names, StoreSpec store, NodeMaker make) const {
  const GraphNodeId stream = graph->stream_of(grouping, names.store);
  NodeSpec spec = {.name = names.step, .stores = {names.store}, .make = std::move(make)};
  return {graph, graph->add({.nodes = {{.spec = std::move(spec)}}, .stores = {std::move(store)}}, {stream})};
}

}  // namespace levada::internal
