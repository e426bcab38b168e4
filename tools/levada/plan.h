// What becomes of the stores and internal topics of an application when its topology is replaced by another one.
//
//   for (const PlannedFate& each : plan(before, after)) std::cout << to_line(each) << '\n';
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <levada/core/saved_topology.h>

namespace levada {

enum class Fate {
  kKept,      // goes on as it is
  kRenamed,   // what it holds is not found under the new name
  kRebuilt,   // the name stays, but what it holds does not fit, or has to be restored
  kOrphaned,  // nobody uses it any more; its topic stays in the cluster
  kNew,
};

std::string_view to_string(Fate fate);

struct PlannedFate {
  Fate fate = Fate::kKept;
  std::string what = {};  // "store", "repartition topic"
  std::string name = {};  // the old one
  std::string reason = {};
};

// Those of `before` in their order, then what is new.
std::vector<PlannedFate> plan(const SavedTopology& before, const SavedTopology& after);

std::string to_line(const PlannedFate& fate);

}  // namespace levada
