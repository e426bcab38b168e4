// Where a stream stands in the graph of its builder: what the typed handles of the DSL have in common.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <levada/dsl/graph/graph.h>

namespace levada::internal {

// An operator about to be added: the prefix of its name, the user's name for it, and what it changes. Views, for the
// length of a call.
struct Step {
  std::string_view prefix = {};
  std::string_view name = {};
  Changes changes = Changes::kNothing;
};

struct StreamPoint {
  Graph* graph = nullptr;
  GraphNodeId node = {};
  bool repartition_required = false;  // keys changed since the records were last partitioned by them

  // The stream behind a new operator. A name uses up a number all the same.
  StreamPoint then(const Step& step, NodeMaker make) const;
  // The stream behind a processor with stores. Here a name uses up no number.
  StreamPoint process(const Step& step, std::vector<std::string> stores, NodeMaker make) const;
  // Without topics, the sink chooses one for each record.
  void to(std::string_view name, std::vector<std::string> topics, NodeMaker make) const;
  // The stream of all records of this one and another.
  StreamPoint merge(const StreamPoint& other, std::string_view name, NodeMaker make) const;
  StreamPoint repartition(std::string name, RepartitionPlan plan) const;
  // The stream as it can be joined: behind a repartition if its keys have changed. Without a name the topic is called
  // after the stream.
  StreamPoint partitioned_for_join(std::string topic, RepartitionMakers makers) const;

  const std::string& name() const { return graph->node(node).output_name(); }
};

}  // namespace levada::internal
