#include <algorithm>
#include <utility>

#include <levada/state/segment_walk.h>
#include <levada/state/window_bytes.h>

namespace levada {
namespace {

KeyRange bounds_of(const WindowQuery& query) {
  if (query.key_from && query.key_from == query.key_to) {
    return fixed_size_key_range(KeySchema::kWindow, *query.key_from, query.from, query.to);
  }
  KeyRange bounds;
  if (query.key_from) bounds.lower = key_range(KeySchema::kWindow, *query.key_from, query.from, query.to).lower;
  if (query.key_to) bounds.upper = key_range(KeySchema::kWindow, *query.key_to, query.from, query.to).upper;
  return bounds;
}

bool matches(const WindowQuery& query, const WindowKey& window) {
  return window.start >= query.from && window.start <= query.to && (!query.key_from || window.key >= *query.key_from) &&
         (!query.key_to || window.key <= *query.key_to);
}

}  // namespace

void WindowBytes::put(BytesView key, Timestamp start, NullableView value) {
  require_not_negative(start, host_);
  WindowSegments& segments = host_.segments();
  const bool duplicates = host_.spec().retain_duplicates;
  const std::int32_t seqnum = duplicates ? segments.next_seqnum() : 0;
  // Kafka Streams logs nulls among duplicates, although they are never stored. On disk it does not look at their time:
  // none passes with them, and they are never too late.
  const bool is_logged_only = duplicates && !value;
  const bool has_time = !is_logged_only || host_.spec().engine == StoreEngine::kInMemory;
  if (has_time) segments.observe(start);
  scratch_.clear();
  segments.append_key(WindowKey{.key = key, .start = start, .seqnum = seqnum}, scratch_);
  if (!is_logged_only) return put_at(host_, start, scratch_, value);
  if (has_time && !segments.keeps(start)) host_.drop(DropReason::kLate);
  host_.put_log_only(scratch_, value);
}

bool WindowBytes::fetch(BytesView key, Timestamp start, Bytes& out) const {
  const WindowSegments& segments = host_.segments();
  if (start < std::max(segments.oldest_readable(), Timestamp{})) return false;
  scratch_.clear();
  segments.append_key(WindowKey{.key = key, .start = start}, scratch_);
  return host_.get(scratch_, out);
}

std::unique_ptr<ByteIterator> WindowBytes::fetch(const WindowQuery& query) const {
  WindowQuery readable = query;
  readable.from = std::max({query.from, host_.segments().oldest_readable(), Timestamp{}});
  if (readable.from > readable.to) return empty_range();
  if (readable.key_from && readable.key_to && *readable.key_from > *readable.key_to) {
    return empty_range();
  }
  SegmentQuery walk{
      .bounds = bounds_of(readable), .from = readable.from, .to = readable.to, .direction = readable.direction};
  walk.matches = [query = std::move(readable)](BytesView key) { return matches(query, read_window_key(key)); };
  return walk_segments(host_, std::move(walk));
}

std::unique_ptr<ByteIterator> WindowBytes::fetch_by_time(Timestamp from, Timestamp to) const {
  // What is held back has not moved event time yet, as in Kafka Streams.
  if (!host_.spec().caching) from = std::max(from, host_.segments().oldest_closing());
  return walk_by_time(host_, from, to);
}

}  // namespace levada
