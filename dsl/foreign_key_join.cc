#include <utility>

#include <levada/dsl/foreign_key_join.h>

namespace levada::internal {

namespace {

GraphNodeId add_node(Graph& graph, NodeSpec spec, const std::vector<GraphNodeId>& parents) {
  return graph.add({.nodes = {{.spec = std::move(spec)}}}, parents);
}

GraphNodeId add_sink(Graph& graph, const std::string& name, const std::string& topic, NodeMaker make,
                     const std::vector<GraphNodeId>& parents) {
  graph.check(check_name("topic", topic));
  return add_node(graph, {.kind = NodeKind::kSink, .name = name, .topics = {topic}, .make = std::move(make)}, parents);
}

GraphNodeId add_source(Graph& graph, const std::string& name, const std::string& topic, NodeMaker make,
                       GraphNodeId sink) {
  NodeSpec spec = {.kind = NodeKind::kSource, .name = name, .topics = {topic}, .make = std::move(make)};
  return graph.add({.nodes = {{.spec = std::move(spec), .feed = Feed::kNothing}},
                    .repartition_topic = RepartitionTopic{.name = topic}},
                   {sink});
}

}  // namespace

ForeignKeyJoinNames foreign_key_join_names(Graph& graph, const std::string& name) {
  const auto next = [&](const char* suffix, const char* prefix) {
    return graph.names().next_unless(name.empty() ? name : name + suffix, prefix);
  };
  const char* const kProcessor = "KTABLE-FK-JOIN-SUBSCRIPTION-PROCESSOR-";
  ForeignKeyJoinNames names;
  names.registration_topic = next("-subscription-registration", "KTABLE-FK-JOIN-SUBSCRIPTION-REGISTRATION-") + "-topic";
  names.subscribe = next("-subscription-registration-processor", "KTABLE-FK-JOIN-SUBSCRIPTION-REGISTRATION-");
  names.registration_sink = next("-subscription-registration-sink", "KTABLE-SINK-");
  names.registration_source = next("-subscription-registration-source", "KTABLE-SOURCE-");
  names.subscriptions = next("-subscription-store", "KTABLE-FK-JOIN-SUBSCRIPTION-STATE-STORE-");
  names.keep = next("-subscription-receive", kProcessor);
  names.answer = next("-subscription-join-foreign", kProcessor);
  names.tell = next("-foreign-join-subscription", kProcessor);
  names.response_topic = next("-subscription-response", "KTABLE-FK-JOIN-SUBSCRIPTION-RESPONSE-") + "-topic";
  names.response_sink = next("-subscription-response-sink", "KTABLE-SINK-");
  names.response_source = next("-subscription-response-source", "KTABLE-SOURCE-");
  names.resolve = next("-subscription-response-resolver", "KTABLE-FK-JOIN-SUBSCRIPTION-RESPONSE-RESOLVER-PROCESSOR-");
  names.result = next("-result", "KTABLE-FK-JOIN-OUTPUT-");
  return names;
}

GraphNodeId add_foreign_key_join(Graph& graph, GraphNodeId left, GraphNodeId right, const ForeignKeyJoinNames& names,
                                 ForeignKeyJoinNodes nodes) {
  const GraphNodeId subscribe = add_node(graph, {.name = names.subscribe, .make = std::move(nodes.subscribe)}, {left});
  const GraphNodeId registered = add_sink(graph, names.registration_sink, names.registration_topic,
                                          std::move(nodes.registration_sink), {subscribe});
  const GraphNodeId registrations = add_source(graph, names.registration_source, names.registration_topic,
                                               std::move(nodes.registration_source), registered);
  graph.copartition(right, registrations);
  graph.add_root({.stores = {std::move(nodes.subscriptions)}});
  const GraphNodeId keep = add_node(
      graph, {.name = names.keep, .stores = {names.subscriptions}, .make = std::move(nodes.keep)}, {registrations});
  const GraphNodeId answer = add_node(
      graph, {.name = names.answer, .stores = std::move(nodes.answer_stores), .make = std::move(nodes.answer)}, {keep});
  const GraphNodeId tell =
      add_node(graph, {.name = names.tell, .stores = {names.subscriptions}, .make = std::move(nodes.tell)}, {right});
  const GraphNodeId responded =
      add_sink(graph, names.response_sink, names.response_topic, std::move(nodes.response_sink), {answer, tell});
  const GraphNodeId responses =
      add_source(graph, names.response_source, names.response_topic, std::move(nodes.response_source), responded);
  graph.copartition(left, responses);
  return add_node(graph,
                  {.name = names.resolve, .stores = std::move(nodes.resolve_stores), .make = std::move(nodes.resolve)},
                  {responses});
}

}  // namespace levada::internal
