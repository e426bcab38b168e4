// Told how the rebuilding of state gets on, store by store.
//
// Called on the thread that restores, between batches: it must not block. The names live as long as the call.
#pragma once

#include <cstdint>
#include <string>

#include <levada/core/topic_partition.h>

namespace levada {

class RestoreListener {
 public:
  virtual ~RestoreListener() = default;

  // Offsets [start, end) of the changelog are to be read. Not called for a store whose disk is complete.
  virtual void on_restore_start(const TopicPartition& changelog, const std::string& store, Offset start,
                                Offset end) = 0;
  virtual void on_batch_restored(const TopicPartition& changelog, const std::string& store, Offset next,
                                 std::uint64_t records) = 0;
  virtual void on_restore_end(const TopicPartition& changelog, const std::string& store, std::uint64_t records) = 0;
  // The task was given away before its store was complete; what was read is kept on disk.
  virtual void on_restore_suspended(const TopicPartition& changelog, const std::string& store,
                                    std::uint64_t records) = 0;
};

}  // namespace levada
