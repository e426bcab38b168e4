// A task that runs elsewhere: its stores are open here and follow their changelogs, so that it can be taken over as it
// stands.
//
//   StandbyTask standby(std::move(open_task), std::move(changelogs), reader, listener);
//   reader.assign(…each of standby.changelogs(), from its `next` on…);
//   standby.changelogs()[i].push(record, now);
//   RETURN_IF_ERROR(standby.apply(standby.changelogs()[i]).status());
//   active.adopt(standby.promote());
//
// Owned by StandbyTasks, used on its thread. Destruction closes the stores; what was gathered is read again by whoever
// opens them next.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <limits>
#include <memory>

#include <absl/status/statusor.h>

#include <levada/runtime/consumer.h>
#include <levada/runtime/record_queue.h>
#include <levada/runtime/standby_update_listener.h>
#include <levada/runtime/task.h>
#include <levada/runtime/task_changelogs.h>

namespace levada {

class StandbyTask {
 public:
  using Instant = std::chrono::steady_clock::time_point;

  struct Changelog {
    StoreChangelog of = {};
    Offset next = 0;                                    // to read
    Offset limit = std::numeric_limits<Offset>::max();  // what stands from here on must wait
    RecordQueue gathered = {};                          // read and not applied yet
    Instant since = {};                                 // when the first of it came

    void push(const LogRecord& record, Instant now);
    void reached_end(Offset end);
    bool may_read() const { return next < limit; }
    Offset stored() const { return gathered.empty() ? next : gathered.front().offset; }
  };

  // `task` is open and not started. `reader` reads the changelogs, and outlives the standby as the listener does, which
  // may be null.
  StandbyTask(std::unique_ptr<Task> task, std::deque<Changelog> changelogs, const Consumer& reader,
              StandbyUpdateListener* listener);
  StandbyTask(const StandbyTask&) = delete;
  StandbyTask& operator=(const StandbyTask&) = delete;
  ~StandbyTask();

  std::deque<Changelog>& changelogs() { return changelogs_; }
  // How many records its changelogs have that it has not read, as far as the reader knows.
  std::uint64_t lag() const;

  // Writes what was gathered into the store; how many records. After an error it is still gathered.
  absl::StatusOr<std::uint64_t> apply(Changelog& changelog);
  // The task, for it runs here now. Once, at the end.
  std::unique_ptr<Task> promote();

 private:
  Offset end_of(const Changelog& changelog) const;
  void tell_end(StandbySuspendReason reason);

  std::unique_ptr<Task> task_;  // null: promoted
  std::deque<Changelog> changelogs_;
  const Consumer& reader_;
  StandbyUpdateListener* listener_;
};

}  // namespace levada
