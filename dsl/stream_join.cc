#include <levada/dsl/stream_join.h>

namespace levada::internal {

namespace {

constexpr std::string_view kJoinThis = "KSTREAM-JOINTHIS-";
constexpr std::string_view kOuterThis = "KSTREAM-OUTERTHIS-";

// The step that keeps one side.
GraphNodeId add_window(Graph& graph, GraphNodeId stream, NodeSpec spec) {
  return graph.add({.nodes = {{.spec = std::move(spec)}}}, {stream});
}

PlannedNode fed_by(std::vector<std::string> feeders, NodeSpec spec) {
  return {.spec = std::move(spec), .feed = Feed::kNamed, .fed_by = std::move(feeders)};
}

}  // namespace

StreamJoinNames stream_join_names(Graph& graph, const std::string& name, const std::string& store_name, JoinKind kind) {
  const bool keeps_right = kind == JoinKind::kOuter;
  const bool keeps_left = kind != JoinKind::kInner;
  const std::string left_suffix = keeps_right ? "-outer-this-join" : "-this-join";
  const std::string right_suffix = keeps_left ? "-outer-other-join" : "-other-join";
  const std::string_view left_prefix = keeps_right ? kOuterThis : kJoinThis;
  const auto given = [&](const std::string& suffix) { return name.empty() ? "" : name + suffix; };
  const auto store_of = [&](const std::string& generated, const std::string& suffix) {
    return (store_name.empty() ? generated : store_name + suffix) + "-store";
  };

  StreamJoinNames names;
  names.left_window = graph.names().next_unless(given("-this-windowed"), "KSTREAM-WINDOWED-");
  names.right_window = graph.names().next_unless(given("-other-windowed"), "KSTREAM-WINDOWED-");
  const std::string left = graph.names().next(left_prefix);
  const std::string right = graph.names().next(keeps_left ? "KSTREAM-OUTEROTHER-" : "KSTREAM-JOINOTHER-");
  names.left_join = name.empty() ? left : given(left_suffix);
  names.right_join = name.empty() ? right : given(right_suffix);
  names.merge = graph.names().next_unless(given("-merge"), "KSTREAM-MERGE-");
  names.left_store = store_of(left, left_suffix);
  names.right_store = store_of(right, right_suffix);
  if (keeps_left) {
    const std::string shared = "KSTREAM-OUTERSHARED-" + left.substr(left_prefix.size());
    names.waiting_store = store_of(shared, keeps_right ? "-outer-shared-join" : "-left-shared-join");
  }
  for (const std::string& store : {names.left_store, names.right_store}) graph.check(check_name("store", store));
  return names;
}

StreamPoint add_stream_join(const JoinedStreams& streams, const StreamJoinNames& names, const StreamJoinNodes& nodes,
                            StreamJoinSpecs stores) {
  Graph& graph = *streams.left.graph;
  add_window(graph, streams.left.node,
             {.name = names.left_window, .stores = {names.left_store}, .make = nodes.left_window});
  const GraphNodeId right_window =
      add_window(graph, streams.right.node,
                 {.name = names.right_window, .stores = {names.right_store}, .make = nodes.right_window});

  NodeSpec left = {.name = names.left_join, .stores = {names.right_store}, .make = nodes.left_join};
  NodeSpec right = {.name = names.right_join, .stores = {names.left_store}, .make = nodes.right_join};
  GraphNode join = {.wants_null_keys = stores.waiting.has_value()};
  if (nodes.self_join) {
    NodeSpec self = {.name = names.merge, .stores = {names.left_store}, .make = nodes.self_join};
    join.single_store = {right_window, fed_by({names.left_window}, std::move(self)), stores.left};
  }
  join.stores = {std::move(stores.left), std::move(stores.right)};
  if (stores.waiting) {
    left.holds_back = right.holds_back = true;
    left.stores.push_back(stores.waiting->name);
    right.stores.push_back(stores.waiting->name);
    join.stores.push_back(*std::move(stores.waiting));
  }
  join.nodes = {fed_by({names.left_window}, std::move(left)), fed_by({names.right_window}, std::move(right)),
                fed_by({names.left_join, names.right_join}, {.name = names.merge, .make = nodes.merge})};
  graph.copartition(streams.left.node, streams.right.node);
  return {&graph, graph.add(std::move(join), {streams.left.node, streams.right.node})};
}

}  // namespace levada::internal
