#include <algorithm>
#include <utility>
#include <vector>

#include <levada/state/merging_iterator.h>
#include <levada/state/write_buffer.h>

namespace levada {
namespace {

constexpr std::size_t kFetchedAhead = 8;  // entries in the order of keys are nowhere near each other

}  // namespace

bool WriteBuffer::get(BytesView key, Bytes& out) const {
  const Entry* entry = find(key);
  if (entry == nullptr) return engine_.get(key, out);
  if (!entry->is_visible()) return false;
  out = entry->bytes_of_value();
  return true;
}

std::unique_ptr<ByteIterator> WriteBuffer::range(const ByteRange& range, Direction direction) const {
  return std::make_unique<MergingIterator>(*this, range, direction);
}

template <class Visit>
void WriteBuffer::for_each_dirty(const Visit& visit) const {
  held_back_.for_each(visit);
  unlogged_.for_each(visit);
  logged_.for_each(visit);
}

std::size_t WriteBuffer::approximate_num_entries() const {
  std::size_t count = engine_.approximate_num_entries();
  Bytes ignored;
  for_each_dirty([&](const Entry& entry) {
    const bool was_there = engine_.get(entry.key, ignored);
    if (entry.is_visible() && !was_there) ++count;
    if (!entry.is_visible() && was_there && count > 0) --count;
  });
  return count;
}

void WriteBuffer::put(BytesView key, NullableView value, const RecordContext& context) {
  written(key, value, context).is_log_only = false;
}

void WriteBuffer::put_log_only(BytesView key, NullableView value, const RecordContext& context) {
  written(key, value, context).is_log_only = true;
}

void WriteBuffer::put_untold(BytesView key, NullableView value, const RecordContext& context) {
  place(key, value, context, unlogged_);
}

void WriteBuffer::put_store_only(BytesView key, NullableView value, const RecordContext& context) {
  place(key, value, context, logged_);
}

void WriteBuffer::place(BytesView key, NullableView value, const RecordContext& context, internal::EntryQueue& queue) {
  Entry* found = find(key);
  Entry& entry = found != nullptr ? *found : insert(key);
  if (entry.queue == nullptr) {
    committed_bytes_ -= entry.bytes();
  } else {
    entry.queue->remove(entry);
  }
  entry.set_value(value);
  entry.set_context({.timestamp = context.timestamp}, nullptr);
  queue.push_back(entry);
}

WriteBuffer::Entry& WriteBuffer::written(BytesView key, NullableView value, const RecordContext& context) {
  Entry* found = find(key);
  Entry& entry = found != nullptr ? *found : insert(key);
  if (entry.queue == nullptr) {
    committed_bytes_ -= entry.bytes();
  } else {
    if (options_.hold_back && entry.queue != &held_back_) remember_emitted(entry);
    entry.queue->remove(entry);
  }
  entry.set_value(value);
  RecordContext kept = context;
  if (!options_.hold_back) kept.source_bytes = nullptr;  // nothing of it can fail later
  entry.set_context(kept, interned(context.source));
  (options_.hold_back ? held_back_ : unlogged_).push_back(entry);
  return entry;
}

void WriteBuffer::remember_emitted(Entry& entry) {
  NullableBytes told = entry.is_visible() ? NullableBytes(entry.bytes_of_value()) : std::nullopt;
  entry.queue->remove(entry);
  entry.emitted = std::make_unique<NullableBytes>(std::move(told));
  logged_.push_back(entry);
}

NullableBytes WriteBuffer::known_downstream(const Entry& entry) const {
  if (entry.emitted) return *entry.emitted;
  if (entry.is_log_only) return std::nullopt;
  Bytes value;
  if (!engine_.get(entry.key, value)) return std::nullopt;
  return value;
}

void WriteBuffer::set_emitted(Entry& entry) {
  held_back_.remove(entry);
  entry.emitted.reset();
  unlogged_.push_back(entry);
}

void WriteBuffer::drop_held_back(Entry& entry) {
  // What was told before is still to be committed.
  if (entry.emitted) return set_emitted(entry);
  held_back_.remove(entry);
  // The engine has no such key either.
  set_committed(entry);
}

void WriteBuffer::for_each_unlogged(absl::FunctionRef<void(const Entry&)> visit) {
  while (!unlogged_.empty()) {
    Entry& entry = *unlogged_.front();
    visit(entry);
    unlogged_.remove(entry);
    logged_.push_back(entry);
  }
}

// Sorting once is cheaper than keeping a tree, where nobody needs the tree.
void WriteBuffer::for_each_stored(absl::FunctionRef<void(BytesView, NullableView)> visit) const {
  using Index = internal::KeyIndex<Entry>;
  std::vector<Index::Slot> slots;
  for_each_dirty([&](Entry& entry) {
    if (!entry.is_log_only) slots.emplace_back(entry);
  });
  std::ranges::sort(slots, Index::Less());
  for (std::size_t at = 0; at < slots.size(); ++at) {
    if (at + kFetchedAhead < slots.size()) internal::prefetch_object(*slots[at + kFetchedAhead].entry);
    visit(slots[at].entry->key, slots[at].entry->view());
  }
}

void WriteBuffer::set_committed(bool keep) {
  if (!keep) return clear();
  ++engine_version_;
  for_each_dirty([&](Entry& entry) { set_committed(entry); });
  held_back_.clear();
  unlogged_.clear();
  logged_.clear();
}

void WriteBuffer::set_committed(Entry& entry) {
  entry.queue = nullptr;
  entry.set_committed();
  committed_bytes_ += entry.bytes();
}

void WriteBuffer::clear() {
  ++index_version_;
  ++engine_version_;
  last_found_ = nullptr;
  held_back_.clear();
  unlogged_.clear();
  logged_.clear();
  committed_bytes_ = 0;
  index_.clear();
  entries_.clear();
}

WriteBuffer::Entry* WriteBuffer::find(BytesView key) const {
  if (last_found_ != nullptr && last_found_->key == key) return last_found_;
  Entry* found = index_.find(key);
  if (found != nullptr) last_found_ = found;
  return found;
}

WriteBuffer::Entry& WriteBuffer::insert(BytesView key) {
  Entry& entry = entries_.emplace_back();
  entry.key = key;
  ++index_version_;
  index_.add(entry);
  committed_bytes_ += entry.bytes();  // like one that was committed, until it is written
  return *(last_found_ = &entry);
}

const TopicPartition* WriteBuffer::interned(const TopicPartition* source) {
  if (source == nullptr) return nullptr;
  if (last_source_ == nullptr || *last_source_ != *source) last_source_ = &*sources_.insert(*source).first;
  return last_source_;
}

}  // namespace levada
