#include <levada/dsl/aggregation.h>

namespace levada::internal {

namespace {

StreamPoint add_behind(Graph* graph, GraphNodeId stream, const AggregationNames& names, StoreSpec store,
                       NodeMaker make) {
  NodeSpec spec = {.name = names.step, .stores = {names.store}, .make = std::move(make)};
  return {graph, graph->add({.nodes = {{.spec = std::move(spec)}}, .stores = {std::move(store)}}, {stream})};
}

}  // namespace

AggregationNames GroupPoint::names(const std::string& store, const std::string& step,
                                   const AggregationPrefixes& prefixes) const {
  AggregationNames names;
  names.store = store.empty() ? graph->names().next(prefixes.store) : store;
  names.step = graph->names().next_unless(step, prefixes.step);
  graph->check(check_name("store", names.store));
  return names;
}

void GroupPoint::skip_number_of_unnamed_count(const std::string& store, const std::string& step) const {
  if (store.empty() && step.empty()) graph->names().next(kAggregate.store);
}

StreamPoint GroupPoint::add(const AggregationNames& names, StoreSpec store, NodeMaker make) const {
  return add_behind(graph, graph->stream_of(grouping, names.store), names, std::move(store), std::move(make));
}

StreamPoint GroupPoint::add_combined(const AggregationNames& names, StoreSpec store, NodeMaker make,
                                     RepartitionMakers partials) const {
  const GraphNodeId stream = graph->partials_of(grouping, names.store, std::move(partials));
  return add_behind(graph, stream, names, std::move(store), std::move(make));
}

}  // namespace levada::internal
