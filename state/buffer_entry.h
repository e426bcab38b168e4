// One key that a task changed lately, and the queues such entries wait in.
//
// Part of WriteBuffer, which owns the entries.
#pragma once

#include <cstddef>
#include <memory>
#include <utility>

#include <levada/core/bytes.h>
#include <levada/core/record_context.h>

namespace levada::internal {

class EntryQueue;

struct BufferEntry {
  Bytes key = {};
  Bytes value = {};
  bool is_tombstone = false;
  bool is_log_only = false;  // for the changelog, but not for the store

  // Of the last write.
  Timestamp timestamp = kNoTimestamp;
  Offset offset = kUnknownOffset;
  const TopicPartition* source = nullptr;
  std::unique_ptr<Headers> headers = nullptr;  // nullptr for none

  // What the nodes downstream were told last, when it was told since the last commit and written again after that.
  std::unique_ptr<NullableBytes> emitted = nullptr;

  EntryQueue* queue = nullptr;
  BufferEntry* previous = nullptr;
  BufferEntry* next = nullptr;

  bool is_visible() const { return !is_tombstone && !is_log_only; }
  NullableView view() const { return is_tombstone ? NullableView() : NullableView(value); }

  RecordContext context() const { return {timestamp, source, offset, headers ? headers.get() : &no_headers()}; }

  void set_context(const RecordContext& context, const TopicPartition* interned_source) {
    timestamp = context.timestamp;
    offset = context.offset;
    source = interned_source;
    if (context.headers->empty()) {
      headers.reset();
    } else if (headers) {
      *headers = *context.headers;
    } else {
      headers = std::make_unique<Headers>(*context.headers);
    }
  }

  // The engine has the value now, and only the value is still of use.
  void set_committed() {
    is_tombstone = !is_visible();
    is_log_only = false;
    headers.reset();
    emitted.reset();
  }

  std::size_t bytes() const {
    std::size_t sum = sizeof(BufferEntry) + kIndexBytes + key.size() + value.size();
    if (emitted && *emitted) sum += (*emitted)->size();
    if (!headers) return sum;
    for (const Header& header : *headers)
      sum += sizeof(Header) + header.key.size() + (header.value ? header.value->size() : 0);
    return sum;
  }

 private:
  static constexpr std::size_t kIndexBytes = 40;  // its share of a node of the B-tree
};

// A list through the entries themselves: an entry is in one queue at a time, and moves in constant time.
class EntryQueue {
 public:
  EntryQueue() = default;
  EntryQueue(const EntryQueue&) = delete;
  EntryQueue& operator=(const EntryQueue&) = delete;

  bool empty() const { return head_ == nullptr; }
  BufferEntry* front() { return head_; }
  std::size_t bytes() const { return bytes_; }

  void push_back(BufferEntry& entry) {
    entry.queue = this;
    entry.previous = tail_;
    entry.next = nullptr;
    (tail_ ? tail_->next : head_) = &entry;
    tail_ = &entry;
    bytes_ += entry.bytes();
  }

  // Must be called before the entry's size changes.
  void remove(BufferEntry& entry) {
    (entry.previous ? entry.previous->next : head_) = entry.next;
    (entry.next ? entry.next->previous : tail_) = entry.previous;
    entry.queue = nullptr;
    bytes_ -= entry.bytes();
  }

  template <class Visit>
  void for_each(const Visit& visit) const {
    for (BufferEntry* entry = head_; entry != nullptr; entry = entry->next) visit(*entry);
  }

  void clear() {
    head_ = tail_ = nullptr;
    bytes_ = 0;
  }

 private:
  BufferEntry* head_ = nullptr;
  BufferEntry* tail_ = nullptr;
  std::size_t bytes_ = 0;
};

}  // namespace levada::internal
