// The bytes of one store in one task: what typed stores stand on, and what a task flushes, logs and commits.
//
//   host.put(key, value);                                     // with the context of the current record
//   host.set_flush_listener([](const HeldBackChange& change) { … });
//   host.flush_cache();                                       // at commit: downstream, in the order of last writes,
//   host.for_each_change(send_to_changelog);                  // then to the changelog, once each; TaskState then
//                                                             // commits all stores at once
//
// Semantics of a cached store (spec().caching): a change waits until flush_cache(), the last one of a key replaces
// those before. A change whose new and old values are null is neither told nor logged.
//
// A transient store forgets what it has told, so that it holds nothing but what came since. Its listener does not write
// to it.
//
// Owned by TaskState; used on the task's thread. Reading throws StoreError when the disk fails.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include <absl/functional/function_ref.h>

#include <levada/core/operator_context.h>
#include <levada/core/position.h>
#include <levada/core/record_context.h>
#include <levada/core/store.h>
#include <levada/state/expiry.h>
#include <levada/state/window_segments.h>
#include <levada/state/write_buffer.h>

namespace levada {

// A change that leaves the record cache. A view for the length of the call.
struct HeldBackChange {
  BytesView key;  // of window stores: `k | start | seqnum`, of session stores: `k | end | start`
  NullableView after;
  NullableView before;  // as the nodes downstream know it; only if asked for by send_old_values(), or `after` is null
  const RecordContext& record;  // of the last write
};

enum class StoreAccess { kReadAndWrite, kReadOnly };

class StoreHost {
 public:
  using FlushListener = std::function<void(const HeldBackChange&)>;
  using ChangeVisitor = absl::FunctionRef<void(BytesView key, NullableView value, Timestamp timestamp)>;
  using ChangeWithHeadersVisitor =
      absl::FunctionRef<void(BytesView key, NullableView value, Timestamp timestamp, const Headers& headers)>;

  // `current` is the task's: the context of the record that is being processed.
  StoreHost(StoreSpec spec, std::unique_ptr<ByteStore> engine, const RecordContext& current,
            StoreAccess access = StoreAccess::kReadAndWrite);

  const StoreSpec& spec() const { return spec_; }
  const RecordContext& record() const { return current_; }

  // Keys of window, session and versioned stores are segmented: see window_segments.h, and window_bytes.h,
  // session_bytes.h and versioned_bytes.h for what to do with them.
  bool get(BytesView key, Bytes& out) const { return buffer_.get(key, out) && !(expiry_ && expiry_->has_expired(out)); }
  // Of a key that will probably be read or written: has what is known of it in the processor's caches then.
  void prefetch(BytesView key, internal::Ahead ahead) const { buffer_.prefetch(key, ahead); }
  void put(BytesView key, NullableView value) {
    if (access_ == StoreAccess::kReadOnly) [[unlikely]]
      refuse_to_write();
    if (position_) note_position();
    if (expiry_) expiry_->note_put();
    buffer_.put(key, value, current_);
  }
  void put_log_only(BytesView key, NullableView value) {
    if (position_) note_position();
    buffer_.put_log_only(key, value, current_);
  }
  // Of stores that are walked by time: that an entry is there, or no longer.
  void put_time_key(BytesView key, bool is_there);
  std::unique_ptr<ByteIterator> range(const ByteRange& range, Direction direction) const {
    std::unique_ptr<ByteIterator> all = buffer_.range(range, direction);
    if (!expiry_) return all;
    return std::make_unique<LiveEntries>(std::move(all), *expiry_);
  }
  std::size_t approximate_num_entries() const { return buffer_.approximate_num_entries(); }

  // Keeps in mind, from now on, which records of the task's input have made changes.
  void track_position() { position_.emplace(); }
  const Position& position() const { return *position_; }

