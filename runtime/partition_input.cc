#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include <levada/core/errors.h>
#include <levada/core/serde.h>
#include <levada/core/status_macros.h>
#include <levada/runtime/partition_input.h>

namespace levada {

PartitionInput::PartitionInput(TopicPartition where, SourceReader& source, DeserializationHandler handler,
                               std::vector<StoreHost*> stores)
    : where_(std::move(where)), reader_(source.reader()), handler_(handler), stores_(std::move(stores)) {}

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
      skip(dropped, DropReason::kInvalidTimestamp,
           fmt::format("timestamp {} is negative", time.time_since_epoch().count()));
    } catch (const SerdeError& error) {
      LEVADA_RETURN_IF_ERROR(handle_unreadable(dropped, error.what()));
    } catch (const ProcessorError& error) {
      return absl::InternalError(
          fmt::format("{} offset {}: {}", where_.to_string(), queue_.front().offset, error.what()));
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

absl::Status PartitionInput::handle_unreadable(DroppedRecords& dropped, std::string_view detail) {
  const Offset offset = queue_.front().offset;
  if (handler_ == DeserializationHandler::kLogAndContinue) {
    skip(dropped, DropReason::kDeserialization, detail);
    return absl::OkStatus();
  }
  dropped.add(DropReason::kDeserialization, head_context(), detail);
  return absl::DataLossError(
      fmt::format("{} offset {}: {} ({}); deserialization.exception.handler says to fail, log-and-continue would "
                  "skip such records",
                  where_.to_string(), offset, detail, to_string(DropReason::kDeserialization)));
}

void PartitionInput::skip(DroppedRecords& dropped, DropReason reason, std::string_view detail) {
  dropped.add(reason, head_context(), detail);
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
