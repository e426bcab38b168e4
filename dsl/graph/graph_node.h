// One step of the DSL in the graph: what it will add to the topology, and what optimizing the graph needs to know of
// it.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <typeindex>
#include <vector>

#include <levada/core/topology.h>
#include <levada/dsl/graph/table_step.h>

namespace levada::internal {

using NodeMaker = std::function<std::unique_ptr<Node>(OperatorContext&)>;

enum class GraphNodeId : std::size_t {};

// Where a node of the topology gets its records from.
enum class Feed {
  kAbove,     // from the steps above
  kPrevious,  // from the node before it in the same step
  kNamed,     // from nodes it names, of this step or earlier ones
  kNothing,   // it is a source
};

struct PlannedNode {
  NodeSpec spec = {};  // without parents: these follow from `feed`
  Feed feed = Feed::kAbove;
  std::vector<std::string> fed_by = {};  // of kNamed
  TableMaker make_table = {};            // instead of spec.make, of the node that makes the step's table
};

// What a step may do to the records that pass it. Repartitioning depends on the first, merging repartitions on the
// second.
enum class Changes { kNothing, kValues, kKeys };

// How a join of a stream with itself runs on one store instead of two: what its step then consists of.
struct SingleStoreJoin {
  GraphNodeId unneeded = {};  // the step that fills the second store
  PlannedNode node = {};
  StoreSpec store = {};
};

struct GraphNode {
  std::vector<PlannedNode> nodes = {};  // the steps below get their records from the last one
  std::vector<StoreSpec> stores = {};
  std::optional<RepartitionTopic> repartition_topic = std::nullopt;
  NodeMaker filter_for_null_keys = {};  // of a repartition: its filter, where somebody below wants records without keys
  bool wants_null_keys = false;         // a left or outer join
  Changes changes = Changes::kNothing;
  std::optional<TableStep> table = std::nullopt;              // if what comes out are changes of a table
  bool merges = false;                                        // it is the merge of two streams
  std::optional<std::type_index> source_type = std::nullopt;  // of a source: what its topics are decoded to
  // Of an aggregation over windows: how long after its end one closes.
  std::optional<Duration> window_grace = std::nullopt;
  std::optional<SingleStoreJoin> single_store = std::nullopt;  // of a join: if its streams turn out to be one

  // Kept by the graph.
  std::vector<GraphNodeId> parents = {};
  std::vector<GraphNodeId> children = {};
  int priority = 0;

  const std::string& output_name() const { return nodes.back().spec.name; }
};

}  // namespace levada::internal
