#include <algorithm>
#include <utility>

#include <levada/runtime/embedded/chunk_list.h>

namespace levada::internal::embedded {
namespace {

constexpr std::size_t kChunkBytes = 64 * 1024;

}  // namespace

void ChunkList::append(const StoredRecord& record) {
  if (!fits(record)) open_chunk(record);
  Chunk& chunk = chunks_.back();
  encode_record(record, chunk.base, chunk.bytes);
  chunk.last_offset = record.offset;
  chunk.max_timestamp = std::max(chunk.max_timestamp, record.timestamp);
}

bool ChunkList::fits(const StoredRecord& record) const {
  return !chunks_.empty() && chunks_.back().bytes.size() + max_encoded_size(record) <= kChunkBytes;
}

void ChunkList::open_chunk(const StoredRecord& record) {
  // The first chunk grows as needed, since most partitions stay small; a partition that filled it will fill the next.
  const bool grown = !chunks_.empty();
  chunks_.push_back({.base = {.offset = record.offset, .timestamp = record.timestamp}});
  if (grown) chunks_.back().bytes.reserve(std::max(kChunkBytes, max_encoded_size(record)));
}

LogSlice ChunkList::read(Offset from, ReadCursor& cursor, Bytes& out) const {
  out.clear();
  if (!stands_at(from, cursor)) seek(from, cursor);
  std::size_t index = cursor.chunk - first_chunk_;
  if (index < chunks_.size() && cursor.byte == chunks_[index].bytes.size() && index + 1 < chunks_.size()) {
    cursor = {layout_, cursor.chunk + 1, 0, from};
    ++index;
  }
  if (index >= chunks_.size()) return {.base = {}, .end = from};
  const Chunk& chunk = chunks_[index];
  out.assign(chunk.bytes, cursor.byte, Bytes::npos);
  return {.base = chunk.base, .end = std::max(from, chunk.last_offset + 1)};
}

bool ChunkList::stands_at(Offset from, const ReadCursor& cursor) const {
  return cursor.layout == layout_ && cursor.offset == from && cursor.chunk >= first_chunk_;
}

void ChunkList::seek(Offset from, ReadCursor& cursor) const {
  const std::size_t index = chunk_index(from);
  cursor = {layout_, first_chunk_ + index, 0, from};
  if (index == chunks_.size()) return;
  const Chunk& chunk = chunks_[index];
  StoredRecord record;
  while (cursor.byte < chunk.bytes.size()) {
    const std::size_t next = decode_record(chunk.bytes, cursor.byte, chunk.base, record);
    if (record.offset >= from) return;
    cursor.byte = next;
  }
}

std::size_t ChunkList::chunk_index(Offset offset) const {
  const auto ends_before = [](const Chunk& chunk, Offset wanted) { return chunk.last_offset < wanted; };
  return std::lower_bound(chunks_.begin(), chunks_.end(), offset, ends_before) - chunks_.begin();
}

void ChunkList::drop_below(Offset offset) {
  while (!chunks_.empty() && chunks_.front().last_offset < offset) drop_front();
}

void ChunkList::abort(ProducerId producer, Offset first, Offset end) {
  StoredRecord record;
  for (std::size_t i = chunk_index(first); i < chunks_.size() && chunks_[i].base.offset < end; ++i) {
    Chunk& chunk = chunks_[i];
    for (std::size_t at = 0; at < chunk.bytes.size();) {
      const std::size_t begin = at;
      at = decode_record(chunk.bytes, begin, chunk.base, record);
      if (record.offset >= first && record.offset < end && record.producer == producer) {
        mark_aborted(chunk.bytes, begin);
      }
    }
  }
}

void ChunkList::replace(ChunkList other) {
  chunks_ = std::move(other.chunks_);
  ++layout_;
}

std::size_t ChunkList::bytes() const {
  std::size_t sum = 0;
  for (const Chunk& chunk : chunks_) sum += chunk.bytes.size();
  return sum;
}

}  // namespace levada::internal::embedded
