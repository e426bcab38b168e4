// One key that a task changed lately, and the queues such entries wait in.
//
// Part of WriteBuffer, which owns the entries.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <levada/core/bytes.h>
#include <levada/core/prefetch.h>
#include <levada/core/record_context.h>
#include <levada/core/short_bytes.h>

namespace levada::internal {

class EntryQueue;

// The bytes of a source's record, kept for as long as a change may fail on its way downstream.
class KeptSource {
 public:
  KeptSource() = default;
  KeptSource(const KeptSource&) = delete;
  KeptSource& operator=(const KeptSource&) = delete;

  void keep(const SourceBytes* bytes);  // nullptr: none
  const SourceBytes* get() const { return view_ ? &*view_ : nullptr; }
  std::size_t bytes() const;

 private:
  NullableBytes key_ = std::nullopt;
  NullableBytes value_ = std::nullopt;
  std::optional<SourceBytes> view_ = std::nullopt;
};

// What the last write of an entry brings along, if it does.
struct BroughtAlong {
  Headers headers = {};
  KeptSource source = {};

  std::size_t bytes() const;
};

// Stands on as few cache lines as can be: of a large store most entries are in none of the caches.
struct alignas(64) BufferEntry {
  ShortBytes key = {};
  ShortBytes value = {};

  // Of the last write.
  Timestamp timestamp = kNoTimestamp;
  Offset offset = kUnknownOffset;
  const TopicPartition* source = nullptr;
  std::unique_ptr<BroughtAlong> brought_along = nullptr;  // nullptr for no headers and no bytes of its source

  // What the nodes downstream were told last, when it was told since the last commit and written again after that.
  std::unique_ptr<NullableBytes> emitted = nullptr;

  EntryQueue* queue = nullptr;  // nullptr: committed
  std::uint32_t position = 0;   // in its queue

  bool is_tombstone = false;
  bool is_log_only = false;  // for the changelog, but not for the store

  bool is_visible() const { return !is_tombstone && !is_log_only; }
  BytesView bytes_of_value() const { return value; }
  NullableView view() const { return is_tombstone ? NullableView() : NullableView(bytes_of_value()); }

  void set_value(NullableView bytes) {
    is_tombstone = !bytes;
    value = bytes.value_or(BytesView());
  }

  RecordContext context() const {
    if (!brought_along) return {.timestamp = timestamp, .source = source, .offset = offset};
    return {.timestamp = timestamp,
            .source = source,
            .offset = offset,
            .headers = &brought_along->headers,
            .source_bytes = brought_along->source.get()};
  }

  void set_context(const RecordContext& context, const TopicPartition* interned_source) {
    timestamp = context.timestamp;
    offset = context.offset;
    source = interned_source;
    if (context.headers->empty() && context.source_bytes == nullptr) {
      brought_along.reset();
    } else {
      bring_along(context);
    }
  }

  // The engine has the value now, and only the value is still of use.
  void set_committed() {
    is_tombstone = !is_visible();
    is_log_only = false;
    brought_along.reset();
    emitted.reset();
  }

  std::size_t bytes() const {
    std::size_t sum = sizeof(BufferEntry) + kIndexBytes + key.size() + value.size();
    if (emitted && *emitted) sum += (*emitted)->size();
    return brought_along ? sum + brought_along->bytes() : sum;
  }

 private:
  void bring_along(const RecordContext& context);

  static constexpr std::size_t kIndexBytes = 56;  // its share of hash table, B-tree and queue
};

// Entries in the order they came, of which any may leave: its place is then empty. Places are a list of their own, not
// links through the entries, so that to move one touches no other.
class EntryQueue {
 public:
  EntryQueue() = default;
  EntryQueue(const EntryQueue&) = delete;
  EntryQueue& operator=(const EntryQueue&) = delete;

  bool empty() const { return count_ == 0; }
  std::size_t bytes() const { return bytes_; }

  BufferEntry* front() {
    while (first_ < places_.size() && places_[first_] == nullptr) ++first_;
    fetch_ahead(first_);
    return first_ < places_.size() ? places_[first_] : nullptr;
  }

  void push_back(BufferEntry& entry) {
    if (places_.size() >= kFewPlaces && places_.size() > kPlacesPerEntry * count_) close_up();
    entry.queue = this;
    put(entry);
    ++count_;
    bytes_ += entry.bytes();
  }

  // Must be called before the entry's size changes.
  void remove(BufferEntry& entry) {
    places_[entry.position] = nullptr;
    entry.queue = nullptr;
    --count_;
    bytes_ -= entry.bytes();
    if (count_ == 0) clear();
  }

  template <class Visit>
  void for_each(const Visit& visit) const {
    for (std::size_t at = first_; at < places_.size(); ++at) {
      fetch_ahead(at);
      if (places_[at] != nullptr) visit(*places_[at]);
    }
  }

  void clear() {
    places_.clear();
    first_ = 0;
    count_ = 0;
    bytes_ = 0;
  }

 private:
  static constexpr std::size_t kFewPlaces = 1024;
  static constexpr std::size_t kPlacesPerEntry = 8;
  static constexpr std::size_t kFetchedAhead = 8;

  // Entries stand in the order of first writes, and are in none of the caches if there are many.
  void fetch_ahead(std::size_t at) const {
    if (at + kFetchedAhead >= places_.size()) return;
    if (const BufferEntry* const entry = places_[at + kFetchedAhead]) prefetch_object(*entry);
  }

  void put(BufferEntry& entry) {
    entry.position = static_cast<std::uint32_t>(places_.size());
    places_.push_back(&entry);
  }

  void close_up() {
    std::vector<BufferEntry*> with_gaps;
    with_gaps.swap(places_);
    places_.reserve(with_gaps.size());
    first_ = 0;
    for (BufferEntry* entry : with_gaps) {
      if (entry != nullptr) put(*entry);
    }
  }

  std::vector<BufferEntry*> places_ = {};
  std::size_t first_ = 0;  // no entry stands before it
  std::size_t count_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace levada::internal
