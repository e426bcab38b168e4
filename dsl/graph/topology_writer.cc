#include <algorithm>
#include <cassert>
#include <queue>
#include <utility>

#include <levada/dsl/graph/topology_writer.h>

namespace levada::internal {

namespace {

class Writer {
 public:
  explicit Writer(const std::vector<GraphNode>& steps) : steps_(steps), outputs_(steps.size()) {}

  Topology write(const std::vector<GraphNodeId>& roots) {
    for (const GraphNodeId root : roots) waiting_.push({step(root).priority, root});
    while (!waiting_.empty()) {
      const GraphNodeId id = waiting_.top().second;
      waiting_.pop();
      if (output(id) || !parents_are_written(id)) continue;  // it waits again below its last parent
      write_step(id);
      for (const GraphNodeId child : step(id).children) waiting_.push({step(child).priority, child});
    }
    return std::move(topology_);
  }

 private:
  using Waiting = std::pair<int, GraphNodeId>;

  const GraphNode& step(GraphNodeId id) const { return steps_[static_cast<std::size_t>(id)]; }
  std::optional<NodeId>& output(GraphNodeId id) { return outputs_[static_cast<std::size_t>(id)]; }

  bool parents_are_written(GraphNodeId id) {
    const auto& parents = step(id).parents;
    return std::all_of(parents.begin(), parents.end(),
                       [this](GraphNodeId parent) { return output(parent).has_value(); });
  }

  NodeId written(const std::string& name) const {
    const auto& nodes = topology_.nodes;
    const auto found =
        std::find_if(nodes.begin(), nodes.end(), [&](const NodeSpec& node) { return node.name == name; });
    assert(found != nodes.end());
    return static_cast<NodeId>(found - nodes.begin());
  }

  static NodeMaker table_maker(const TableMaker& make, const TableFacts& facts) {
    return [make, facts](OperatorContext& context) { return make(context, facts); };
  }

  void write_step(GraphNodeId id) {
    NodeId last = 0;
    for (const PlannedNode& planned : step(id).nodes) {
      NodeSpec spec = planned.spec;
      if (planned.feed == Feed::kPrevious) spec.parents = {last};
      if (planned.feed == Feed::kAbove) {
        for (const GraphNodeId parent : step(id).parents) spec.parents.push_back(*output(parent));
      }
      for (const std::string& name : planned.fed_by) spec.parents.push_back(written(name));
      if (planned.make_table) spec.make = table_maker(planned.make_table, step(id).table->facts);
      last = topology_.add(std::move(spec));
    }
    output(id) = last;
    for (const StoreSpec& store : step(id).stores) topology_.stores.push_back(store);
    if (step(id).repartition_topic) {
      topology_.repartition_topics[step(id).repartition_topic->name] = *step(id).repartition_topic;
    }
  }

  const std::vector<GraphNode>& steps_;
  std::vector<std::optional<NodeId>> outputs_;  // what the steps below are connected to, once written
  std::priority_queue<Waiting, std::vector<Waiting>, std::greater<>> waiting_ = {};
  Topology topology_ = {};
};

}  // namespace

Topology write_topology(const std::vector<GraphNode>& steps, const std::vector<GraphNodeId>& roots) {
  return Writer(steps).write(roots);
}

}  // namespace levada::internal
