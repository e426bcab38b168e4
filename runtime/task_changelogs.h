// Where the stores of a task are restored from, and how far their disk has come.
//
//   for (const StoreChangelog& changelog : changelogs_of(task, "app")) {
//     ASSIGN_OR_RETURN(Offset next, next_to_restore(task, changelog, log));
//     … read from there into a queue …
//     ASSIGN_OR_RETURN(std::uint64_t records, restore_from(queue, changelog.store, next, task));
//   }
//
// For restores and standbys, on the task's thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include <levada/runtime/consumer.h>
#include <levada/runtime/record_queue.h>
#include <levada/runtime/task.h>

namespace levada {

struct StoreChangelog {
  std::string store = {};
  TopicPartition partition = {};
  bool is_source = false;  // a topic that the task reads: what it has not processed yet is not for the store
};

// Stores that have neither a changelog nor such a topic are left out.
std::vector<StoreChangelog> changelogs_of(Task& task, const std::string& application_id);

// kDataLoss: the disk stands past the end, so that it belongs to another log.
absl::StatusOr<Offset> next_to_restore(Task& task, const StoreChangelog& changelog, const OffsetRange& log);

// Applies what was gathered, of which `next` comes after, and empties the queue; how many records. After an error the
// queue is as it was.
absl::StatusOr<std::uint64_t> restore_from(RecordQueue& gathered, const std::string& store, Offset next, Task& task);

}  // namespace levada
