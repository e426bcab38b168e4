#include <levada/dsl/suppressed_table.h>

namespace levada::internal {

SuppressNames suppress_names(Graph& graph, const std::string& name) {
  SuppressNames names;
  names.step = name.empty() ? graph.names().next("KTABLE-SUPPRESS-") : name;
  names.store = name.empty() ? graph.names().next("KTABLE-SUPPRESS-STATE-STORE-") : name + "-store";
  graph.check(check_name("store", names.store));
  return names;
}

Duration grace_of_windows(const StreamPoint& table, const SuppressNames& names) {
  const std::optional<Duration> grace = table.graph->window_grace(table.node);
  if (!grace) {
    table.graph->mistake(names.step +
                         ": until_window_closes needs a table that is aggregated over windows; of others there is "
                         "until_time_limit");
  }
  return grace.value_or(Duration(0));
}

StreamPoint add_suppress(const StreamPoint& table, const SuppressNames& names, StoreSpec store, NodeMaker make) {
  GraphNode step = {
      .nodes = {{.spec = {.name = names.step, .stores = {names.store}, .holds_back = true, .make = std::move(make)}}},
      .stores = {std::move(store)},
      .table = TableStep{.computes_old_values = true}};
  return {table.graph, table.graph->add(std::move(step), {table.node})};
}

}  // namespace levada::internal
