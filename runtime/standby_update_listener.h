// Told how standbys get on, store by store: copies of stores whose task runs elsewhere.
//
// Called on the threads that keep them, between batches: it must not block. The names live as long as the call.
#pragma once

#include <cstdint>
#include <string>

#include <levada/core/topic_partition.h>
#include <levada/runtime/task_id.h>

namespace levada {

enum class StandbySuspendReason : std::uint8_t {
  kMigrated,  // the standby now stands elsewhere, or its process ends
  kPromoted,  // its task runs here now
};

class StandbyUpdateListener {
 public:
  virtual ~StandbyUpdateListener() = default;

  // The changelog is followed from here on.
  virtual void on_update_start(const TopicPartition& changelog, const std::string& store, Offset start) = 0;
  // `next` comes after what is in the store now, `end` is where the changelog ended when it was last read.
  virtual void on_batch_loaded(const TopicPartition& changelog, const std::string& store, const TaskId& task,
                               Offset next, std::uint64_t records, Offset end) = 0;
  virtual void on_update_suspended(const TopicPartition& changelog, const std::string& store, Offset next, Offset end,
                                   StandbySuspendReason reason) = 0;
};

}  // namespace levada
