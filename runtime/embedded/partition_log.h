// One partition: an append-only sequence of records with offsets, of which transactions hide a part until they end.
//
//   PartitionLog log;
//   log.append({.timestamp = now, .key = "a", .value = "1", .producer = 7});   // opens a transaction here
//   log.end_transaction(7, TransactionResult::kCommit, now);                   // a marker takes the next offset
//   log.visible_end(IsolationLevel::kReadCommitted);                           // 2
//
// Owned by a topic, guarded by the broker's mutex.
#pragma once

#include <vector>

#include <levada/runtime/consumer.h>
#include <levada/runtime/embedded/chunk_list.h>
#include <levada/runtime/embedded/topic_config.h>

namespace levada::internal::embedded {

enum class IsolationLevel { kReadUncommitted, kReadCommitted };
enum class TransactionResult { kCommit, kAbort };

class PartitionLog {
 public:
  // Gives the record the next offset; a producer's first record since its last marker opens its transaction here.
  // Enforces `retention_bytes` (-1: none) whenever a chunk is full.
  void append(StoredRecord record, std::int64_t retention_bytes = -1);
  bool in_transaction(ProducerId producer) const;
  void end_transaction(ProducerId producer, TransactionResult result, Timestamp now);

  Offset begin() const { return begin_; }
  Offset end() const { return end_; }
  // The end as a reader sees it: under read_committed the first offset of the oldest open transaction.
  Offset visible_end(IsolationLevel isolation) const;
  OffsetRange range(IsolationLevel isolation) const;

  // As ChunkList::read(); an empty `out` means that nothing is left before the end.
  LogSlice read(Offset from, ReadCursor& cursor, Bytes& out) const;
  // The first offset whose timestamp is at or after `time`; visible_end() when there is none before it.
  Offset offset_at(Timestamp time, IsolationLevel isolation) const;

  void delete_before(Offset offset);

  // What a log cleaner does from time to time, up to the oldest open transaction.
  void apply_retention(const TopicConfig& config, Timestamp now);
  void compact(const TopicConfig& config, Timestamp now);
  bool worth_compacting(const TopicConfig& config) const;

  std::size_t bytes() const { return chunks_.bytes(); }

 private:
  struct OpenTransaction {
    ProducerId producer = kNoProducer;
    Offset first = 0;
  };

  void apply_retention_bytes(std::int64_t limit);

  ChunkList chunks_;
  Offset begin_ = 0;
  Offset end_ = 0;
  Offset compacted_to_ = 0;
  std::vector<OpenTransaction> open_;  // by first offset
};

}  // namespace levada::internal::embedded
