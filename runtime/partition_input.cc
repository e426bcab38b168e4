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
  note_fetched(record.offset);
}

void PartitionInput::note_fetched(Offset offset) {
  fetch_position_ = offset + 1;
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
    LEVADA_RETURN_IF_ERROR(read(queue_.front(), dropped));
  }
  return absl::OkStatus();
}

absl::Status PartitionInput::advance_to(const LogRecord& record, DroppedRecords& dropped) {
  note_fetched(record.offset);
  queued_ = false;
  const absl::Status done =
      read({.record = {record.key, record.value, record.timestamp, record.headers}, .offset = record.offset}, dropped);
  queued_ = !has_head();
  return done;
}

// Makes it the head, or passes over it.
absl::Status PartitionInput::read(const QueuedRecord& next, DroppedRecords& dropped) {
  try {
    const Head head{reader_->read(next.record, partition_time_), next.offset, &next.record.headers};
    if (head.time.time_since_epoch() >= Duration(0)) {
      head_ = head;
      return absl::OkStatus();
    }
    dropped.add(DropReason::kInvalidTimestamp, context_of(head),
                fmt::format("timestamp {} is negative", head.time.time_since_epoch().count()));
    pass(next.offset);
    return absl::OkStatus();
  } catch (const ProcessorError& error) {
    return absl::InternalError(fmt::format("{} offset {}: {}", where_.to_string(), next.offset, error.what()));
  } catch (...) {
    return handle_unreadable(next);
  }
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

absl::Status PartitionInput::handle_unreadable(const QueuedRecord& next) {
  const Head head{next.record.timestamp, next.offset, &next.record.headers};
  LEVADA_RETURN_IF_ERROR(errors_.on_unreadable(source_node_, next.record, context_of(head)));
  pass(next.offset);
  return absl::OkStatus();
}

// True if the record was nothing but a mark.
bool PartitionInput::take_mark() {
  mark_.reset();
  const std::optional<Header> header = queue_.take_header(kTimeMarkHeader);
  if (!header || !header->value) return false;
  mark_ = read_time_mark(*header->value);
  if (!mark_ || !mark_->alone) return false;
  pass(queue_.front().offset);
  return true;
}

void PartitionInput::pass(Offset offset) {
  listen();
  position_ = offset + 1;
  if (queued_) queue_.pop();
  ++processed_;
  if (at_end_ && queue_.empty()) position_ = fetch_position_;
}

SourceBytes PartitionInput::head_bytes() const {
  const QueuedRecord front = queue_.front();
  return {.key = front.record.key, .value = front.record.value};
}

void PartitionInput::process() {
  const Head head = *head_;
  if (!queued_) head_.reset();  // what it shows is gone by the next one, whether this one fails or not
  partition_time_ = std::max(partition_time_, head.time);
  reader_->process();
  pass(head.offset);
  head_.reset();
  queued_ = true;
}

void PartitionInput::start_at(Offset position, Timestamp partition_time) {
  clear();
  position_ = fetch_position_ = committed_ = position;
  partition_time_ = partition_time;
}

void PartitionInput::clear() {
  queue_.clear();
  head_.reset();
  queued_ = true;
  mark_.reset();
  at_end_ = false;
  silence_.end();
  fetch_position_ = position_;
}

bool PartitionInput::silent_for(Duration time, const Clock& clock) { return at_end() && silence_.lasts(time, clock); }

Duration PartitionInput::silence(const Clock& clock) { return at_end() ? silence_.length(clock) : Duration(0); }

}  // namespace levada