  // Entries of a store with a time to live expire by this time from now on. It outlives the host.
  void expire_by(const Timestamp& stream_time) {
    if (expiry_) expiry_->set_clock(stream_time);
  }
  // Removes some of what has expired: a bounded piece of work. False if there was nothing.
  bool remove_expired() { return expiry_ && expiry_->remove_some(*engine_, buffer_) > 0; }

  // Of window, session and versioned stores only.
  WindowSegments& segments() { return *segments_; }
  const WindowSegments& segments() const { return *segments_; }
  bool has_segments() const { return segments_.has_value(); }

  // Told about what a window store no longer keeps when it is written.
  void set_drop_listener(std::function<void(DropReason)> listener) { drop_listener_ = std::move(listener); }
  void drop(DropReason reason) const {
    if (drop_listener_) drop_listener_(reason);
  }

  // The record cache.
  void set_flush_listener(FlushListener listener) { listener_ = std::move(listener); }
  void send_old_values() { sends_old_values_ = true; }
  bool is_flushed() const { return buffer_.held_back_bytes() == 0; }
  // Tells the listener everything that is held back, also what it makes the store hold back meanwhile.
  void flush_cache();
  // What is held back is to be told before records of a later time than this are processed.
  void flush_by(Timestamp time) { flush_by_ = time; }
  Timestamp flush_by() const { return is_flushed() ? Timestamp::max() : flush_by_; }

  // Hands out what the changelog does not have yet: keys and values in its format, timestamps for its records.
  void for_each_change(ChangeVisitor visit);
  // The same with the headers for its records: of stores that keep them; those of a deletion are its record's.
  void for_each_change_with_headers(ChangeWithHeadersVisitor visit);
  // Of the changelog's records with a value.
  const Headers& changelog_headers() const;

  std::size_t buffered_bytes() const { return buffer_.bytes(); }
  std::size_t held_back_bytes() const { return buffer_.held_back_bytes(); }
  std::size_t committed_bytes() const { return buffer_.committed_bytes(); }

  // Another number as soon as entries changed otherwise than by put: they were restored, or rolled back.
  std::uint64_t generation() const { return generation_; }

  // For TaskState.
  WriteBuffer& buffer() { return buffer_; }
  const ByteStore& engine() const { return *engine_; }
  // The engine has the changes; `keep` as WriteBuffer has it.
  void set_committed(bool keep);
  void discard();
  // Event time came further since the last commit.
  bool has_progress() const { return segments_ && segments_->progress() != committed_; }
  // The engine has other contents now: of an earlier run, or of the changelog.
  void adopt(const WindowProgress& progress);

 private:
  void note_position() {
    if (current_.source != nullptr) advance(*position_, *current_.source, current_.offset);
  }
  [[noreturn]] void refuse_to_write() const;
  void flush(WriteBuffer::Entry& entry);
  NullableBytes known_downstream(const WriteBuffer::Entry& entry) const;
  static void visit_version(const WriteBuffer::Entry& entry, ChangeWithHeadersVisitor visit);
  BytesView changelog_key(BytesView key) const { return segments_ ? segments_->changelog_key(key) : key; }
  void for_each_buffered_change(ChangeWithHeadersVisitor visit);

  const StoreSpec spec_;
  const std::unique_ptr<ByteStore> engine_;
  const RecordContext& current_;
  const StoreAccess access_;
  WriteBuffer buffer_;
  std::optional<WindowSegments> segments_ = std::nullopt;
  std::optional<Expiry> expiry_ = std::nullopt;
  WindowProgress committed_ = {};
  std::optional<Position> position_ = std::nullopt;
  FlushListener listener_ = {};
  std::function<void(DropReason)> drop_listener_ = {};
  bool sends_old_values_ = false;
  Timestamp flush_by_ = Timestamp::max();
  Bytes time_key_ = {};
  std::uint64_t generation_ = 0;
  Bytes flushed_key_ = {};
  Bytes flushed_value_ = {};
  Headers flushed_headers_ = {};
  internal::KeptSource flushed_source_ = {};
};

}  // namespace levada
