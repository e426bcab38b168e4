// Ends the batches of combiners in all tasks of a thread at once, when event time in one of them has come far enough.
// Else the next batch of one task, sent by a commit, would be behind the repartition topic before another's that is
// older: what says when a batch began there decides what is late.
//
//   batches.begin_round(tasks);
//   LEVADA_RETURN_IF_ERROR(batches.make_room(*task));   // for its head
//   LEVADA_RETURN_IF_ERROR(task->process());
//   batches.note(*task);
//
// Part of a ProcessorLoop.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include <absl/status/status.h>

#include <levada/core/time.h>
#include <levada/runtime/task.h>

namespace levada {

class CombinedBatches {
 public:
  // The tasks of the thread, as they are after the last commit. They live until the next call.
  void begin_round(const std::vector<Task*>& tasks);
  // Sends what the task's head must not find unsent.
  absl::Status make_room(const Task& task) {
    if (task.combiners() == 0 || task.head_time() <= until_of(task)) [[likely]]
      return absl::OkStatus();
    return send(task.id().sub_topology, task.head_time());
  }
  // It has processed a record.
  void note(const Task& task) {
    for (std::size_t i = 0; i < task.combiners(); ++i) {
      Timestamp& until = until_of(task);
      until = std::min(until, task.combined_until(i));
    }
  }

 private:
  Timestamp& until_of(const Task& task) { return until_[static_cast<std::size_t>(task.id().sub_topology)]; }
  absl::Status send(int sub_topology, Timestamp time);

  std::vector<Task*> combining_ = {};  // tasks with combiners
  std::vector<Timestamp> until_ = {};  // by sub-topology: the earliest of its combiners in all tasks
};

}  // namespace levada
