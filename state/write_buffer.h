// What a task changed in one store since its last commit: an ordered map of dirty entries over an engine. It is the
// record cache, the changelog's input and the disk's next batch in one, and keeps what was read and written lately.
//
//   WriteBuffer buffer(engine, {.hold_back = true});
//   buffer.put("k", "v", context);
//   buffer.get("k", value);                                     // "v": reads see the changes
//   while (auto* entry = buffer.next_held_back()) { … }         // downstream, in the order of their last write
//   buffer.for_each_unlogged(send_to_changelog);
//   buffer.for_each_stored(add_to_batch);                       // in key order
//   buffer.set_committed(true);                                 // or, when the transaction was aborted: buffer.clear()
//
// Every entry keeps the record context of its last write, and waits in one of three queues: held back (not told
// downstream), unlogged, logged. A new write moves it to the end of the first queue of its store, however far it was.
// Once committed it may stay, for reads: a key that changes again and again is looked up in the engine once.
//
// Iterators see what is written ahead of them while they run, stand on copies, and may outlive commit and abort, but
// not the buffer. Owned by one task; not thread-safe.
#pragma once

#include <cstdint>
#include <deque>
#include <set>

#include <absl/functional/function_ref.h>

#include <levada/state/buffer_entry.h>
#include <levada/state/byte_store.h>
#include <levada/state/key_index.h>

namespace levada {

struct WriteBufferOptions {
  bool hold_back = false;  // changes wait to be told downstream, the last one per key
};

class WriteBuffer {
 public:
  using Entry = internal::BufferEntry;

  explicit WriteBuffer(const ByteStore& engine, const WriteBufferOptions& options = {})
      : engine_(engine), options_(options) {}

  bool get(BytesView key, Bytes& out) const;
  // Of a key that will be read or written.
  void prefetch(BytesView key, internal::Ahead ahead) const { index_.prefetch(key, ahead); }
  std::unique_ptr<ByteIterator> range(const ByteRange& range, Direction direction) const;
  std::size_t approximate_num_entries() const;

  void put(BytesView key, NullableView value, const RecordContext& context);
  // A change that goes downstream and to the changelog, while the store has no such key.
  void put_log_only(BytesView key, NullableView value, const RecordContext& context);
  // A change for store and changelog that nobody downstream is told of. Of a key without changes.
  void put_untold(BytesView key, NullableView value, const RecordContext& context);
  // A change for the store alone, at once: neither downstream nor the changelog hears of it.
  void put_store_only(BytesView key, NullableView value, const RecordContext& context);

  // The key was written since the last commit.
  bool has_change(BytesView key) const {
    const Entry* entry = find(key);
    return entry != nullptr && entry->queue != nullptr;
  }

  // The first entry that is still held back, or nullptr.
  Entry* next_held_back() { return held_back_.front(); }
  // What the nodes downstream know of the key: its value when they were told last.
  NullableBytes known_downstream(const Entry& entry) const;
  // Marks it as told. The entry stays where it is in memory until clear().
  void set_emitted(Entry& entry);
  // Forgets the last write of an entry that was not told, because it changes nothing.
  void drop_held_back(Entry& entry);

  // Hands out each entry once per write, in the order they were told or, where nothing is held back, last written.
  void for_each_unlogged(absl::FunctionRef<void(const Entry&)> visit);
  // Every dirty entry of the store, in key order.
  void for_each_stored(absl::FunctionRef<void(BytesView key, NullableView value)> visit) const;

  // The engine has the changes. They stay readable here if `keep`; otherwise all is forgotten, older ones as well.
  void set_committed(bool keep);
  // Nobody wants the changes any more.
  void clear();
  // The engine was changed by somebody else: a restore. Not while there are changes.
  void engine_changed() { clear(); }

  // Of changes; what was committed does not count.
  bool empty() const { return held_back_.empty() && unlogged_.empty() && logged_.empty(); }
  std::size_t bytes() const { return held_back_.bytes() + unlogged_.bytes() + logged_.bytes(); }
  std::size_t held_back_bytes() const { return held_back_.bytes(); }
  std::size_t committed_bytes() const { return committed_bytes_; }

 private:
  friend class MergingIterator;

  Entry* find(BytesView key) const;
  Entry& insert(BytesView key);
  void set_committed(Entry& entry);
  void place(BytesView key, NullableView value, const RecordContext& context, internal::EntryQueue& queue);
  Entry& written(BytesView key, NullableView value, const RecordContext& context);
  void remember_emitted(Entry& entry);
  template <class Visit>
  void for_each_dirty(const Visit& visit) const;
  const TopicPartition* interned(const TopicPartition* source);

  const ByteStore& engine_;
  const WriteBufferOptions options_;
  std::deque<Entry> entries_ = {};
  internal::KeyIndex<Entry> index_ = {};
  mutable Entry* last_found_ = nullptr;  // a put mostly follows a get of the same key
  internal::EntryQueue held_back_ = {};
  internal::EntryQueue unlogged_ = {};
  internal::EntryQueue logged_ = {};
  std::size_t committed_bytes_ = 0;  // of the entries in no queue
  std::set<TopicPartition> sources_ = {};
  const TopicPartition* last_source_ = nullptr;
  std::uint64_t index_version_ = 0;   // tells iterators that theirs are gone
  std::uint64_t engine_version_ = 0;  // tells iterators that the engine has other contents
};

}  // namespace levada
