// What a StreamsBuilder has been told so far: the steps of the DSL, in the order and with the numbers Kafka Streams
// gives them. The typed classes of the DSL are thin handles on it.
//
//   Graph graph;
//   GraphNodeId in = graph.add_source({"orders"}, …);
//   GraphNodeId kept = graph.add(step, {in});
//   absl::StatusOr<Topology> topology = graph.build();
//
// Mistakes are collected, and told by build(). Owned by its builder; not thread-safe.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <absl/functional/function_ref.h>
#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <levada/core/build_options.h>
#include <levada/core/topology.h>
#include <levada/dsl/graph/graph_node.h>
#include <levada/dsl/graph/names.h>

namespace levada::internal {

// A node that combines records before they are repartitioned, and its store.
struct CombinerMaker {
  std::function<std::unique_ptr<Node>(OperatorContext&, const std::string& store)> node = {};
  StoreSpec store = {};  // without its name
};

// How the nodes around a repartition topic are made, which only the typed part of the DSL knows.
struct RepartitionMakers {
  NodeMaker filter = {};                // drops null keys
  NodeMaker filter_for_null_keys = {};  // drops nothing
  std::optional<CombinerMaker> combiner = std::nullopt;
  std::function<std::unique_ptr<Node>(OperatorContext&, const std::string& topic)> sink = {};
  NodeMaker source = {};

  // False where the types have no serdes, so that records cannot be repartitioned.
  bool possible() const { return static_cast<bool>(sink); }
};

struct RepartitionPlan {
  std::string name = {};  // the topic's, without "-repartition"
  std::optional<Partition> partitions = std::nullopt;
  RepartitionMakers makers = {};
  bool mergeable = false;  // may be merged with others below the same change of keys: the user did not ask for it
};

// A stream grouped by key. Its aggregations share one repartition topic if the user named it.
struct Grouping {
  GraphNodeId stream = {};
  bool repartition_required = false;
  std::string name = {};  // the user's
  RepartitionMakers makers = {};
  std::optional<GraphNodeId> repartition = std::nullopt;
};

// The names around the topic of a grouped table's changes.
struct ChangesPlan {
  std::string sink = {};
  std::string source = {};
  std::string store = {};  // the aggregation's, after which the topic is called if the user named none
};

enum class GroupingId : std::size_t {};
enum class CogroupingId : std::size_t {};

// A step behind which records are partitioned anew, and the repartitions that can be merged into one there.
struct KeyChange {
  GraphNodeId step = {};
  std::vector<GraphNodeId> repartitions = {};
};

class Graph {
 public:
  NameGenerator& names() { return names_; }

  GraphNodeId add(GraphNode step, const std::vector<GraphNodeId>& parents);
  // A step without parents: a source or a store.
  GraphNodeId add_root(GraphNode step);
  GraphNode& node(GraphNodeId id) { return nodes_[static_cast<std::size_t>(id)]; }
  const GraphNode& node(GraphNodeId id) const { return nodes_[static_cast<std::size_t>(id)]; }

  // A repartition topic below `stream`, with the nodes that write and read it.
  GraphNodeId add_repartition(GraphNodeId stream, const RepartitionPlan& plan);

  // The same for a join: `stream` has one for all its joins, unless they name it otherwise.
  GraphNodeId add_repartition_for_join(GraphNodeId stream, const RepartitionPlan& plan);
  GroupingId add_grouping(Grouping grouping);
  // Where the records of a grouping can be aggregated: behind a repartition if its keys changed. `store` is the
  // aggregation's, after which the topic is called if the user named none.
  GraphNodeId stream_of(GroupingId id, const std::string& store);
  // The same for what is co-grouped: it shares its repartitions with nobody, and its aggregations share them always.
  CogroupingId add_cogrouping() { return static_cast<CogroupingId>(cogroupings_++); }
  GraphNodeId stream_of(CogroupingId cogrouping, GroupingId id, const std::string& store);
  GraphNodeId stream_before(GroupingId id) const { return grouping(id).stream; }
  bool needs_repartition(GroupingId id) const { return grouping(id).repartition_required; }
  // The same, where the aggregation gets partial aggregates instead of the records: its repartition topic is its own.
  GraphNodeId partials_of(GroupingId id, const std::string& store, RepartitionMakers makers);
  // The same for a grouped table, whose changes always go through a topic.
  GraphNodeId changes_of(GroupingId id, const ChangesPlan& plan);

