#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include <levada/core/errors.h>
#include <levada/core/status_macros.h>
#include <levada/runtime/partition_input.h>

namespace levada {

PartitionInput::PartitionInput(TopicPartition where, SourceReader& source, TaskErrors& errors,
                               std::vector<StoreHost*> stores)
    : where_(std::move(where)),
      source_node_(source.node_name()),
      reader_(source.reader()),
      errors_(errors),
      stores_(std::move(stores)) {}

void PartitionInput::push(const LogRecord& record) {
  queue_.push(record);
  fetch_position_ = record.offset + 1;
  at_end_ = false;
}

void PartitionInput::reached_end(Offset next) {
  at_end_ = true;
  fetch_position_ = next;
  if (queue_.empty()) position_ = next;  // past control records, which nobody will process
}

absl::StatusOr<bool> PartitionInput::advance(DroppedRecords& dropped) {
  while (!has_head() && !queue_.empty()) {
    announce_keys();
    try {
      const Timestamp time = reader_->read(queue_.front().record, partition_time_);
      if (time.time_since_epoch() >= Duration(0)) {
        head_time_ = time;
        break;
      }
      dropped.add(DropReason::kInvalidTimestamp, head_context(),
                  fmt::format("timestamp {} is negative", time.time_since_epoch().count()));
      skip();
    } catch (const ProcessorError& error) {
      return absl::InternalError(
          fmt::format("{} offset {}: {}", where_.to_string(), queue_.front().offset, error.what()));
    } catch (...) {
      LEVADA_RETURN_IF_ERROR(handle_unreadable());
    }
  }
  return has_head();
}

// To wait for memory is a third of what a count of many keys costs; told ahead, it comes while others are processed.
void PartitionInput::announce_keys() const {
  if (stores_.empty()) return;
  const RecordQueue::Ahead keys = queue_.look_ahead();
  for (const StoreHost* store : stores_) {
    if (keys.next) store->prefetch(*keys.next, internal::Ahead::kNext);
    if (keys.soon) store->prefetch(*keys.soon, internal::Ahead::kSoon);
  }
}

absl::Status PartitionInput::handle_unreadable() {
  const QueuedRecord front = queue_.front();
  LEVADA_RETURN_IF_ERROR(errors_.on_unreadable(source_node_, front.record, head_context()));
  skip();
  return absl::OkStatus();
}

void PartitionInput::skip() {
  position_ = queue_.front().offset + 1;
  queue_.pop();
  ++processed_;
}

RecordContext PartitionInput::head_context() const {
  const QueuedRecord front = queue_.front();
  return {.timestamp = head_time_.value_or(front.record.timestamp),
          .source = &where_,
          .offset = front.offset,
          .headers = &front.record.headers};
}

SourceBytes PartitionInput::head_bytes() const {
  const QueuedRecord front = queue_.front();
  return {.key = front.record.key, .value = front.record.value};
}

void PartitionInput::process() {
  partition_time_ = std::max(partition_time_, *head_time_);
  reader_->process();
  position_ = queue_.front().offset + 1;
  queue_.pop();
  head_time_.reset();
  ++processed_;
  if (at_end_ && queue_.empty()) position_ = fetch_position_;
}

void PartitionInput::start_at(Offset position, Timestamp partition_time) {
  clear();
  position_ = fetch_position_ = committed_ = position;
  partition_time_ = partition_time;
}

void PartitionInput::clear() {
  queue_.clear();
  head_time_.reset();
  at_end_ = false;
  fetch_position_ = position_;
}

}  // namespace levada
