// The stores and internal topics of a saved topology, each with what tells it apart if names do not: which steps use
// it, which topics it is fed from, and which it feeds.
//
//   for (const Part& part : parts_of(topology)) …
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <levada/core/saved_topology.h>

namespace levada {

struct Part {
  std::string what = {};  // "store", "repartition topic"
  std::string name = {};
  std::int32_t sub_topology = 0;
  std::optional<std::string> kind = std::nullopt;
  std::optional<bool> logging = std::nullopt;
  std::optional<std::int64_t> retention = std::nullopt;
  std::optional<std::int32_t> partitions = std::nullopt;
  std::set<std::string> steps = {};    // that use a store, or read a topic; without their numbers
  std::set<std::string> inputs = {};   // topics that are not the application's own
  std::set<std::string> outputs = {};  // likewise
};

std::vector<Part> parts_of(const SavedTopology& topology);

}  // namespace levada
