#include <algorithm>

#include <fmt/format.h>

#include <levada/core/status_macros.h>
#include <levada/runtime/embedded/partition_reader.h>

namespace levada::internal::embedded {

absl::Status PartitionReader::refill(const Topics& topics, const ClientSettings& settings) {
  if (topic_ == nullptr || topic_->deleted) {
    LEVADA_ASSIGN_OR_RETURN(topic_, topics.get(assignment_.partition));
  }
  const PartitionLog& log = topic_->partitions[static_cast<std::size_t>(assignment_.partition.partition)];
  show_aborted_ = settings.isolation == IsolationLevel::kReadUncommitted;
  known_end_ = log.visible_end(settings.isolation);
  if (next_ < copy_.size()) return absl::OkStatus();
  LEVADA_RETURN_IF_ERROR(move_into({log.begin(), log.end()}, settings));
  if (position_ < known_end_) copy_from(log);
  return absl::OkStatus();
}

absl::Status PartitionReader::move_into(OffsetRange log, const ClientSettings& settings) {
  if (position_ >= log.begin && position_ <= log.end) return absl::OkStatus();
  if (settings.reset_policy == ResetPolicy::kNone) {
    return absl::OutOfRangeError(fmt::format("{}: offset {} is outside the log [{}, {})",
                                             assignment_.partition.to_string(), position_, log.begin, log.end));
  }
  const bool to_end = position_ > log.end && settings.reset_policy == ResetPolicy::kLatest;
  position_ = to_end ? log.end : log.begin;
  return absl::OkStatus();
}

void PartitionReader::copy_from(const PartitionLog& log) {
  slice_ = log.read(position_, cursor_, copy_);
  slice_.end = std::min(slice_.end, known_end_);
  next_ = 0;
  if (copy_.empty()) finish_copy();
}

void PartitionReader::deliver(Delivery& delivery, std::size_t limit) {
  const std::size_t enough = delivery.records + limit;
  while (next_ < copy_.size() && delivery.records < enough && !delivery.interrupted) {
    if (!deliver_next(delivery)) break;
  }
  const bool at_end = next_ >= copy_.size() && position_ >= known_end_ && known_end_ != kUnknownOffset;
  if (!at_end || told_end_ == position_ || delivery.interrupted) return;
  told_end_ = position_;
  ++delivery.events;
  delivery.handler.on_end_of_partition(assignment_.tag, position_);
}

// False when what is left of the copy belongs to an open transaction.
bool PartitionReader::deliver_next(Delivery& delivery) {
  StoredRecord record;
  const std::size_t end = decode_record(copy_, next_, slice_.base, record);
  if (record.offset >= slice_.end) {
    finish_copy();
    return false;
  }
  cursor_.byte += end - next_;
  next_ = end;
  position_ = cursor_.offset = record.offset + 1;
  if (next_ >= copy_.size()) position_ = cursor_.offset = slice_.end;
  if (record.control || (record.aborted && !show_aborted_)) return true;
  decode_headers(record.headers, delivery.headers);
  ++delivery.records;
  delivery.handler.on_record(assignment_.tag,
                             {record.key, record.value, record.timestamp, record.offset, delivery.headers});
  return true;
}

void PartitionReader::finish_copy() {
  position_ = cursor_.offset = std::max(position_, slice_.end);
  copy_.clear();
  next_ = 0;
}

}  // namespace levada::internal::embedded
