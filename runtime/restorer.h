// Rebuilds the stores of tasks from their changelogs, a bounded step at a time.
//
//   RETURN_IF_ERROR(restorer.add(task, 5s));
//   while (restorer.restoring()) {
//     RETURN_IF_ERROR(restorer.step(100ms));
//     for (const TaskId& id : restorer.take_restored()) start(id);
//   }
//
// Owned by a thread, and used on it only.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <absl/status/status.h>

#include <levada/core/log.h>
#include <levada/runtime/admin.h>
#include <levada/runtime/consumer.h>
#include <levada/runtime/record_queue.h>
#include <levada/runtime/restore_listener.h>
#include <levada/runtime/task.h>
#include <levada/runtime/task_changelogs.h>

namespace levada {

class Restorer final : private RecordHandler {
 public:
  struct Settings {
    std::string application_id;
    std::size_t buffer_bytes = 32 << 20;  // what may be read ahead: the more, the cheaper
  };

  // `reader` belongs to no group, and is the restorer's alone. All must outlive it; the listener may be null.
  // `restored` counts the records that went into stores. Under exactly-once `ends` is asked where changelogs end,
  // because it knows of records that are not committed yet: a restore is over when each of them is decided.
  Restorer(Settings settings, Consumer& reader, RestoreListener* listener, Logger log,
           std::atomic<std::uint64_t>& restored, Admin* ends = nullptr);

  // Begins with a task that is open and not started; the task must stay until it is restored or removed. Stores that
  // are restored from a source's topic are restored up to where the group stands in it, as `committed` says. Waits
  // `timeout` for each answer of the cluster. After an error the task is not in here, and may be added again.
  // kDataLoss: the disk is damaged, or stands past the end of a changelog, so that it belongs to another one, and must
  // be destroyed.
  using Committed = std::vector<CommittedOffset>;
  absl::Status add(Task& task, Duration timeout, const Committed& committed = {});
  void remove(const TaskId& id);

  bool restoring() const { return !changelogs_.empty(); }

  // Reads some records, waiting at most `timeout` for the first, and applies what was gathered of a changelog when it
  // is read to its end or the buffer is full.
  absl::Status step(Duration timeout);
  // The tasks that have become complete, once each.
  std::vector<TaskId> take_restored();
  // The tasks whose state could not take what was read in the last step, and why. What was read is kept, and nothing
  // more is read, until a step succeeds or the task is removed.
  std::map<TaskId, absl::Status> take_failed() { return std::exchange(failed_, {}); }

  // What any partition holds. Asked with the reader, since the consumer that fetches is answered after its fetch: up to
  // a tenth of a second later, for each task that starts while others run.
  absl::StatusOr<OffsetRange> offsets(const TopicPartition& partition, Duration timeout) {
    return reader_.offsets(partition, timeout);
  }
  // The next offset of each changelog as a commit may write it down: where the log ends now, with what is not decided.
  absl::StatusOr<std::vector<Offset>> end_offsets(const std::vector<TopicPartition>& changelogs);

 private:
  // Takes a tenth of a second to apply: what other tasks of the thread have to wait.
  static constexpr std::size_t kLargestBatch = 16 << 20;

  struct Changelog {
    Task* task;
    std::string store;
    TopicPartition partition;
    Offset next;
    Offset end;
    bool is_source = false;  // what stands behind the end will be processed, not restored
    std::uint64_t restored = 0;
    RecordQueue batch = {};  // read and not yet applied

    bool is_read() const { return next >= end; }
    bool is_due() const { return is_read() || batch.bytes() >= kLargestBatch; }
    bool is_complete() const { return is_read() && batch.empty(); }
  };
  using Changelogs = std::vector<std::unique_ptr<Changelog>>;
  using Tag = std::size_t;

  void on_record(std::size_t tag, const LogRecord& record) override;
  void on_end_of_partition(std::size_t tag, Offset next) override;

  absl::StatusOr<Changelogs> find_changelogs(Task& task, Duration timeout, const Committed& committed);
  absl::StatusOr<std::unique_ptr<Changelog>> find_changelog(Task& task, const StoreChangelog& place, Duration timeout,
                                                            const Committed& committed);
  absl::Status begin(std::unique_ptr<Changelog> changelog);
  absl::Status assign();
  absl::Status read(Duration timeout);
  void apply_gathered();
  void try_apply(Changelog& changelog);
  bool is_full() const;
  void finish_complete();
  absl::Status apply(Changelog& changelog);
  void finish(const Changelog& changelog);

  const Settings settings_;
  Consumer& reader_;
  Admin* ends_;
  RestoreListener* listener_;
  Logger log_;
  std::atomic<std::uint64_t>& restored_;
  std::map<Tag, std::unique_ptr<Changelog>> changelogs_ = {};
  Tag next_tag_ = 0;
  std::vector<TaskId> complete_ = {};
  std::map<TaskId, absl::Status> failed_ = {};
};

}  // namespace levada
