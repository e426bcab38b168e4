// Which rewritings a builder may make of a topology, as the key topology.optimization names them. They change the
// topics of an application, so that one that exists must be reset when they are switched on or off.
//
//   builder.build({.optimization = TopologyOptimization::all()});
//   builder.build({.optimization = {.reuse_ktable_source_topics = true}});
//
// A value.
#pragma once

namespace levada {

struct TopologyOptimization {
  bool reuse_ktable_source_topics = false;  // the topic of a table is its changelog, instead of a copy of it
  bool merge_repartition_topics = false;    // one repartition topic behind a step that changes keys, not one per use
  bool single_store_self_join = false;      // a stream that is joined with itself is stored once

  static constexpr TopologyOptimization none() { return {}; }
  static constexpr TopologyOptimization all() { return {true, true, true}; }

  friend bool operator==(const TopologyOptimization&, const TopologyOptimization&) = default;
};

}  // namespace levada
