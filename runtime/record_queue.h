// Records of one partition that were fetched and wait to be processed: copies in chunks, first in, first out, no
// allocation per record.
//
//   queue.push(fetched);
//   while (!queue.empty()) { use(queue.front()); queue.pop(); }
//
// Owned by one task; not thread-safe.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>

#include <levada/core/source.h>
#include <levada/runtime/consumer.h>

namespace levada {

// What front() shows lives until pop().
struct QueuedRecord {
  RawRecord record;
  Offset offset;
};

class RecordQueue {
 public:
  void push(const LogRecord& record);

  bool empty() const { return entries_.empty(); }
  std::size_t size() const { return entries_.size(); }
  std::size_t bytes() const { return bytes_; }  // what the records take, not what the chunks do
  QueuedRecord front() const;
  void pop();
  void clear();

  // Each record in order; what it shows lives until it is popped.
  template <class Visit>
  void for_each(Visit visit) const {
    for (const Entry& entry : entries_) visit(entry.key, entry.value, entry.timestamp, entry.offset);
  }

 private:
  struct Chunk {
    std::unique_ptr<char[]> data;
    std::size_t capacity = 0;
    std::size_t used = 0;
    std::size_t records = 0;  // of those in the queue still
  };
  struct Entry {
    NullableView key;
    NullableView value;
    Timestamp timestamp;
    Offset offset;
    bool has_headers;
  };

  char* reserve(std::size_t size);
  static NullableView copy(NullableView bytes, char*& to);
  static std::size_t size_of(const Entry& entry);

  std::deque<Entry> entries_ = {};
  std::deque<Chunk> chunks_ = {};
  std::deque<Headers> headers_ = {};  // of the entries that have any, in their order
  std::size_t bytes_ = 0;
};

}  // namespace levada
