#include <levada/dsl/aggregation.h>

namespace levada::internal {

namespace {

StreamPoint add_behind(Graph* graph, GraphNodeId stream, const AggregationNames& names, StoreSpec store,
                       TableMaker make) {
  NodeSpec spec = {.name = names.step, .stores = {names.store}};
  GraphNode step = {.nodes = {{.spec = std::move(spec), .make_table = std::move(make)}},
                    .stores = {std::move(store)},
                    .table = TableStep{.facts = {.store = names.store}}};
  return {graph, graph->add(std::move(step), {stream})};
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

AggregationNames GroupPoint::table_names(const std::string& store, const std::string& step,
                                         const AggregationPrefixes& prefixes) const {
  NameGenerator& names = graph->names();
  AggregationNames chosen;
  chosen.store = store.empty() ? names.next(prefixes.store) : store;
  chosen.sink = names.next_unless(step.empty() ? step : step + "-sink", "KSTREAM-SINK-");
  chosen.source = names.next_unless(step.empty() ? step : step + "-source", "KSTREAM-SOURCE-");
  chosen.step = names.next_unless(step, prefixes.step);
  graph->check(check_name("store", chosen.store));
  return chosen;
}

void GroupPoint::skip_number_of_unnamed_count(const std::string& store, const std::string& step) const {
  if (store.empty() && step.empty()) graph->names().next(kAggregate.store);
}

StreamPoint GroupPoint::add(const AggregationNames& names, StoreSpec store, TableMaker make) const {
  return add_behind(graph, graph->stream_of(grouping, names.store), names, std::move(store), std::move(make));
}

StreamPoint GroupPoint::add_combined(const AggregationNames& names, StoreSpec store, TableMaker make,
                                     RepartitionMakers partials) const {
  const GraphNodeId stream = graph->partials_of(grouping, names.store, std::move(partials));
  return add_behind(graph, stream, names, std::move(store), std::move(make));
}

StreamPoint GroupPoint::add_of_changes(const AggregationNames& names, StoreSpec store, TableMaker make) const {
  const GraphNodeId changes =
      graph->changes_of(grouping, {.sink = names.sink, .source = names.source, .store = names.store});
  return add_behind(graph, changes, names, std::move(store), std::move(make));
}

}  // namespace levada::internal
