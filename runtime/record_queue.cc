#include <algorithm>
#include <cstring>
#include <utility>

#include <levada/core/prefetch.h>
#include <levada/runtime/record_queue.h>

namespace levada {
namespace {

constexpr std::size_t kChunkBytes = 64 * 1024;
constexpr std::size_t kFetchedAhead = 256;
constexpr std::size_t kCacheLine = 64;

char* append(NullableView bytes, char* to) {
  if (!bytes || bytes->empty()) return to;
  std::memcpy(to, bytes->data(), bytes->size());
  return to + bytes->size();
}

}  // namespace

void RecordQueue::push(const LogRecord& record) {
  const auto size = [](NullableView bytes) { return bytes ? static_cast<std::int32_t>(bytes->size()) : kNull; };
  const Head head{.timestamp = record.timestamp,
                  .offset = record.offset,
                  .key_size = size(record.key),
                  .value_size = size(record.value),
                  .has_headers = !record.headers.empty()};
  const std::size_t whole = size_of(head);
  Chunk& chunk = chunk_for(whole);
  char* to = chunk.data.get() + chunk.written;
  std::memcpy(to, &head, sizeof(head));
  append(record.value, append(record.key, to + sizeof(head)));
  if (head.has_headers) headers_.push_back(record.headers);
  chunk.written += whole;
  bytes_ += whole;
  ++size_;
}

std::optional<Header> RecordQueue::take_header(std::string_view name) {
  if (!entry_at(chunks_.front(), chunks_.front().read).head.has_headers) return std::nullopt;
  Headers& headers = headers_.front();
  const auto found = std::ranges::find(headers, name, &Header::key);
  if (found == headers.end()) return std::nullopt;
  Header taken = std::move(*found);
  headers.erase(found);
  return taken;
}

void RecordQueue::leave_oldest_chunk() {
  if (chunks_.size() > 1) return chunks_.pop_front();
  chunks_.front().read = chunks_.front().written = 0;  // the queue is empty: start the chunk anew
}

RecordQueue::Ahead RecordQueue::look_ahead() const {
  const Chunk& chunk = chunks_.front();
  Ahead ahead;
  std::size_t at = chunk.read + size_of(entry_at(chunk, chunk.read).head);
  for (NullableView* const key : {&ahead.next, &ahead.soon}) {
    if (at >= chunk.written) return ahead;
    const Entry entry = entry_at(chunk, at);
    *key = entry.key();
    at += size_of(entry.head);
  }
  const std::size_t end = std::min(at + kFetchedAhead, chunk.written);
  for (; at < end; at += kCacheLine) internal::prefetch(chunk.data.get() + at);
  return ahead;
}

void RecordQueue::clear() {
  chunks_.clear();
  headers_.clear();
  size_ = 0;
  bytes_ = 0;
}

RecordQueue::Chunk& RecordQueue::chunk_for(std::size_t size) {
  if (!chunks_.empty() && chunks_.back().capacity - chunks_.back().written >= size) return chunks_.back();
  // An emptied chunk that is too small has no record that would ever release it.
  if (!chunks_.empty() && chunks_.back().written == 0) chunks_.pop_back();
  const std::size_t capacity = std::max(size, kChunkBytes);
  return chunks_.emplace_back(Chunk{.data = std::make_unique_for_overwrite<char[]>(capacity), .capacity = capacity});
}

}  // namespace levada
