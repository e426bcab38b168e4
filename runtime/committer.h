// Makes what a thread's tasks have done last: caches downstream, changes to the changelogs, everything acknowledged,
// then the group's offsets, then the disk. A crash between any two of these steps repeats work, and loses none. Under
// exactly-once all before the disk is one transaction, so that nothing of what is repeated was seen before.
//
//   RETURN_IF_ERROR(committer.commit(tasks.running()));
//
// Owned by the thread; used on it only.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include <absl/status/status.h>

#include <levada/core/log.h>
#include <levada/runtime/admin.h>
#include <levada/runtime/consumer.h>
#include <levada/runtime/producer.h>
#include <levada/runtime/restorer.h>
#include <levada/runtime/task.h>

namespace levada {

struct CommitterSettings {
  std::string application_id = {};
  bool exactly_once = false;                           // the producer has transactions
  Duration purge_interval = std::chrono::seconds(30);  // repartition.purge.interval.ms
  // How long one commit waits for what was sent: short, since it is tried again, except when there is no other time.
  Duration flush_timeout = std::chrono::seconds(5);
  Duration last_flush_timeout = std::chrono::seconds(30);
};

class Committer {
 public:
  // All of them outlive it.
  Committer(CommitterSettings settings, Consumer& consumer, Producer& producer, Admin& admin, Restorer& restorer,
            const Clock& clock, Logger log);

  // kFailedPrecondition: the group has moved on, and what was done since the last commit will be done again by others.
  // kUnavailable (a broker that does not answer), kDeadlineExceeded (not all that was sent has arrived),
  // kResourceExhausted (a full disk): nothing is lost, the next commit includes this one. kDataLoss: a task has found
  // its files damaged and says so; the others may commit without it. kAborted, under exactly-once: what was done since
  // the last commit has no effect any more, and must be done again. Other errors end the thread.
  absl::Status commit(const std::vector<Task*>& tasks);
  // The same where there is no other time: with more patience.
  absl::Status commit_before_leaving(const std::vector<Task*>& tasks);

  // Forgets the records of repartition topics that are processed and committed, from time to time.
  void purge(const std::vector<Task*>& tasks);

 private:
  using Instant = std::chrono::steady_clock::time_point;
  using ChangelogEnds = std::map<std::string, Offset>;  // by store

  absl::Status commit(const std::vector<Task*>& tasks, Duration timeout);
  absl::Status prepare(const std::vector<Task*>& tasks);
  absl::Status commit_offsets(const std::vector<Task*>& tasks);
  absl::Status commit_transaction(const std::vector<Task*>& tasks, Duration timeout);
  absl::StatusOr<std::map<TaskId, ChangelogEnds>> changelog_ends(const std::vector<Task*>& tasks);

  CommitterSettings settings_;
  Consumer& consumer_;
  Producer& producer_;
  Admin& admin_;
  Restorer& restorer_;
  const Clock& clock_;
  Logger log_;
  Instant purged_;
};

}  // namespace levada
