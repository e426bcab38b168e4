// The standbys of one thread: which there are follows from who is in the group (standby_placement.h), what they hold
// from their changelogs. A task that the group gives to this thread is taken over as its standby left it.
//
//   StandbyTasks standbys(settings, environment, std::move(reader));
//   tasks.assign(ids), standbys.assigned(ids);               // after a rebalance
//   standbys.advance(busy);                                  // every round: little work, no waiting
//
// The group is asked who is in it after each rebalance, until it is stable, and then every 30 s; a request takes a
// second at most. Standbys that nobody may be sure of any more are closed, since another thread of the process may wait
// for their directories. Nothing that goes wrong with a standby is an error: it is told to the log and tried again, and
// whoever needs the task restores what is missing.
//
// Owned by the thread; used on it only.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <absl/status/status.h>

#include <levada/core/log.h>
#include <levada/runtime/active_tasks.h>
#include <levada/runtime/admin.h>
#include <levada/runtime/application_plan.h>
#include <levada/runtime/cluster.h>
#include <levada/runtime/patience.h>
#include <levada/runtime/standby_task.h>
#include <levada/runtime/standby_update_listener.h>
#include <levada/runtime/thread_metrics.h>

namespace levada {

struct StandbySettings {
  std::string application_id = {};
  int replicas = 0;                     // num.standby.replicas
  std::size_t buffer_bytes = 16 << 20;  // what may be read and not applied yet
  ClientProperties reader = {};         // of the consumer that reads changelogs
};

// Everything outlives the standbys.
struct StandbyEnvironment {
  const ApplicationPlan& plan;
  const Clock& clock;
  Logger log;
  ActiveTasks& active;
  Consumer& group;  // the thread as a member
  Admin& admin;
  Admin* ends = nullptr;  // who knows where changelogs end, if not the reader: as Restorer has it
  ThreadMetrics& metrics;
  StandbyUpdateListener* listener = nullptr;
};

class StandbyTasks final : private RecordHandler {
 public:
  StandbyTasks(StandbySettings settings, StandbyEnvironment environment, std::unique_ptr<Consumer> reader);
  ~StandbyTasks();

  // A rebalance is over and this thread has these tasks now.
  void assigned(const std::vector<TaskId>& ids);
  // Another plan holds from the next assigned() on. All are closed.
  void set_plan(const ApplicationPlan& plan);
  // While records are processed, less often. Not while tasks of the thread are being restored: these come first.
  void advance(bool busy);
  // There is more to do at once.
  bool behind() const { return behind_; }

 private:
  using Instant = std::chrono::steady_clock::time_point;

  struct Standby {
    Patience patience;
    std::unique_ptr<StandbyTask> task = nullptr;  // null: not open yet
  };

  void on_record(std::size_t tag, const LogRecord& record) override;
  void on_end_of_partition(std::size_t tag, Offset next) override;

  void take_over(const TaskId& id, Standby& standby);
  void look_at_group();
  void want(const std::set<TaskId>& ids);
  bool has_changelog(const TaskId& id) const;
  void open_next();
  absl::Status open(const TaskId& id, Standby& standby);
  absl::StatusOr<StandbyTask::Changelog> begin(Task& task, StoreChangelog of);
  void follow(bool busy);
  void raise_limits();
  void assign();
  void read();
  bool is_full() const;
  void apply_due();
  void apply(const TaskId& id, Standby& standby, StandbyTask::Changelog& changelog);
  void bear(const TaskId& id, Standby& standby, const absl::Status& failure);
  void measure();

  const StandbySettings settings_;
  StandbyEnvironment environment_;
  const ApplicationPlan* plan_;
  std::unique_ptr<Consumer> reader_;
  std::map<TaskId, Standby> standbys_ = {};             // those that are wanted
  std::vector<StandbyTask::Changelog*> followed_ = {};  // by tag
  std::optional<Instant> unsure_since_ = std::nullopt;  // who is in the group, since a rebalance
  Patience read_patience_;
  Instant now_ = {};
  Instant next_look_ = Instant::max();  // nobody is in the group yet
  Instant next_limits_ = {};
  Instant next_read_ = {};
  Instant next_measure_ = {};
  std::size_t read_records_ = 0;
  bool changed_ = false;  // the reader is to be told
  bool behind_ = false;
};

}  // namespace levada
