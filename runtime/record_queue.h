// Records of one partition that were fetched and wait to be processed: copies in chunks, first in, first out, no
// allocation per record.
//
//   queue.push(fetched);
//   while (!queue.empty()) { use(queue.front()); queue.pop(); }
//
// A record stands in its chunk as one piece: sizes, time and offset, the key, the value. Owned by one task; not
// thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <memory>
#include <optional>
#include <string_view>

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

  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  std::size_t bytes() const { return bytes_; }  // what the records take, not what the chunks do
  QueuedRecord front() const {
    const Chunk& chunk = chunks_.front();
    const Entry entry = entry_at(chunk, chunk.read);
    const Headers& headers = entry.head.has_headers ? headers_.front() : no_headers();
    return {.record = {entry.key(), entry.value(), entry.head.timestamp, headers}, .offset = entry.head.offset};
  }
  // Of the front: removes the first header of that name. Nothing if there is none.
  std::optional<Header> take_header(std::string_view name);
  void pop() {
    Chunk& oldest = chunks_.front();
    const Head head = entry_at(oldest, oldest.read).head;
    if (head.has_headers) [[unlikely]]
      headers_.pop_front();
    const std::size_t whole = size_of(head);
    oldest.read += whole;
    bytes_ -= whole;
    --size_;
    if (oldest.read == oldest.written) [[unlikely]]
      leave_oldest_chunk();
  }
  void clear();

  // What stands behind the front in the same chunk, as most do: the keys of the next two records, null where there is
  // none. The third is brought into the processor's caches.
  struct Ahead {
    NullableView next = std::nullopt;
    NullableView soon = std::nullopt;
  };
  Ahead look_ahead() const;

  // Each record in order; what it shows lives until it is popped.
  template <class Visit>
  void for_each(Visit visit) const {
    auto headers = headers_.begin();
    for (const Chunk& chunk : chunks_) {
      for (std::size_t at = chunk.read; at < chunk.written;) {
        const Entry entry = entry_at(chunk, at);
        visit(RawRecord{entry.key(), entry.value(), entry.head.timestamp,
                        entry.head.has_headers ? *headers++ : no_headers()});
        at += size_of(entry.head);
      }
    }
  }

 private:
  struct Chunk {
    std::unique_ptr<char[]> data;
    std::size_t capacity = 0;
    std::size_t written = 0;
    std::size_t read = 0;
  };
  struct Head {
    Timestamp timestamp;
    Offset offset;
    std::int32_t key_size;  // kNull: none
    std::int32_t value_size;
    bool has_headers;
  };
  struct Entry {
    Head head;
    const char* bytes;  // the key, then the value

    NullableView key() const { return view(bytes, head.key_size); }
    NullableView value() const { return view(bytes + length(head.key_size), head.value_size); }
  };
  static constexpr std::int32_t kNull = -1;

  static std::size_t length(std::int32_t size) { return size == kNull ? 0 : static_cast<std::size_t>(size); }
  static NullableView view(const char* bytes, std::int32_t size) {
    return size == kNull ? NullableView() : BytesView(bytes, length(size));
  }
  static Entry entry_at(const Chunk& chunk, std::size_t at) {
    Entry entry{.head = {}, .bytes = chunk.data.get() + at + sizeof(Head)};
    std::memcpy(&entry.head, chunk.data.get() + at, sizeof(Head));
    return entry;
  }
  static std::size_t size_of(const Head& head) {
    return sizeof(Head) + length(head.key_size) + length(head.value_size);
  }
  Chunk& chunk_for(std::size_t size);
  void leave_oldest_chunk();

  std::deque<Chunk> chunks_ = {};
  std::deque<Headers> headers_ = {};  // of the records that have any, in their order
  std::size_t size_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace levada
