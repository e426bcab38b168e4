#include <fmt/format.h>

#include <levada/dsl/stream_table_join.h>

namespace levada::internal {

namespace {

constexpr std::string_view kLeftJoin = "KSTREAM-LEFTJOIN-";

}  // namespace

std::string stream_table_join_name(Graph& graph, const std::string& name, JoinKind kind) {
  return graph.names().next_unless(name, kind == JoinKind::kLeft ? kLeftJoin : "KSTREAM-JOIN-");
}

void check_grace(Graph& graph, const std::string& name, Duration grace, std::optional<Duration> history) {
  if (!history) return graph.mistake("join " + name + ": a grace needs a table that keeps versions");
  if (grace <= *history) return;
  graph.mistake(fmt::format("join {}: its grace of {} ms is longer than the table keeps versions, {} ms", name,
                            grace.count(), history->count()));
}

StreamPoint add_stream_table_join(const StreamPoint& stream, const StreamPoint& table, StreamTableStep step) {
  Graph& graph = *stream.graph;
  if (&graph != table.graph) {
    graph.mistake("join " + step.node.name + ": the stream and the table belong to different builders");
    return stream;
  }
  GraphNode node = {.nodes = {{.spec = std::move(step.node)}}, .wants_null_keys = step.wants_null_keys};
  if (step.buffer) node.stores.push_back(*std::move(step.buffer));
  graph.copartition(stream.node, table.node);
  return {&graph, graph.add(std::move(node), {stream.node})};
}

// Kafka Streams calls inner joins so, too.
StreamPoint add_global_table_join(const StreamPoint& stream, const std::string& name, JoinKind kind, NodeMaker make) {
  StreamPoint joined = stream.then({.prefix = kLeftJoin, .name = name}, std::move(make));
  joined.graph->node(joined.node).wants_null_keys = kind == JoinKind::kLeft;
  return joined;
}

}  // namespace levada::internal
