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
  silence_.end();
}

void PartitionInput::reached_end(Offset next) {
  at_end_ = true;
  fetch_position_ = next;
  if (queue_.empty()) position_ = next;  // past control records, which nobody will process
}

absl::Status PartitionInput::advance(DroppedRecords& dropped) {
  while (!has_head() && !queue_.empty()) {
    if (expects_marks_ && take_mark()) continue;
    announce_keys();
    const QueuedRecord front = queue_.front();
    try {
      const Head head{reader_->read(front.record, partition_time_), front.offset, &front.record.headers};
      if (head.time.time_since_epoch() >= Duration(0)) {
        head_ = head;
        break;
      }
      dropped.add(DropReason::kInvalidTimestamp, context_of(head),
                  fmt::format("timestamp {} is negative", head.time.time_since_epoch().count()));
      skip();
    } catch (const ProcessorError& error) {
      return absl::InternalError(fmt::format("{} offset {}: {}", where_.to_string(), front.offset, error.what()));
    } catch (...) {
      LEVADA_RETURN_IF_ERROR(handle_unreadable(front));
    }
  }
  return absl::OkStatus();
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

absl::Status PartitionInput::handle_unreadable(const QueuedRecord& front) {
  const Head head{front.record.timestamp, front.offset, &front.record.headers};
  LEVADA_RETURN_IF_ERROR(errors_.on_unreadable(source_node_, front.record, context_of(head)));
  skip();
  return absl::OkStatus();
}

// True if the record was nothing but a mark.
bool PartitionInput::take_mark() {
  mark_.reset();
  const std::optional<Header> header = queue_.take_header(kTimeMarkHeader);
  if (!header || !header->value) return false;
  mark_ = read_time_mark(*header->value);
  if (!mark_ || !mark_->alone) return false;
  skip();
  return true;
}

void PartitionInput::skip() { pass(queue_.front().offset); }

void PartitionInput::pass(Offset offset) {
  listen();
  position_ = offset + 1;
  queue_.pop();
  ++processed_;
  if (at_end_ && queue_.empty()) position_ = fetch_position_;
}

SourceBytes PartitionInput::head_bytes() const {
  const QueuedRecord front = queue_.front();
  return {.key = front.record.key, .value = front.record.value};
}

void PartitionInput::process() {
  partition_time_ = std::max(partition_time_, head_->time);
  reader_->process();
  pass(head_->offset);
  head_.reset();
}

void PartitionInput::start_at(Offset position, Timestamp partition_time) {
  clear();
  position_ = fetch_position_ = committed_ = position;
  partition_time_ = partition_time;
}

void PartitionInput::clear() {
  queue_.clear();
  head_.reset();
  mark_.reset();
  at_end_ = false;
  silence_.end();
  fetch_position_ = position_;
}

bool PartitionInput::silent_for(Duration time, const Clock& clock) { return at_end() && silence_.lasts(time, clock); }

Duration PartitionInput::silence(const Clock& clock) { return at_end() ? silence_.length(clock) : Duration(0); }

}  // namespace levada
