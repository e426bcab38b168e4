#include <levada/dsl/stream_point.h>

namespace levada::internal {

namespace {

StreamPoint add(const StreamPoint& at, NodeSpec spec, Changes changes) {
  const GraphNodeId added = at.graph->add({.nodes = {{.spec = std::move(spec)}}, .changes = changes}, {at.node});
  return {at.graph, added, at.repartition_required || changes == Changes::kKeys};
}

}  // namespace

StreamPoint StreamPoint::then(const Step& step, NodeMaker make) const {
  return add(*this, {.name = graph->names().next_unless(step.name, step.prefix), .make = std::move(make)},
             step.changes);
}

StreamPoint StreamPoint::process(const Step& step, std::vector<std::string> stores, NodeMaker make) const {
  const bool named = !step.name.empty();
  return add(*this,
             {.name = named ? std::string(step.name) : graph->names().next(step.prefix),
              .stores = std::move(stores),
              .make = std::move(make)},
             step.changes);
}

void StreamPoint::to(std::string_view name, std::vector<std::string> topics, NodeMaker make) const {
  for (const std::string& topic : topics) graph->check(check_name("topic", topic));
  add(*this,
      {.kind = NodeKind::kSink,
       .name = graph->names().next_unless(name, "KSTREAM-SINK-"),
       .topics = std::move(topics),
       .make = std::move(make)},
      Changes::kNothing);
}

StreamPoint StreamPoint::merge(const StreamPoint& other, std::string_view name, NodeMaker make) const {
  if (graph != other.graph) {
    graph->mistake("merge: the streams belong to different builders");
    return *this;
  }
  NodeSpec spec = {.name = graph->names().next_unless(name, "KSTREAM-MERGE-"), .make = std::move(make)};
  const GraphNodeId added = graph->add({.nodes = {{.spec = std::move(spec)}}, .merges = true}, {node, other.node});
  return {graph, added, repartition_required || other.repartition_required};
}

StreamPoint StreamPoint::repartition(std::string name, RepartitionPlan plan) const {
  plan.name = name.empty() ? graph->names().next("KSTREAM-REPARTITION-") : std::move(name);
  return {graph, graph->add_repartition(node, plan)};
}

StreamPoint StreamPoint::partitioned_for_join(std::string topic, RepartitionMakers makers) const {
  if (!repartition_required) return *this;
  if (topic.empty()) topic = name();
  return {graph, graph->add_repartition_for_join(
                     node, {.name = std::move(topic), .makers = std::move(makers), .mergeable = true})};
}

}  // namespace levada::internal
