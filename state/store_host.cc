#include <stdexcept>
#include <utility>
#include <vector>

#include <levada/core/buffered_change.h>
#include <levada/core/java_order.h>
#include <levada/core/stored_headers.h>
#include <levada/core/value_and_timestamp.h>
#include <levada/state/store_host.h>
#include <levada/state/version_keys.h>

namespace levada {

StoreHost::StoreHost(StoreSpec spec, std::unique_ptr<ByteStore> engine, const RecordContext& current,
                     StoreAccess access)
    : spec_(std::move(spec)),
      engine_(std::move(engine)),
      current_(current),
      access_(access),
      buffer_(*engine_, {.hold_back = spec_.caching}) {
  if (is_segmented(spec_)) segments_.emplace(spec_);
  if (spec_.ttl > Duration(0)) expiry_.emplace(spec_.ttl, spec_.headers);
}

void StoreHost::put_time_key(BytesView key, bool is_there) {
  time_key_.clear();
  segments_->append_time_key(key, time_key_);
  buffer_.put_store_only(time_key_, is_there ? NullableView(BytesView()) : NullableView(), current_);
}

void StoreHost::refuse_to_write() const {
  throw std::logic_error("store " + spec_.name + " is global: only the processor it was added with may write to it");
}

void StoreHost::flush_cache() {
  while (WriteBuffer::Entry* entry = buffer_.next_held_back()) flush(*entry);
  if (spec_.transient) buffer_.clear();
}

void StoreHost::flush(WriteBuffer::Entry& entry) {
  if (!listener_) return buffer_.set_emitted(entry);
  NullableBytes before;
  if (entry.is_tombstone || sends_old_values_) before = known_downstream(entry);
  if (entry.is_tombstone && !before) return buffer_.drop_held_back(entry);
  // The listener may write this entry again, so it sees copies.
  flushed_key_ = changelog_key(entry.key);
  flushed_value_ = entry.bytes_of_value();
  RecordContext record = entry.context();
  flushed_headers_ = *record.headers;
  record.headers = &flushed_headers_;
  flushed_source_.keep(record.source_bytes);
  record.source_bytes = flushed_source_.get();
  const NullableView after = entry.is_tombstone ? NullableView() : NullableView(flushed_value_);
  buffer_.set_emitted(entry);
  listener_({.key = flushed_key_, .after = after, .before = before, .record = record});
}

// What is expired is known no longer, as in Kafka Streams: nothing is told when it is removed.
NullableBytes StoreHost::known_downstream(const WriteBuffer::Entry& entry) const {
  const bool is_expired = segments_ && segments_->time_of(changelog_key(entry.key)) < segments_->oldest_readable();
  if (is_expired) return std::nullopt;
  NullableBytes known = buffer_.known_downstream(entry);
  // By the time of the record, not of the flush: when that happens should not show.
  if (known && expiry_ && expiry_->had_expired(*known, entry.timestamp)) known.reset();
  return known;
}

void StoreHost::for_each_change(ChangeVisitor visit) {
  for_each_change_with_headers(
      [&](BytesView key, NullableView value, Timestamp timestamp, const Headers&) { visit(key, value, timestamp); });
}

void StoreHost::for_each_change_with_headers(ChangeWithHeadersVisitor visit) {
  if (spec_.shape == StoreShape::kChangeBuffer) return for_each_buffered_change(visit);
  buffer_.for_each_unlogged([&](const WriteBuffer::Entry& entry) {
    if (spec_.shape == StoreShape::kVersioned) return visit_version(entry, visit);
    const BytesView key = changelog_key(entry.key);
    if (entry.is_tombstone) {
      const bool with_headers = spec_.headers || spec_.deletion_headers;
      return visit(key, std::nullopt, entry.timestamp, with_headers ? *entry.context().headers : no_headers());
    }
    BytesView bytes = entry.bytes_of_value();
    const Headers headers = spec_.headers ? read_headers_prefix(bytes) : Headers();
    if (!spec_.timestamped) return visit(key, bytes, entry.timestamp, headers);
    const ValueAndTimestampView stored = read_value_and_timestamp(bytes);
    visit(key, stored.value, stored.timestamp, headers);
  });
}

// Of a versioned store the changelog gets what was put, not what became of the segments.
void StoreHost::visit_version(const WriteBuffer::Entry& entry, ChangeWithHeadersVisitor visit) {
  if (!entry.is_log_only) return;
  const PutVersion put = read_put_version(entry.key);
  visit(put.key, entry.view(), put.timestamp, no_headers());
}

// As Kafka Streams sends them: in the order of its hash set, and without a time, so that they get that of the moment.
void StoreHost::for_each_buffered_change(ChangeWithHeadersVisitor visit) {
  std::vector<const WriteBuffer::Entry*> entries;
  std::vector<std::uint32_t> hash_codes;
  buffer_.for_each_unlogged([&](const WriteBuffer::Entry& entry) {
    entries.push_back(&entry);
    hash_codes.push_back(internal::java_hash_code_of_bytes(entry.key));
  });
  for (const std::size_t each : internal::java_order_of_hashes(hash_codes)) {
    const WriteBuffer::Entry& entry = *entries[each];
    visit(entry.key, entry.view(), kNoTimestamp, entry.is_tombstone ? no_headers() : changelog_headers());
  }
}

const Headers& StoreHost::changelog_headers() const {
  static const Headers version = {{std::string(kBufferedChangeHeader), Bytes(kBufferedChangeVersion)}};
  return spec_.shape == StoreShape::kChangeBuffer ? version : no_headers();
}

void StoreHost::set_committed(bool keep) {
  buffer_.set_committed(keep);
  if (!segments_) return;
  committed_ = segments_->progress();
  if (segments_->drop_expired()) buffer_.clear();
}

void StoreHost::discard() {
  ++generation_;
  buffer_.clear();
  if (segments_) segments_->reset(committed_);
}

void StoreHost::adopt(const WindowProgress& progress) {
  ++generation_;
  buffer_.engine_changed();
  if (!segments_) return;
  segments_->reset(progress);
  committed_ = progress;
  segments_->drop_expired();
}

}  // namespace levada
