#include <algorithm>
#include <cstring>
#include <utility>

#include <levada/runtime/record_queue.h>

namespace levada {
namespace {

constexpr std::size_t kChunkBytes = 64 * 1024;

}  // namespace

void RecordQueue::push(const LogRecord& record) {
  const std::size_t size = record.key.value_or("").size() + record.value.value_or("").size();
  char* to = reserve(size);
  Entry entry{.key = copy(record.key, to),
              .value = copy(record.value, to),
              .timestamp = record.timestamp,
              .offset = record.offset,
              .has_headers = !record.headers.empty()};
  if (entry.has_headers) headers_.push_back(record.headers);
  bytes_ += size_of(entry);
  entries_.push_back(entry);
}

QueuedRecord RecordQueue::front() const {
  const Entry& entry = entries_.front();
  const Headers& headers = entry.has_headers ? headers_.front() : no_headers();
  return {.record = {entry.key, entry.value, entry.timestamp, headers}, .offset = entry.offset};
}

void RecordQueue::pop() {
  const Entry& entry = entries_.front();
  if (entry.has_headers) headers_.pop_front();
  bytes_ -= size_of(entry);
  entries_.pop_front();
  Chunk& oldest = chunks_.front();
  if (--oldest.records > 0) return;
  if (chunks_.size() == 1) {
    oldest.used = 0;  // the queue is empty: start the chunk anew
  } else {
    chunks_.pop_front();
  }
}

void RecordQueue::clear() {
  entries_.clear();
  chunks_.clear();
  headers_.clear();
  bytes_ = 0;
}

char* RecordQueue::reserve(std::size_t size) {
  if (chunks_.empty() || chunks_.back().capacity - chunks_.back().used < size) {
    // An emptied chunk that is too small has no record that would ever release it.
    if (!chunks_.empty() && chunks_.back().records == 0) chunks_.pop_back();
    const std::size_t capacity = std::max(size, kChunkBytes);
    chunks_.push_back({.data = std::make_unique_for_overwrite<char[]>(capacity), .capacity = capacity});
  }
  Chunk& chunk = chunks_.back();
  char* start = chunk.data.get() + chunk.used;
  chunk.used += size;
  ++chunk.records;
  return start;
}

NullableView RecordQueue::copy(NullableView bytes, char*& to) {
  if (!bytes) return std::nullopt;
  if (!bytes->empty()) std::memcpy(to, bytes->data(), bytes->size());
  const BytesView copied(to, bytes->size());
  to += bytes->size();
  return copied;
}

std::size_t RecordQueue::size_of(const Entry& entry) {
  return sizeof(Entry) + entry.key.value_or("").size() + entry.value.value_or("").size();
}

}  // namespace levada
