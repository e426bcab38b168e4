// Names a task: a sub-topology on one partition. Printed as Kafka Streams does: "1_3".
#pragma once

#include <compare>
#include <string>
#include <utility>

#include <levada/core/topic_partition.h>

namespace levada {

struct TaskId {
  int sub_topology = 0;
  Partition partition = 0;

  std::string to_string() const { return std::to_string(sub_topology) + "_" + std::to_string(partition); }

  friend auto operator<=>(const TaskId&, const TaskId&) = default;
  template <typename H>
  friend H AbslHashValue(H state, const TaskId& id) {
    return H::combine(std::move(state), id.sub_topology, id.partition);
  }
};

}  // namespace levada
