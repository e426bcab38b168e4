// The rewritings that topology.optimization asks for, as Kafka Streams makes them.
//
// Merging repartition topics: all that stand below one change of keys become one directly behind it. What changes
// values in between keeps a repartition where it is, since its records have other bytes.
#include <algorithm>
#include <utility>

#include <levada/dsl/graph/graph.h>

namespace levada::internal {
namespace {

template <class T>
bool contains(const std::vector<T>& all, const T& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

template <class T>
void add_once(std::vector<T>& all, const T& one) {
  if (!contains(all, one)) all.push_back(one);
}

}  // namespace

void Graph::optimize(const TopologyOptimization& wanted) {
  if (wanted.reuse_ktable_source_topics) reuse_source_topics();
  if (wanted.merge_repartition_topics) merge_repartitions();
  if (wanted.single_store_self_join) use_single_stores();
}

// A table's topic holds all that its changelog would: what reads one topic into a store needs no other.
void Graph::reuse_source_topics() {
  for (const GraphNodeId root : roots_) {
    GraphNode& step = node(root);
    if (step.nodes.empty() || step.stores.size() != 1) continue;
    const NodeSpec& source = step.nodes.front().spec;
    if (source.kind != NodeKind::kSource || source.topics.size() != 1) continue;
    step.stores.front().logging = false;
    step.stores.front().source_topic = source.topics.front();
  }
}

// A join whose two streams are one needs what it keeps once.
void Graph::use_single_stores() {
  for (GraphNode& join : nodes_) {
    if (!join.single_store || join.parents.size() != 1) continue;
    join.nodes = {join.single_store->node};
    join.stores = {join.single_store->store};
    unlink(join.parents.front(), join.single_store->unneeded);
  }
}

void Graph::link(GraphNodeId parent, GraphNodeId child) {
  add_once(node(parent).children, child);
  add_once(node(child).parents, parent);
}

void Graph::unlink(GraphNodeId parent, GraphNodeId child) {
  std::erase(node(parent).children, child);
  std::erase(node(child).parents, parent);
}

// The first one on the way up from `start`, which may be it already.
std::optional<GraphNodeId> Graph::find_above(GraphNodeId start,
                                             absl::FunctionRef<bool(const GraphNode&)> wanted) const {
  if (wanted(node(start))) return start;
  for (const GraphNodeId parent : node(start).parents) {
    if (const auto found = find_above(parent, wanted)) return found;
  }
  return std::nullopt;
}

// The child of `ancestor` through which records come to `start`.
std::optional<GraphNodeId> Graph::find_below(GraphNodeId ancestor, GraphNodeId start) const {
  return find_above(start, [&](const GraphNode& each) { return contains(each.parents, ancestor); });
}

std::vector<KeyChange> Graph::key_changes() const {
  std::vector<KeyChange> changes;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    if (nodes_[i].changes == Changes::kKeys) changes.push_back({.step = static_cast<GraphNodeId>(i)});
  }
  for (const auto& [repartition, plan] : mergeable_) {
    const auto above = find_above(repartition, [](const GraphNode& each) { return each.changes != Changes::kNothing; });
    const auto found =
        std::find_if(changes.begin(), changes.end(), [&](const KeyChange& each) { return each.step == above; });
    if (found != changes.end()) found->repartitions.push_back(repartition);
  }
  return changes;
}

// Where streams are merged after their keys have changed, the merge counts as the change: of several that follow upon
// each other the last one, so that all streams are behind it.
std::vector<KeyChange> Graph::key_changes_behind_merges() const {
  std::vector<KeyChange> changes = key_changes();
  std::vector<KeyChange> merges;
  std::vector<GraphNodeId> replaced;
  for (std::size_t i = nodes_.size(); i-- > 0;) {
    if (!nodes_[i].merges) continue;
    KeyChange merge = {.step = static_cast<GraphNodeId>(i)};
    for (const KeyChange& change : changes) {
      const bool above_all = std::all_of(change.repartitions.begin(), change.repartitions.end(),
                                         [&](GraphNodeId each) { return find_below(merge.step, each).has_value(); });
      if (!above_all || contains(replaced, change.step) || !find_below(change.step, merge.step)) continue;
      for (const GraphNodeId repartition : change.repartitions) add_once(merge.repartitions, repartition);
      add_once(replaced, change.step);
    }
    merges.push_back(std::move(merge));
  }
  std::erase_if(changes, [&](const KeyChange& each) { return contains(replaced, each.step); });
  changes.insert(changes.end(), merges.rbegin(), merges.rend());
  return changes;
}

void Graph::merge_repartitions() {
  for (const KeyChange& change : key_changes_behind_merges()) {
    if (!change.repartitions.empty()) merge_repartitions_below(change.step, change.repartitions);
  }
}

void Graph::merge_repartitions_below(GraphNodeId changer, const std::vector<GraphNodeId>& repartitions) {
  const std::string topic = node(repartitions.front()).repartition_topic->name;
  GraphNode step = repartition_step({.name = topic, .makers = mergeable_.at(repartitions.front()).makers});
  step.priority = node(changer).priority;
  const GraphNodeId merged = add(std::move(step), {});
  for (const GraphNodeId replaced : repartitions) {
    const std::optional<GraphNodeId> branch = find_below(changer, replaced);
    if (!branch) continue;
    link(merged, *branch);
    unlink(changer, *branch);
    const std::vector<GraphNodeId> parents = node(replaced).parents;
    const std::vector<GraphNodeId> children = node(replaced).children;
    for (const GraphNodeId child : children) {
      for (const GraphNodeId parent : parents) link(parent, child);
    }
    for (const GraphNodeId parent : parents) unlink(parent, replaced);
    for (const GraphNodeId child : children) unlink(replaced, child);
  }
  link(changer, merged);
}

}  // namespace levada::internal
