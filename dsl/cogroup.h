// The part of co-grouping that needs no types: several grouped streams that are aggregated into one store.
#pragma once

#include <string>
#include <vector>

#include <levada/dsl/aggregation.h>
#include <levada/dsl/stream_point.h>

namespace levada::internal {

// A grouped stream, and what aggregates it.
struct CogroupPart {
  GroupPoint at = {};
  TableMaker make = {};
};

struct CogroupNames {
  CogroupingId cogrouping = {};
  std::string store = {};
  std::string step = {};  // the user's; empty if there is none
};

// The user's name of the store, or a generated one.
std::string cogroup_store(Graph& graph, const std::string& name);

// The table in which the parts meet, each behind a repartition of its own if its keys have changed. `pass` makes the
// node below all of them.
StreamPoint add_cogroup(const std::vector<CogroupPart>& parts, const CogroupNames& names, const StoreSpec& store,
                        NodeMaker pass);

}  // namespace levada::internal
