// The part of PartitionLog that forgets: retention by time and size, and compaction.

#include <algorithm>

#include <absl/container/flat_hash_map.h>

#include <levada/runtime/embedded/partition_log.h>

namespace levada::internal::embedded {
namespace {

// Of each key the offset of its last record that may be compacted. Views into the log.
using LatestOffsets = absl::flat_hash_map<BytesView, Offset>;

class Compaction {
 public:
  Compaction(const TopicConfig& config, Timestamp now, Offset end) : config_(config), now_(now), end_(end) {}

  // Where compaction stops: before the first record that is too young.
  bool admits(const StoredRecord& record) const {
    return record.offset < end_ && (config_.min_compaction_lag == Duration::zero() || old_enough(record));
  }
  void note(const StoredRecord& record) {
    if (record.key && !record.control && !record.aborted) latest_[*record.key] = record.offset;
  }
  bool keeps(const StoredRecord& record) const {
    if (record.control || record.aborted || !record.key) return false;
    const bool removable_tombstone =
        !record.value && record.delete_horizon != kNoTimestamp && now_ >= record.delete_horizon;
    return latest_.at(*record.key) == record.offset && !removable_tombstone;
  }
  // A tombstone must be seen by who reads on: its time to live begins with the first compaction it survives.
  void stamp(StoredRecord& record) const {
    const bool fresh_tombstone = !record.value && record.delete_horizon == kNoTimestamp;
    if (fresh_tombstone) record.delete_horizon = now_ + config_.delete_retention;
  }

 private:
  bool old_enough(const StoredRecord& record) const { return now_ - record.timestamp >= config_.min_compaction_lag; }

  const TopicConfig& config_;
  Timestamp now_;
  Offset end_;
  LatestOffsets latest_;
};

}  // namespace

void PartitionLog::apply_retention(const TopicConfig& config, Timestamp now) {
  if (!config.deletes) return;
  if (config.retention_bytes >= 0) apply_retention_bytes(config.retention_bytes);
  if (config.retention < Duration::zero()) return;
  const Offset stable = visible_end(IsolationLevel::kReadCommitted);
  Offset keep_from = stable;
  chunks_.for_each(begin_, [&keep_from, &config, now](const StoredRecord& record) {
    const bool expired = now - record.timestamp > config.retention;
    if (!expired) keep_from = std::min(keep_from, record.offset);
    return expired;
  });
  delete_before(keep_from);
}

void PartitionLog::apply_retention_bytes(std::int64_t limit) {
  const Offset stable = visible_end(IsolationLevel::kReadCommitted);
  std::size_t size = bytes();
  while (chunks_.chunks().size() > 1) {
    const Chunk& oldest = chunks_.chunks().front();
    size -= oldest.bytes.size();
    if (size < static_cast<std::size_t>(limit) || oldest.last_offset >= stable) return;
    begin_ = std::max(begin_, oldest.last_offset + 1);
    chunks_.drop_front();
  }
}

void PartitionLog::compact(const TopicConfig& config, Timestamp now) {
  if (!config.compacts) return;
  Compaction compaction(config, now, visible_end(IsolationLevel::kReadCommitted));
  Offset bound = begin_;
  chunks_.for_each(begin_, [&compaction, &bound](const StoredRecord& record) {
    if (!compaction.admits(record)) return false;
    compaction.note(record);
    bound = record.offset + 1;
    return true;
  });
  ChunkList kept;
  chunks_.for_each(begin_, [&compaction, &kept, bound](StoredRecord& record) {
    if (record.offset < bound) {
      if (!compaction.keeps(record)) return true;
      compaction.stamp(record);
    }
    kept.append(record);
    return true;
  });
  chunks_.replace(std::move(kept));
  compacted_to_ = bound;
}

bool PartitionLog::worth_compacting(const TopicConfig& config) const {
  if (!config.compacts) return false;
  std::size_t dirty = 0;
  for (const Chunk& chunk : chunks_.chunks()) dirty += chunk.last_offset >= compacted_to_ ? chunk.bytes.size() : 0;
  return dirty > 0 && static_cast<double>(dirty) >= config.min_cleanable_dirty_ratio * static_cast<double>(bytes());
}

}  // namespace levada::internal::embedded
