#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include <levada/dsl/graph/graph.h>
#include <levada/dsl/graph/topology_writer.h>

namespace levada::internal {

namespace {

// Called after the topic, so that no other name changes with it.
void add_combiner(GraphNode& step, const std::string& topic, const CombinerMaker& combiner) {
  const std::string name = topic + "-combiner";
  StoreSpec store = combiner.store;
  store.name = name + "-store";
  NodeMaker make = [make = combiner.node, store = store.name](OperatorContext& context) {
    return make(context, store);
  };
  step.nodes.push_back(
      {.spec = {.name = name, .stores = {store.name}, .make = std::move(make)}, .feed = Feed::kPrevious});
  step.stores.push_back(std::move(store));
}

void add_once(std::vector<GraphNodeId>& ids, GraphNodeId id) {
  if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
}

}  // namespace

GraphNodeId Graph::add(GraphNode step, const std::vector<GraphNodeId>& parents) {
  const auto id = static_cast<GraphNodeId>(nodes_.size());
  for (const PlannedNode& planned : step.nodes) check(check_name("node", planned.spec.name));
  nodes_.push_back(std::move(step));
  for (const GraphNodeId parent : parents) attach(parent, id);
  return id;
}

GraphNodeId Graph::add_root(GraphNode step) {
  const GraphNodeId id = add(std::move(step), {});
  roots_.push_back(id);
  give_priority(id);
  return id;
}

// Attaching again changes nothing but the priority, as it does in Kafka Streams.
void Graph::attach(GraphNodeId parent, GraphNodeId child) {
  add_once(node(parent).children, child);
  add_once(node(child).parents, parent);
  give_priority(child);
}

GraphNodeId Graph::add_repartition(GraphNodeId stream, const RepartitionPlan& plan) {
  return add_repartition_step(repartition_step(plan), stream, plan);
}

GraphNodeId Graph::add_repartition_step(GraphNode step, GraphNodeId stream, const RepartitionPlan& plan) {
  const GraphNodeId added = add(std::move(step), {stream});
  if (plan.mergeable) mergeable_[added] = plan;
  return added;
}

// The three numbers are used up even where the nodes are called after the topic.
GraphNode Graph::repartition_step(const RepartitionPlan& plan) {
  std::string sink = names_.next("KSTREAM-SINK-");
  std::string filter = names_.next("KSTREAM-FILTER-");
  std::string source = names_.next("KSTREAM-SOURCE-");
  const std::string topic =
      plan.name.ends_with(kRepartitionSuffix) ? plan.name : fmt::format("{}{}", plan.name, kRepartitionSuffix);
  if (!is_generated_stream_name(plan.name)) {
    sink = topic + "-sink";
    filter = topic + "-filter";
    source = topic + "-source";
  }
  check(check_name("repartition topic", topic));
  if (plan.partitions && *plan.partitions < 1) {
    mistake(fmt::format("repartition topic {}: {} partitions; at least one is needed", topic, *plan.partitions));
  }
  if (!plan.makers.possible()) {
    mistake(fmt::format(
        "repartition topic {}: nothing says how its records become bytes; give group_by_key a .key and a .value serde",
        topic));
  }
  NodeMaker make_sink = [make = plan.makers.sink, topic](OperatorContext& context) { return make(context, topic); };
  GraphNode step = {
      .nodes = {{.spec = {.name = filter, .make = plan.makers.filter}}},
      .repartition_topic = RepartitionTopic{.name = topic, .partitions = plan.partitions, .of_stream = true}};
  if (plan.makers.combiner) {
    add_combiner(step, topic, *plan.makers.combiner);
  } else {
    step.filter_for_null_keys = plan.makers.filter_for_null_keys;
  }
  step.nodes.push_back(
      {.spec = {.kind = NodeKind::kSink, .name = sink, .topics = {topic}, .make = std::move(make_sink)},
       .feed = Feed::kPrevious});
  step.nodes.push_back(
      {.spec = {.kind = NodeKind::kSource, .name = source, .topics = {topic}, .make = plan.makers.source},
       .feed = Feed::kNothing});
  return step;
}

// A name uses up the numbers of a new topic even where an older one serves; and who named theirs has made the latest
// one, which serves those without names. Both as in Kafka Streams.
GraphNodeId Graph::add_repartition_for_join(GraphNodeId stream, const RepartitionPlan& plan) {
  GraphNode step = repartition_step(plan);
  const auto known = join_repartitions_.find(stream);
  if (known != join_repartitions_.end() && plan.name == node(stream).output_name()) return known->second;
  return join_repartitions_[stream] = add_repartition_step(std::move(step), stream, plan);
}

GroupingId Graph::add_grouping(Grouping grouping) {
  if (!grouping.name.empty()) check(check_name("grouping", grouping.name));
  groupings_.push_back(std::move(grouping));
  return static_cast<GroupingId>(groupings_.size() - 1);
}

RepartitionPlan Graph::repartition_of(const Grouping& group, const std::string& store) {
  return {.name = group.name.empty() ? store : group.name, .makers = group.makers, .mergeable = true};
}

GraphNodeId Graph::stream_of(GroupingId id, const std::string& store) {
  Grouping& group = grouping(id);
  if (!group.repartition_required) return group.stream;
  const RepartitionPlan plan = repartition_of(group, store);
  GraphNode step = repartition_step(plan);
  if (group.repartition && !group.name.empty()) {
    attach(group.stream, *group.repartition);
  } else {
    group.repartition = add_repartition_step(std::move(step), group.stream, plan);
  }
  return *group.repartition;
}

// A second aggregation uses up the numbers of a topic, too.
GraphNodeId Graph::stream_of(CogroupingId cogrouping, GroupingId id, const std::string& store) {
  const Grouping& group = grouping(id);
  if (!group.repartition_required) return group.stream;
  const RepartitionPlan plan = repartition_of(group, store);
  GraphNode step = repartition_step(plan);
  const auto [known, first] = cogroup_repartitions_.try_emplace({cogrouping, id});
  if (first) known->second = add_repartition_step(std::move(step), group.stream, plan);
  return known->second;
}

GraphNodeId Graph::partials_of(GroupingId id, const std::string& store, RepartitionMakers makers) {
  Grouping& group = grouping(id);
  if (group.repartition && !group.name.empty()) {
    mistake(
        fmt::format("grouping {}: store {} is that of a second aggregation, but what a combiner sends is for one; "
                    "group the stream again for it, under another name",
                    group.name, store));
    return *group.repartition;
  }
  const std::string& name = group.name.empty() ? store : group.name;
  group.repartition = add(repartition_step({.name = name, .makers = std::move(makers)}), {group.stream});
  return *group.repartition;
}

void Graph::check(const absl::Status& status) {
  if (!status.ok()) mistake(std::string(status.message()));
}

std::vector<GraphNodeId> Graph::sources() const {
  std::vector<GraphNodeId> found;
  for (const GraphNodeId root : roots_) {
    if (node(root).source_type) found.push_back(root);
  }
  return found;
}

// A topic is read once, however many streams were made of it, and so is a pattern.
void Graph::merge_sources() {
  std::map<std::string, GraphNodeId> reader_of;
  std::map<std::string, GraphNodeId> reader_of_pattern;
  for (const GraphNodeId source : sources()) {
    const NodeSpec& spec = node(source).nodes.front().spec;
    if (spec.pattern) {
      const auto [reader, first] = reader_of_pattern.try_emplace(spec.pattern->text(), source);
      if (!first) merge_source(reader->second, source);
    }
    for (const std::string& topic : spec.topics) {
      const auto [reader, first] = reader_of.try_emplace(topic, source);
      if (first || reader->second == source) continue;
      merge_source(reader->second, source);
      break;
    }
  }
}

void Graph::merge_source(GraphNodeId kept, GraphNodeId merged) {
  const NodeSpec& first = node(kept).nodes.front().spec;
  const NodeSpec& second = node(merged).nodes.front().spec;
  const std::string topics =
      second.pattern ? second.pattern->text() : fmt::format("{}", fmt::join(second.topics, ", "));
  if (std::set(first.topics.begin(), first.topics.end()) != std::set(second.topics.begin(), second.topics.end())) {
    mistake(fmt::format("streams {} and {} read some but not all of the same topics: {} and {}", first.name,
                        second.name, fmt::join(first.topics, ", "), topics));
  }
  if (first.reset != second.reset) mistake(fmt::format("topic {}: two streams of it have different .reset", topics));
  if (node(kept).source_type != node(merged).source_type) {
    mistake(fmt::format("topic {}: two streams of it have different types of key or value", topics));
  }
  // A step below both has one parent less; else the source that stays comes last among its parents.
  for (const GraphNodeId child : node(merged).children) {
    std::vector<GraphNodeId>& parents = node(child).parents;
    parents.erase(std::find(parents.begin(), parents.end(), merged));
    add_once(parents, kept);
    add_once(node(kept).children, child);
  }
  roots_.erase(std::find(roots_.begin(), roots_.end(), merged));
}

void Graph::add_source_topics(GraphNodeId id, std::set<std::string>& topics) const {
  bool is_source = false;
  for (const PlannedNode& planned : node(id).nodes) {
    if (planned.spec.kind != NodeKind::kSource) continue;
    topics.insert(planned.spec.topics.begin(), planned.spec.topics.end());
    is_source = true;
  }
  if (is_source) return;
  for (const GraphNodeId parent : node(id).parents) add_source_topics(parent, topics);
}

// What is joined with one of a group belongs to the group.
std::vector<std::set<std::string>> Graph::copartition_groups() const {
  std::vector<std::set<std::string>> groups;
  for (const auto& [one, other] : copartitioned_) {
    std::set<std::string> group;
    add_source_topics(one, group);
    add_source_topics(other, group);
    std::erase_if(groups, [&group](std::set<std::string>& known) {
      if (std::none_of(known.begin(), known.end(), [&](const std::string& topic) { return group.contains(topic); })) {
        return false;
      }
      group.merge(known);
      return true;
    });
    groups.push_back(std::move(group));
  }
  return groups;
}

std::optional<Duration> Graph::window_grace(GraphNodeId table) const {
  if (node(table).window_grace) return node(table).window_grace;
  std::optional<Duration> longest;
  for (const GraphNodeId parent : node(table).parents) {
    const std::optional<Duration> grace = window_grace(parent);
    if (!grace) return std::nullopt;
    longest = std::max(longest.value_or(*grace), *grace);
  }
  return longest;
}

void Graph::let_null_keys_pass() {
  for (const GraphNode& step : nodes_) {
    if (!step.wants_null_keys) continue;
    for (const GraphNodeId parent : step.parents) let_null_keys_pass_above(parent);
  }
}

void Graph::let_null_keys_pass_above(GraphNodeId step) {
  if (node(step).filter_for_null_keys) node(step).nodes.front().spec.make = node(step).filter_for_null_keys;
  for (const GraphNodeId parent : node(step).parents) let_null_keys_pass_above(parent);
}

// Of the stores that the DSL's own operators keep on disk, as in Kafka Streams; those of processors are their users'.
void Graph::keep_deletion_headers() {
  for (GraphNode& step : nodes_) {
    if (step.nodes.empty()) continue;
    for (StoreSpec& store : step.stores) {
      const bool has_format = store.timestamped || store.shape == StoreShape::kSession;
      store.deletion_headers = has_format && store.engine == StoreEngine::kRocksDb;
    }
  }
}

absl::StatusOr<Topology> Graph::build(const BuildOptions& options) const {
  Graph graph = *this;
  graph.merge_sources();
  graph.optimize(options.optimization);
  graph.let_null_keys_pass();
  if (options.store_format == DslStoreFormat::kHeaders) graph.keep_deletion_headers();
  if (!graph.mistakes_.empty()) return absl::InvalidArgumentError(fmt::format("{}", fmt::join(graph.mistakes_, "; ")));
  Topology topology = write_topology(graph.nodes_, graph.roots_);
  topology.copartition_groups = graph.copartition_groups();
  return finish(std::move(topology), options);
}

}  // namespace levada::internal
