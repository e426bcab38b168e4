#include <algorithm>
#include <stdexcept>
#include <utility>

#include <levada/runtime/global_stores.h>
#include <levada/runtime/internal_topics.h>
#include <levada/runtime/task_context.h>
#include <levada/state/private_directory.h>
#include <levada/state/store_error.h>

namespace levada {

TaskContext::TaskContext(TaskId id, const Topology& topology, const TaskEnvironment& environment, TaskState& state,
                         RecordContext& current)
    : task_id_(id.to_string()),
      topology_(topology),
      environment_(environment),
      collector_(&environment.collector),
      state_(state),
      current_(current),
      errors_(environment_.errors, task_id_, environment_.collector, environment_.dropped, current_) {}

PunctuationId TaskContext::schedule(Duration interval, PunctuationType type, std::function<void(Timestamp)> action) {
  const std::string node = building_ != nullptr ? building_->name : std::string();
  const auto guarded = [this, node, action = std::move(action)](Timestamp now) {
    try {
      action(now);
    } catch (...) {
      errors_.on_punctuation_error(node);
    }
  };
  return punctuations_.schedule(interval, type, wall_clock_time(), guarded);
}

std::string TaskContext::topic_name(const std::string& name_in_topology) const {
  return full_topic_name(topology_, application_id(), name_in_topology);
}

// Beside the files of the database, which knows nothing of it.
std::filesystem::path TaskContext::state_dir() const {
  if (!directory_) throw std::invalid_argument("task " + task_id_ + " keeps nothing on disk, so it has no state_dir");
  std::filesystem::path own = *directory_ / "files";
  if (const absl::Status made = make_private_directory(own); !made.ok()) throw StoreError(made);
  return own;
}

StateStore& TaskContext::find_store(const std::string& name) {
  if (environment_.global_stores != nullptr && environment_.global_stores->contains(name)) {
    return find_global_store(name);
  }
  if (building_ != nullptr && std::ranges::count(building_->stores, name) == 0) {
    throw std::invalid_argument("processor " + building_->name + " is not connected to store " + name +
                                ": pass the store where the processor is added");
  }
  return state_.store(name);
}

StateStore& TaskContext::find_global_store(const std::string& name) {
  const auto found = global_stores_.find(name);
  if (found != global_stores_.end()) return *found->second.store;
  return *global_stores_.emplace(name, environment_.global_stores->read(name, current_)).first->second.store;
}

}  // namespace levada