  // Of tables, see table_step.h. The name of the table's store, which it has from now on: empty if it cannot have one.
  const std::string& keep_rows(GraphNodeId table);
  // False if it will not tell old values.
  bool send_old_values(GraphNodeId table, OldValues wish);
  // How long versions of its rows are kept; none without versions.
  std::optional<Duration> history(GraphNodeId table) const {
    return node(table).table ? node(table).table->history : std::nullopt;
  }

  // How long after their end the windows of a table close: as the aggregations above say, the longest of them. None if
  // it does not come from windows alone.
  std::optional<Duration> window_grace(GraphNodeId table) const;

  // The topics that both read must have the same number of partitions.
  void copartition(GraphNodeId one, GraphNodeId other) { copartitioned_.emplace_back(one, other); }

  void mistake(std::string what) { mistakes_.push_back(std::move(what)); }
  // Takes down the mistake, if it is one.
  void check(const absl::Status& status);

  absl::StatusOr<Topology> build(const BuildOptions& options = {}) const;

 private:
  static RepartitionPlan repartition_of(const Grouping& group, const std::string& store);
  GraphNode repartition_step(const RepartitionPlan& plan);
  Grouping& grouping(GroupingId id) { return groupings_[static_cast<std::size_t>(id)]; }
  const Grouping& grouping(GroupingId id) const { return groupings_[static_cast<std::size_t>(id)]; }
  void attach(GraphNodeId parent, GraphNodeId child);
  void give_priority(GraphNodeId id) { node(id).priority = next_priority_++; }
  std::vector<GraphNodeId> sources() const;
  void add_source_topics(GraphNodeId id, std::set<std::string>& topics) const;
  std::vector<std::set<std::string>> copartition_groups() const;
  void let_null_keys_pass();
  void let_null_keys_pass_above(GraphNodeId step);
  void keep_deletion_headers();
  void merge_sources();
  void merge_source(GraphNodeId kept, GraphNodeId merged);
  GraphNodeId add_repartition_step(GraphNode step, GraphNodeId stream, const RepartitionPlan& plan);

  // Of graph_optimization.cc.
  void optimize(const TopologyOptimization& wanted);
  void reuse_source_topics();
  void use_single_stores();
  void merge_repartitions();
  void merge_repartitions_below(GraphNodeId changer, const std::vector<GraphNodeId>& repartitions);
  std::vector<KeyChange> key_changes() const;
  std::vector<KeyChange> key_changes_behind_merges() const;
  std::optional<GraphNodeId> find_above(GraphNodeId start, absl::FunctionRef<bool(const GraphNode&)> wanted) const;
  std::optional<GraphNodeId> find_below(GraphNodeId ancestor, GraphNodeId start) const;
  void link(GraphNodeId parent, GraphNodeId child);
  void unlink(GraphNodeId parent, GraphNodeId child);

  NameGenerator names_ = {};
  std::vector<GraphNode> nodes_ = {};
  std::vector<GraphNodeId> roots_ = {};
  std::vector<Grouping> groupings_ = {};
  std::size_t cogroupings_ = 0;
  std::map<std::pair<CogroupingId, GroupingId>, GraphNodeId> cogroup_repartitions_ = {};
  std::map<GraphNodeId, GraphNodeId> join_repartitions_ = {};  // by stream, the latest
  std::vector<std::pair<GraphNodeId, GraphNodeId>> copartitioned_ = {};
  std::map<GraphNodeId, RepartitionPlan> mergeable_ = {};
  int next_priority_ = 0;
  std::vector<std::string> mistakes_ = {};
};

}  // namespace levada::internal
