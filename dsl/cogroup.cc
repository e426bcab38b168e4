#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

#include <levada/dsl/cogroup.h>

namespace levada::internal {

namespace {

std::string name_of(Graph& graph, const std::string& step, const std::string& suffix, std::string_view prefix) {
  return graph.names().next_unless(step.empty() ? step : step + suffix, prefix);
}

std::vector<GraphNodeId> streams_of(const std::vector<CogroupPart>& parts, const CogroupNames& names) {
  std::vector<GraphNodeId> streams;
  Graph& graph = *parts.front().at.graph;
  for (const CogroupPart& part : parts) {
    streams.push_back(graph.stream_of(names.cogrouping, part.at.grouping, names.store));
    // Kafka Streams aligns the topics in front of repartitions, too.
    if (streams.size() > 1) {
      graph.copartition(graph.stream_before(parts.front().at.grouping), graph.stream_before(part.at.grouping));
    }
  }
  return streams;
}

// A grouped stream that is among them twice has the aggregator that it was given last, as in Kafka Streams.
std::vector<CogroupPart> once_each(const std::vector<CogroupPart>& all) {
  std::vector<CogroupPart> parts;
  for (const CogroupPart& part : all) {
    const auto same = [&part](const CogroupPart& other) { return other.at.grouping == part.at.grouping; };
    const auto known = std::ranges::find_if(parts, same);
    if (known == parts.end()) {
      parts.push_back(part);
    } else {
      *known = part;
    }
  }
  return parts;
}

}  // namespace

std::string cogroup_store(Graph& graph, const std::string& name) {
  std::string store = name.empty() ? graph.names().next("COGROUPKSTREAM-AGGREGATE-STATE-STORE-") : name;
  graph.check(check_name("store", store));
  return store;
}

StreamPoint add_cogroup(const std::vector<CogroupPart>& all, const CogroupNames& names, const StoreSpec& store,
                        NodeMaker pass) {
  Graph& graph = *all.front().at.graph;
  for (const CogroupPart& part : all) {
    if (part.at.graph == &graph) continue;
    graph.mistake("cogroup: the streams belong to different builders");
    return {&graph, graph.stream_before(all.front().at.grouping)};
  }
  const std::vector<CogroupPart> parts = once_each(all);
  const std::vector<GraphNodeId> streams = streams_of(parts, names);
  std::vector<GraphNodeId> aggregations;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::string suffix = "-cogroup-agg-" + std::to_string(i);
    NodeSpec spec = {.name = name_of(graph, names.step, suffix, "COGROUPKSTREAM-AGGREGATE-"), .stores = {names.store}};
    GraphNode step = {.nodes = {{.spec = std::move(spec), .make_table = parts[i].make}},
                      .table = TableStep{.facts = {.store = names.store}}};
    if (i == 0) step.stores.push_back(store);
    aggregations.push_back(graph.add(std::move(step), {streams[i]}));
  }
  NodeSpec merge = {.name = name_of(graph, names.step, "-cogroup-merge", "COGROUPKSTREAM-MERGE-"),
                    .make = std::move(pass)};
  return {&graph, graph.add({.nodes = {{.spec = std::move(merge)}}, .table = TableStep{}}, aggregations)};
}

}  // namespace levada::internal
