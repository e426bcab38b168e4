// The tasks of one thread, from being given by the group to being given away: opened, restored, running, suspended.
//
//   tasks.assign(ids);                          // opens what is new, closes what is gone, keeps what comes back
//   RETURN_IF_ERROR(tasks.advance(busy));       // opening and restoring, a bounded step at a time
//   if (tasks.take_changed()) consumer.assign(tasks.assignments());
//
// What a broker, another process or a full disk keeps from getting ahead is tried again (patience.h), one task apart
// from the others. A task whose files are damaged starts again with none, from its changelogs.
//
// Owned by the thread; used on it only.
#pragma once

#include <chrono>
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
#include <levada/runtime/fetched_inputs.h>
#include <levada/runtime/idle_timeouts.h>
#include <levada/runtime/patience.h>
#include <levada/runtime/restorer.h>
#include <levada/runtime/task.h>
#include <levada/state/memory_budget.h>

namespace levada {

struct ActiveTasksSettings {
  std::optional<std::filesystem::path> directory = std::nullopt;  // of the application: a directory per task in it
  bool caching = true;
  DefaultTimestampExtractor default_timestamp_extractor = DefaultTimestampExtractor::kFail;
  bool position_headers = false;
  AutoOffsetReset reset = AutoOffsetReset::earliest();  // for partitions the group has no offset of
  Duration timeout = std::chrono::minutes(5);           // task.timeout.ms: how long a task may get no further
  bool exactly_once = false;
  Duration max_task_idle = Duration(0);  // max.task.idle.ms
  IdleTimeouts idle_timeouts = {};
  std::optional<Duration> time_mark_interval = std::nullopt;  // see TaskPlan
};

class ActiveTasks {
 public:
  // All of them outlive it. `consumer` is asked where the group stands.
  ActiveTasks(ActiveTasksSettings settings, const ApplicationPlan& plan, const TaskEnvironment& environment,
              MemoryBudget& budget, Restorer& restorer, Consumer& consumer, Logger log);
  ~ActiveTasks();

  // What the group gives. Of what was suspended this goes on as it is, unless others may have had it meanwhile.
  void assign(const std::vector<TaskId>& ids);
  // Opens the stores of a task that does not run here: a standby.
  absl::StatusOr<std::unique_ptr<Task>> open(const TaskId& id) const;
  // A task that was assigned and is open already.
  void adopt(std::unique_ptr<Task> task);
  bool has(const TaskId& id) const { return tasks_.contains(id) || pending_.contains(id); }
  // Another plan holds from the next assign(). Not while there are tasks.
  void set_plan(const ApplicationPlan& plan) { plan_ = &plan; }
  // Their partitions are taken away; the tasks wait for the next assign(), their stores open, their queues empty.
  void suspend();
  // Gives all of them up at once, without a commit.
  void close();
  // Those that run begin anew, without a commit: with what is on disk, where the group stands.
  void restart();

  // Opens tasks that wait for it, restores some records, starts what is complete. What does not succeed and may do
  // so later is no error until it has lasted for the timeout. While records are processed, restoring never waits.
  absl::Status advance(bool busy);
  bool ready() const { return pending_.empty(); }
  // advance() has nothing to do for the moment.
  bool idle() const;

  // Closes the running tasks that were found damaged, without writing, and has them restored from their changelogs.
  // `failure`, if there are none. Else an error where that does not help: a store without a changelog, or a task that
  // was restored and found damaged again before its first commit.
  absl::Status repair_damaged(const absl::Status& failure);
  // Destroys the files of a task that does not run here, if its stores can be restored; else an error.
  absl::Status destroy(const TaskId& id, const absl::Status& damage) const;
  // These tasks have committed.
  void committed(const std::vector<Task*>& tasks);

  // What runs, ascending by id.
  const std::vector<Task*>& running() const { return running_; }
  std::size_t size() const;

  // Whether running() has changed since the last call.
  bool take_changed() { return std::exchange(changed_, false); }
  // What to fetch: a tag is the place in inputs(), which is empty while running() has changed and nobody has asked
  // here.
  std::vector<Assignment> assignments();
  struct Input {
    Task* task;
    PartitionInput* input;
  };
  const std::vector<Input>& inputs() const { return inputs_; }
  // Has the consumer fetch another part of them if the queues are full and a task waits with what is in them.
  absl::Status choose_fetched(bool full, bool holds_back);
  // Nobody looks at the logs for a while, so that nothing is silent.
  void end_silence();
  // Inputs whose last fetch came up to the end of their logs have nothing to wait for.
  void note_ends();

 private:
  std::vector<Assignment> dry_assignments() const;

  enum class Phase { kToOpen, kToRestore, kRestoring, kToStart };
  // A task that does not run yet.
  struct Pending {
    Phase phase = Phase::kToOpen;
    Patience patience;
  };

  bool others_may_have_had_them() const;
  void add_pending(const TaskId& id);
  bool restore_pauses() const;
  absl::Status prepare_some();
  absl::Status prepare(const TaskId& id, Pending& pending);
  absl::StatusOr<std::vector<CommittedOffset>> restored_inputs(const TaskId& id);
  absl::Status open_next();
  absl::Status settle_opened(const TaskId& id, absl::StatusOr<std::unique_ptr<Task>> opened);
  absl::Status restore(bool busy);
  absl::Status start_restored();
  absl::Status start(const TaskId& id, Pending& pending);
  absl::Status settle(const TaskId& id, const absl::Status& failure);
  absl::Status repair(TaskId id, const absl::Status& damage);
  absl::Status check_repairable(const TaskId& id, const absl::Status& damage) const;
  Duration request_timeout() const;
  absl::StatusOr<std::vector<CommittedOffset>> starting_offsets(const TaskPlan& plan);
  absl::StatusOr<Offset> reset_offset(const TaskInput& input);
  std::optional<std::filesystem::path> directory_of(const TaskId& id) const;
  void changed();

  ActiveTasksSettings settings_;
  const ApplicationPlan* plan_;
  TaskEnvironment environment_;
  MemoryBudget& budget_;
  Restorer& restorer_;
  Consumer& consumer_;
  Logger log_;

  std::map<TaskId, std::unique_ptr<Task>> tasks_ = {};
  std::map<TaskId, Pending> pending_ = {};
  std::set<TaskId> repaired_ = {};  // and not committed since
  bool suspended_ = false;          // what is restored meanwhile does not run either
  GroupMetadata suspended_as_ = {};
  std::vector<Task*> running_ = {};
  std::vector<Input> inputs_ = {};
  FetchedInputs fetched_ = {};
  bool changed_ = false;
};

}  // namespace levada
