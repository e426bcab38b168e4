// The tasks of one thread, from being given by the group to being given away: opened, restored, running, suspended.
//
//   tasks.assign(ids);                          // opens what is new, closes what is gone, keeps what comes back
//   RETURN_IF_ERROR(tasks.advance());           // opening and restoring, a bounded step at a time
//   if (tasks.take_changed()) consumer.assign(tasks.assignments());
//
// Owned by the thread; used on it only.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include <absl/status/status.h>

#include <levada/core/log.h>
#include <levada/runtime/application_plan.h>
#include <levada/runtime/consumer.h>
#include <levada/runtime/restorer.h>
#include <levada/runtime/task.h>
#include <levada/state/memory_budget.h>

namespace levada {

struct ActiveTasksSettings {
  std::optional<std::filesystem::path> directory = std::nullopt;  // of the application: a directory per task in it
  bool caching = true;
  DeserializationHandler deserialization_handler = DeserializationHandler::kLogAndFail;
  // For partitions the group has no offset of; none: that is an error.
  std::optional<AutoOffsetReset> reset = AutoOffsetReset::kEarliest;
};

class ActiveTasks {
 public:
  // All of them outlive it. `consumer` is asked where the group stands.
  ActiveTasks(ActiveTasksSettings settings, const ApplicationPlan& plan, const TaskEnvironment& environment,
              MemoryBudget& budget, Restorer& restorer, Consumer& consumer, Logger log);
  ~ActiveTasks();

  void assign(const std::vector<TaskId>& ids);
  // Their partitions are taken away; the tasks wait for the next assign(), their stores open, their queues empty.
  void suspend();
  // Gives all of them up at once, without a commit.
  void close();

  // Opens one task that waits for it, restores some records, starts what is complete. A state directory that another
  // process still holds is waited for.
  absl::Status advance();
  bool ready() const { return to_open_.empty() && restoring_.empty(); }

  // What runs, ascending by id.
  const std::vector<Task*>& running() const { return running_; }
  std::size_t size() const { return tasks_.size() + to_open_.size(); }

  // Whether running() has changed since the last call.
  bool take_changed() { return std::exchange(changed_, false); }
  // What to fetch: a tag is the place in inputs().
  std::vector<Assignment> assignments();
  struct Input {
    Task* task;
    PartitionInput* input;
  };
  const std::vector<Input>& inputs() const { return inputs_; }

 private:
  absl::Status open_next();
  absl::StatusOr<std::unique_ptr<Task>> open(const TaskId& id);
  absl::Status begin_restore(std::unique_ptr<Task> task);
  absl::Status start_restored();
  absl::StatusOr<std::vector<CommittedOffset>> starting_offsets(const TaskPlan& plan);
  absl::StatusOr<Offset> reset_offset(const TaskInput& input);
  std::optional<std::filesystem::path> directory_of(const TaskId& id) const;
  void changed();

  ActiveTasksSettings settings_;
  const ApplicationPlan& plan_;
  TaskEnvironment environment_;
  MemoryBudget& budget_;
  Restorer& restorer_;
  Consumer& consumer_;
  Logger log_;

  std::map<TaskId, std::unique_ptr<Task>> tasks_ = {};
  std::set<TaskId> to_open_ = {};
  std::set<TaskId> restoring_ = {};
  bool suspended_ = false;  // what is restored meanwhile does not run either
  std::vector<Task*> running_ = {};
  std::vector<Input> inputs_ = {};
  bool changed_ = false;
  bool told_locked_ = false;
};

}  // namespace levada
