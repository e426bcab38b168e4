// What an application runs, once it is known how many partitions its topics have: which tasks there are, what feeds
// each, and which topics of its own must exist. Every instance computes the same plan from the same topics.
//
//   ASSIGN_OR_RETURN(auto plan, ApplicationPlan::make(topology, settings, partitions_of_source_topics));
//   admin.create_topics(plan.internal_topics());
//   consumer.subscribe(plan.source_topics());
//   for (const TaskId& task : plan.tasks_of(assigned_partitions)) open(plan.task(task));
//
// Immutable; refers to the topology, which must outlive it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include <levada/core/topology.h>
#include <levada/runtime/admin.h>
#include <levada/runtime/internal_topics.h>
#include <levada/runtime/task.h>
#include <levada/runtime/task_id.h>

namespace levada {

struct SourceTopic {
  std::string name = {};
  std::string name_in_topology = {};
  Partition partitions = 0;
  bool internal = false;
  std::optional<AutoOffsetReset> reset = std::nullopt;
  std::vector<TaskId> upstream = {};  // who tells how far time has come in it, ascending
};

class ApplicationPlan {
 public:
  // `partitions` holds the topics that are not the application's own. kNotFound names those that are missing,
  // kInvalidArgument the topics that must have equal numbers of partitions and have not.
  static absl::StatusOr<ApplicationPlan> make(const Topology& topology, const InternalTopicSettings& settings,
                                              const std::map<std::string, Partition>& partitions);

  // The topics that must be there before it starts: read from, and not made by itself.
  static std::vector<std::string> external_sources(const Topology& topology);
  std::vector<std::string> external_sources() const { return external_sources(*topology_); }

  // Repartition and changelog topics, with Kafka Streams' configuration.
  const std::vector<NewTopic>& internal_topics() const { return internal_topics_; }
  std::vector<std::string> source_topics() const;

  // The tasks that these partitions stand for, ascending. A task belongs to whoever has its partition of the
  // sub-topology's anchor: the source topic with the most partitions. Where patterns are read there may be several
  // anchors: all topics that have so many. Members that know of a topic and members that do not yet then never take one
  // task both.
  std::vector<TaskId> tasks_of(const std::vector<TopicPartition>& assigned) const;
  std::vector<TaskId> all_tasks() const;
  TaskPlan task(TaskId id) const;
  // What fills the global stores, with all partitions of their topics.
  const std::vector<TaskPlan>& global_tasks() const { return global_tasks_; }

  // The sources of each sub-topology that has tasks, in the order data flows through them as far as there is one.
  struct PlannedSubTopology {
    SubTopology part = {};
    std::vector<SourceTopic> sources = {};
    std::vector<std::string> anchors = {};
    Partition tasks = 0;
    bool feeds_tasks = false;
    std::vector<ToldTopic> told = {};  // to whom its tasks tell how far they have come
  };
  const std::vector<PlannedSubTopology>& sub_topologies() const { return sub_topologies_; }

 private:
  explicit ApplicationPlan(const Topology& topology) : topology_(&topology) {}
  void connect(const std::vector<SubTopology>& parts, const std::string& application_id);

  const Topology* topology_;
  std::vector<PlannedSubTopology> sub_topologies_ = {};
  std::vector<TaskPlan> global_tasks_ = {};
  std::vector<NewTopic> internal_topics_ = {};
};

}  // namespace levada
