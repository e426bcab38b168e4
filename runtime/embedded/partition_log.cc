#include <algorithm>

#include <levada/runtime/embedded/partition_log.h>

namespace levada::internal::embedded {

void PartitionLog::append(StoredRecord record, std::int64_t retention_bytes) {
  record.offset = end_++;
  if (record.producer != kNoProducer && !record.control && !in_transaction(record.producer)) {
    open_.push_back({record.producer, record.offset});
  }
  const std::size_t chunks = chunks_.chunks().size();
  chunks_.append(record);
  if (retention_bytes >= 0 && chunks_.chunks().size() > chunks) apply_retention_bytes(retention_bytes);
}

bool PartitionLog::in_transaction(ProducerId producer) const {
  return std::any_of(open_.begin(), open_.end(),
                     [producer](const OpenTransaction& open) { return open.producer == producer; });
}

void PartitionLog::end_transaction(ProducerId producer, TransactionResult result, Timestamp now) {
  const auto open = std::find_if(open_.begin(), open_.end(),
                                 [producer](const OpenTransaction& each) { return each.producer == producer; });
  if (open == open_.end()) return;
  if (result == TransactionResult::kAbort) chunks_.abort(producer, open->first, end_);
  open_.erase(open);
  append({.timestamp = now, .producer = producer, .control = true});
}

Offset PartitionLog::visible_end(IsolationLevel isolation) const {
  if (isolation == IsolationLevel::kReadUncommitted || open_.empty()) return end_;
  return std::max(begin_, open_.front().first);
}

OffsetRange PartitionLog::range(IsolationLevel isolation) const {
  return {.begin = begin_, .end = visible_end(isolation)};
}

LogSlice PartitionLog::read(Offset from, ReadCursor& cursor, Bytes& out) const {
  LogSlice slice = chunks_.read(from, cursor, out);
  if (out.empty()) slice.end = end_;
  return slice;
}

Offset PartitionLog::offset_at(Timestamp time, IsolationLevel isolation) const {
  const Offset end = visible_end(isolation);
  const auto& chunks = chunks_.chunks();
  const auto chunk =
      std::find_if(chunks.begin(), chunks.end(), [time](const Chunk& each) { return each.max_timestamp >= time; });
  if (chunk == chunks.end()) return end;
  Offset found = end;
  chunks_.for_each(std::max(begin_, chunk->base.offset), [&found, time, end](const StoredRecord& record) {
    if (record.timestamp >= time) found = std::min(found, record.offset);
    return record.timestamp < time && record.offset < end;
  });
  return found;
}

void PartitionLog::delete_before(Offset offset) {
  begin_ = std::clamp(offset, begin_, end_);
  chunks_.drop_below(begin_);
}

}  // namespace levada::internal::embedded
