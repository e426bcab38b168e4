#include <levada/core/status_macros.h>
#include <levada/runtime/combined_batches.h>

namespace levada {

void CombinedBatches::begin_round(const std::vector<Task*>& tasks) {
  combining_.clear();
  until_.clear();
  for (Task* task : tasks) {
    if (task->combiners() == 0) continue;
    combining_.push_back(task);
    const auto count = static_cast<std::size_t>(task->id().sub_topology) + 1;
    if (until_.size() < count) until_.resize(count, Timestamp::max());
    note(*task);
  }
}

// Only combiners that must: others of the sub-topology may go on for longer.
absl::Status CombinedBatches::send(int sub_topology, Timestamp time) {
  std::vector<Task*> tasks;
  for (Task* task : combining_) {
    if (task->id().sub_topology == sub_topology) tasks.push_back(task);
  }
  for (std::size_t i = 0; i < tasks.front()->combiners(); ++i) {
    const bool due = std::ranges::any_of(tasks, [&](const Task* task) { return task->combined_until(i) < time; });
    if (!due) continue;
    for (Task* task : tasks) LEVADA_RETURN_IF_ERROR(task->send_combined(i));
  }
  until_[static_cast<std::size_t>(sub_topology)] = Timestamp::max();
  for (const Task* task : tasks) note(*task);
  return absl::OkStatus();
}

}  // namespace levada
