#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <levada/core/status_macros.h>
#include <levada/runtime/application_plan.h>
#include <levada/runtime/told_topics.h>

namespace levada {
namespace {

// By name in the topology; external topics are given, those of the application are worked out.
using PartitionCounts = std::map<std::string, Partition>;

bool is_internal(const Topology& topology, const std::string& topic) {
  return topology.repartition_topics.contains(topic);
}

// The repartition topics that the sub-topology writes to.
std::set<std::string> internal_sinks(const Topology& topology, const SubTopology& part) {
  std::set<std::string> sinks;
  for (const NodeId id : part.nodes) {
    const NodeSpec& node = topology.nodes[id];
    if (node.kind != NodeKind::kSink) continue;
    for (const std::string& topic : node.topics) {
      if (is_internal(topology, topic)) sinks.insert(topic);
    }
  }
  return sinks;
}

// Which of a sub-topology's sources must be known to say how many partitions it has.
enum class Sources { kAll, kAny };

// The most partitions among the sub-topology's sources.
std::optional<Partition> most_partitions(const SubTopology& part, const PartitionCounts& counts, Sources needed) {
  std::optional<Partition> most;
  for (const std::string& topic : part.source_topics) {
    const auto known = counts.find(topic);
    if (known != counts.end()) {
      most = std::max(most.value_or(0), known->second);
    } else if (needed == Sources::kAll) {
      return std::nullopt;
    }
  }
  return most;
}

// As many as the widest sub-topology that feeds the topic.
std::optional<Partition> feeding_partitions(const Topology& topology, const std::vector<SubTopology>& parts,
                                            const std::string& topic, const PartitionCounts& counts, Sources needed) {
  std::optional<Partition> most;
  for (const SubTopology& part : parts) {
    if (!internal_sinks(topology, part).contains(topic)) continue;
    const std::optional<Partition> feeding = most_partitions(part, counts, needed);
    if (!feeding && needed == Sources::kAll) return std::nullopt;
    if (feeding) most = std::max(most.value_or(0), *feeding);
  }
  return most;
}

// False if no further topic can be counted.
bool count_one_more(const Topology& topology, const std::vector<SubTopology>& parts, PartitionCounts& counts,
                    Sources needed) {
  for (const auto& [name, topic] : topology.repartition_topics) {
    if (counts.contains(name)) continue;
    const std::optional<Partition> count = feeding_partitions(topology, parts, name, counts, needed);
    if (!count) continue;
    counts[name] = *count;
    return true;
  }
  return false;
}

// A repartition topic has the partitions it asks for, else as many as the widest sub-topology that feeds it. Where a
// sub-topology waits for what it feeds, as both sides of a foreign-key join do, the sources that are known must do.
absl::Status count_repartition_topics(const Topology& topology, const std::vector<SubTopology>& parts,
                                      PartitionCounts& counts) {
  for (const auto& [name, topic] : topology.repartition_topics) {
    if (topic.partitions) counts[name] = *topic.partitions;
  }
  while (count_one_more(topology, parts, counts, Sources::kAll) ||
         count_one_more(topology, parts, counts, Sources::kAny)) {
  }
  for (const auto& [name, topic] : topology.repartition_topics) {
    if (counts.contains(name)) continue;
    return absl::InvalidArgumentError(
        fmt::format("the number of partitions of repartition topic {} depends on itself, or on a pattern that no topic "
                    "matches: give one in repartition()",
                    name));
  }
  return absl::OkStatus();
}

std::string list_counts(const std::set<std::string>& group, const PartitionCounts& counts) {
  std::vector<std::string> texts;
  for (const std::string& topic : group) texts.push_back(fmt::format("{} has {}", topic, counts.at(topic)));
  return fmt::format("{}", fmt::join(texts, ", "));
}

// Topics that are joined or merged into one store need equal numbers: repartition topics take that of the others.
absl::Status align_copartitioned(const Topology& topology, PartitionCounts& counts) {
  for (const std::set<std::string>& group : topology.copartition_groups) {
    std::optional<Partition> fixed;
    Partition most = 0;
    for (const std::string& topic : group) {
      const auto internal = topology.repartition_topics.find(topic);
      const bool given = internal == topology.repartition_topics.end() || internal->second.partitions;
      most = std::max(most, counts.at(topic));
      if (!given) continue;
      if (fixed && *fixed != counts.at(topic)) {
        return absl::InvalidArgumentError("topics that are joined must have the same number of partitions: " +
                                          list_counts(group, counts));
      }
      fixed = counts.at(topic);
    }
    for (const std::string& topic : group) counts[topic] = fixed.value_or(most);
  }
  return absl::OkStatus();
}

std::optional<AutoOffsetReset> reset_of(const Topology& topology, const SubTopology& part, const std::string& topic) {
  for (const NodeId id : part.nodes) {
    const NodeSpec& node = topology.nodes[id];
    if (node.kind == NodeKind::kSource && std::ranges::count(node.topics, topic) > 0) return node.reset;
  }
  return std::nullopt;
}

// The first topic with the most partitions, or all of them, and how many these are.
void set_anchors(const Topology& topology, ApplicationPlan::PlannedSubTopology& planned) {
  for (const SourceTopic& source : planned.sources) planned.tasks = std::max(planned.tasks, source.partitions);
  for (const SourceTopic& source : planned.sources) {
    if (source.partitions == planned.tasks) planned.anchors.push_back(source.name);
  }
  const bool by_pattern =
      std::ranges::any_of(planned.part.nodes, [&](NodeId id) { return topology.nodes[id].pattern.has_value(); });
  if (!by_pattern) planned.anchors.resize(std::min(planned.anchors.size(), std::size_t{1}));
}

TaskPlan global_task(const Topology& topology, const SubTopology& part, const PartitionCounts& counts) {
  TaskPlan plan{.id = {part.id, 0}, .topology = &topology, .nodes = part.nodes};
  for (const std::string& topic : part.source_topics) {
    for (Partition partition = 0; partition < counts.at(topic); ++partition) {
      plan.inputs.push_back({{topic, partition}, topic});
    }
  }
  for (const std::string& store : part.stores) plan.stores.push_back(*topology.find_store(store));
  return plan;
}

}  // namespace

std::vector<std::string> ApplicationPlan::external_sources(const Topology& topology) {
  std::set<std::string> topics;
  for (const NodeSpec& node : topology.nodes) {
    if (node.kind != NodeKind::kSource) continue;
    for (const std::string& topic : node.topics) {
      if (!is_internal(topology, topic)) topics.insert(topic);
    }
  }
  return {topics.begin(), topics.end()};
}

absl::StatusOr<ApplicationPlan> ApplicationPlan::make(const Topology& topology, const InternalTopicSettings& settings,
                                                      const std::map<std::string, Partition>& partitions) {
  PartitionCounts counts;
  std::vector<std::string> missing;
  for (const std::string& topic : external_sources(topology)) {
    const auto found = partitions.find(topic);
    if (found == partitions.end()) {
      missing.push_back(topic);
    } else {
      counts[topic] = found->second;
    }
  }
  if (!missing.empty()) {
    return absl::NotFoundError(
        fmt::format("source topics that do not exist: {}; create them before the application starts, or give its user "
                    "the right to describe them",
                    fmt::join(missing, ", ")));
  }
  const std::vector<SubTopology> parts = levada::sub_topologies(topology);
  LEVADA_RETURN_IF_ERROR(count_repartition_topics(topology, parts, counts));
  LEVADA_RETURN_IF_ERROR(align_copartitioned(topology, counts));

  ApplicationPlan plan(topology);
  for (const SubTopology& part : parts) {
    if (part.global) {
      plan.global_tasks_.push_back(global_task(topology, part, counts));
      continue;
    }
    PlannedSubTopology planned{.part = part};
    for (const std::string& topic : part.source_topics) {
      planned.sources.push_back({.name = full_topic_name(topology, settings.application_id, topic),
                                 .name_in_topology = topic,
                                 .partitions = counts.at(topic),
                                 .internal = is_internal(topology, topic),
                                 .reset = reset_of(topology, part, topic)});
    }
    set_anchors(topology, planned);
    for (const std::string& name : part.stores) {
      const StoreSpec& store = *topology.find_store(name);
      if (!store.logging || planned.tasks == 0) continue;
      plan.internal_topics_.push_back({.name = changelog_topic_name(settings.application_id, name),
                                       .partitions = planned.tasks,
                                       .config = changelog_topic_config(store, settings)});
    }
    plan.sub_topologies_.push_back(std::move(planned));
  }
  plan.connect(parts, settings.application_id);
  for (const auto& [name, topic] : topology.repartition_topics) {
    plan.internal_topics_.push_back({.name = full_topic_name(topology, settings.application_id, name),
                                     .partitions = counts.at(name),
                                     .config = repartition_topic_config(settings)});
  }
  return plan;
}

// Who tells whom how far it has come in time.
void ApplicationPlan::connect(const std::vector<SubTopology>& parts, const std::string& application_id) {
  std::map<int, Partition> tasks;
  for (const PlannedSubTopology& planned : sub_topologies_) tasks[planned.part.id] = planned.tasks;
  for (PlannedSubTopology& planned : sub_topologies_) {
    planned.feeds_tasks = feeds_tasks(*topology_, planned.part);
    planned.told = told_topics(*topology_, parts, planned.part);
    for (ToldTopic& topic : planned.told) topic.name = full_topic_name(*topology_, application_id, topic.name);
    for (SourceTopic& source : planned.sources) {
      for (const int telling : telling_sub_topologies(*topology_, parts, source.name_in_topology)) {
        for (Partition p = 0; p < tasks[telling]; ++p) source.upstream.push_back({telling, p});
      }
    }
  }
}

std::vector<std::string> ApplicationPlan::source_topics() const {
  std::set<std::string> topics;
  for (const PlannedSubTopology& planned : sub_topologies_) {
    for (const SourceTopic& source : planned.sources) topics.insert(source.name);
  }
  return {topics.begin(), topics.end()};
}

std::vector<TaskId> ApplicationPlan::tasks_of(const std::vector<TopicPartition>& assigned) const {
  std::set<TaskId> tasks;
  for (const PlannedSubTopology& planned : sub_topologies_) {
    std::map<Partition, std::size_t> anchors;
    for (const TopicPartition& partition : assigned) {
      if (std::ranges::count(planned.anchors, partition.topic) == 0) continue;
      if (++anchors[partition.partition] < planned.anchors.size()) continue;
      tasks.insert({planned.part.id, partition.partition});
    }
  }
  return {tasks.begin(), tasks.end()};
}

std::vector<TaskId> ApplicationPlan::all_tasks() const {
  std::vector<TaskId> tasks;
  for (const PlannedSubTopology& planned : sub_topologies_) {
    for (Partition partition = 0; partition < planned.tasks; ++partition) tasks.push_back({planned.part.id, partition});
  }
  return tasks;
}

TaskPlan ApplicationPlan::task(TaskId id) const {
  const auto planned = std::ranges::find_if(
      sub_topologies_, [&](const PlannedSubTopology& each) { return each.part.id == id.sub_topology; });
  TaskPlan plan{.id = id,
                .topology = topology_,
                .nodes = planned->part.nodes,
                .feeds_tasks = planned->feeds_tasks,
                .told = planned->told};
  for (const SourceTopic& source : planned->sources) {
    if (id.partition >= source.partitions) continue;
    plan.inputs.push_back({.partition = {source.name, id.partition},
                           .topic_in_topology = source.name_in_topology,
                           .reset = source.reset,
                           .upstream = source.upstream});
  }
  for (const std::string& store : planned->part.stores) plan.stores.push_back(*topology_->find_store(store));
  return plan;
}

}  // namespace levada
