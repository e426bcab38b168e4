#include <levada/dsl/stream_point.h>

namespace levada::internal {

StreamPoint StreamPoint::then(Step step, NodeMaker make) const {
  step.name = graph->names().next_unless(step.name, step.prefix);
  return then_named(std::move(step), std::move(make));
}

StreamPoint StreamPoint::then_named(Step step, NodeMaker make) const {
  const Changes changes = step.changes;
  NodeSpec spec = {.kind = step.kind,
                   .name = std::move(step.name),
                   .topics = std::move(step.topics),
                   .stores = std::move(step.stores),
                   .make = std::move(make)};
  const GraphNodeId added = graph->add({.nodes = {{.spec = std::move(spec)}}, .changes = changes}, {node});
  return {graph, added, repartition_required || changes == Changes::kKeys};
}

StreamPoint StreamPoint::merge(const StreamPoint& other, const std::string& name, NodeMaker make) const {
  if (graph != other.graph) {
    graph->mistake("merge: the streams belong to different builders");
    return *this;
  }
  NodeSpec spec = {.name = graph->names().next_unless(name, "KSTREAM-MERGE-"), .make = std::move(make)};
  const GraphNodeId added = graph->add({.nodes = {{.spec = std::move(spec)}}}, {node, other.node});
  return {graph, added, repartition_required || other.repartition_required};
}

StreamPoint StreamPoint::repartition(std::string name, RepartitionPlan plan) const {
  plan.name = name.empty() ? graph->names().next("KSTREAM-REPARTITION-") : std::move(name);
  return {graph, graph->add_repartition(node, plan)};
}

}  // namespace levada::internal
