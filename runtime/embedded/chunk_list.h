// The records of one partition as a queue of byte chunks: appended at the back, dropped from the front, found by offset
// or time. One allocation per 64 KiB, not per record.
//
//   ChunkList chunks;
//   chunks.append({.offset = 0, .timestamp = now, .key = "a", .value = "1"});
//   ReadCursor cursor;                                     // remembers where the last read ended
//   LogSlice slice = chunks.read(0, cursor, bytes);        // copies what follows in that chunk
//
// Owned by a PartitionLog; not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>

#include <levada/runtime/embedded/record_format.h>

namespace levada::internal::embedded {

struct Chunk {
  ChunkBase base = {};
  Offset last_offset = 0;
  Timestamp max_timestamp = kNoTimestamp;
  Bytes bytes = {};
};

// Where a reader stands, so that going on needs no search. Whatever it holds, a read is right.
struct ReadCursor {
  std::uint64_t layout = 0;  // 0: nowhere yet
  std::uint64_t chunk = 0;
  std::size_t byte = 0;
  Offset offset = 0;
};

// What a read copied: records in the encoding of record_format.h.
struct LogSlice {
  ChunkBase base = {};
  Offset end = 0;  // where a reader stands who has read all of it
};

class ChunkList {
 public:
  void append(const StoredRecord& record);

  // Replaces `out` by the records from `from` on, to the end of their chunk; empty when there are none. Leaves the
  // cursor at the first of them.
  LogSlice read(Offset from, ReadCursor& cursor, Bytes& out) const;

  // Frees the chunks all of whose records are below `offset`.
  void drop_below(Offset offset);
  void drop_front() { chunks_.pop_front(), ++first_chunk_; }

  // Marks the records of a producer in [first, end) as aborted.
  void abort(ProducerId producer, Offset first, Offset end);

  // Takes over the records of another list; readers find their way by offset again.
  void replace(ChunkList other);

  // Calls visit(record) for each record from `from` on until it returns false.
  template <typename Visit>
  void for_each(Offset from, Visit visit) const;

  const std::deque<Chunk>& chunks() const { return chunks_; }
  std::size_t bytes() const;

 private:
  bool fits(const StoredRecord& record) const;
  void open_chunk(const StoredRecord& record);
  std::size_t chunk_index(Offset offset) const;  // the first chunk that ends at or after `offset`
  void seek(Offset from, ReadCursor& cursor) const;
  bool stands_at(Offset from, const ReadCursor& cursor) const;

  std::deque<Chunk> chunks_;
  std::uint64_t first_chunk_ = 0;  // counts the chunks dropped
  std::uint64_t layout_ = 1;       // changes when records move
};

template <typename Visit>
void ChunkList::for_each(Offset from, Visit visit) const {
  StoredRecord record;
  for (std::size_t i = chunk_index(from); i < chunks_.size(); ++i) {
    const Chunk& chunk = chunks_[i];
    for (std::size_t at = 0; at < chunk.bytes.size();) {
      at = decode_record(chunk.bytes, at, chunk.base, record);
      if (record.offset >= from && !visit(record)) return;
    }
  }
}

}  // namespace levada::internal::embedded
