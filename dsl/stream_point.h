// Where a stream stands in the graph of its builder: what the typed handles of the DSL have in common.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <levada/dsl/graph/graph.h>

namespace levada::internal {

// An operator about to be added: the prefix of its name, the user's name for it, what it changes, and its stores.
struct Step {
  std::string_view prefix = {};
  std::string name = {};
  Changes changes = Changes::kNothing;
  std::vector<std::string> stores = {};
  NodeKind kind = NodeKind::kProcessor;
  std::vector<std::string> topics = {};  // a sink's
};

struct StreamPoint {
  Graph* graph = nullptr;
  GraphNodeId node = {};
  bool repartition_required = false;  // keys changed since the records were last partitioned by them

  // The stream behind a new operator. A name uses up a number all the same.
  StreamPoint then(Step step, NodeMaker make) const;
  // The same for an operator whose name is final.
  StreamPoint then_named(Step step, NodeMaker make) const;
  // The stream of all records of this one and another.
  StreamPoint merge(const StreamPoint& other, const std::string& name, NodeMaker make) const;
  StreamPoint repartition(std::string name, RepartitionPlan plan) const;

  const std::string& name() const { return graph->node(node).output_name(); }
};

}  // namespace levada::internal
