// What a graph knows of its tables.
#include <utility>

#include <levada/dsl/graph/graph.h>

namespace levada::internal {

const std::string& Graph::keep_rows(GraphNodeId table) {
  GraphNode& step = node(table);
  TableStep& facts = *step.table;
  if (facts.spare) {
    facts.facts.store = facts.spare->name;
    step.nodes.back().spec.stores.push_back(facts.spare->name);
    step.stores.push_back(*std::exchange(facts.spare, std::nullopt));
  }
  return facts.facts.store;
}

bool Graph::send_old_values(GraphNodeId table, OldValues wish) {
  if (!node(table).table) return false;
  TableStep& step = *node(table).table;
  if (step.facts.sends_old_values) return true;
  if (step.spare) {
    if (wish == OldValues::kIfKept) return false;
    keep_rows(table);
  } else if (step.computes_old_values || step.facts.store.empty()) {
    bool all = true;
    for (const GraphNodeId above : node(table).parents) all = send_old_values(above, wish) && all;
    if (!all) return false;
  }
  node(table).table->facts.sends_old_values = true;
  return true;
}

GraphNodeId Graph::changes_of(GroupingId id, const ChangesPlan& plan) {
  Grouping& group = grouping(id);
  if (group.repartition && !group.name.empty()) {
    attach(group.stream, *group.repartition);
    return *group.repartition;
  }
  const std::string topic = (group.name.empty() ? plan.store : group.name) + std::string(kRepartitionSuffix);
  check(check_name("repartition topic", topic));
  NodeMaker make_sink = [make = group.makers.sink, topic](OperatorContext& context) { return make(context, topic); };
  GraphNode step = {
      .nodes =
          {{.spec = {.kind = NodeKind::kSink, .name = plan.sink, .topics = {topic}, .make = std::move(make_sink)}},
           {.spec = {.kind = NodeKind::kSource, .name = plan.source, .topics = {topic}, .make = group.makers.source},
            .feed = Feed::kNothing}},
      .repartition_topic = RepartitionTopic{.name = topic}};
  group.repartition = add(std::move(step), {group.stream});
  return *group.repartition;
}

}  // namespace levada::internal
