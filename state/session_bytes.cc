#include <algorithm>
#include <utility>

#include <levada/state/segment_walk.h>
#include <levada/state/session_bytes.h>

namespace levada {
namespace {

KeyRange bounds_of(const SessionQuery& query) {
  const auto range_of = [&query](const Bytes& key) {
    return key_range(KeySchema::kSession, key, query.earliest_end, query.latest_start);
  };
  if (query.key_from && query.key_from == query.key_to) {
    return fixed_size_key_range(KeySchema::kSession, *query.key_from, query.earliest_end, query.latest_start);
  }
  KeyRange bounds;
  if (query.key_from) bounds.lower = range_of(*query.key_from).lower;
  if (query.key_to) bounds.upper = range_of(*query.key_to).upper;
  return bounds;
}

bool matches(const SessionQuery& query, const SessionKey& session) {
  return session.window.end >= query.earliest_end && session.window.end <= query.latest_end &&
         session.window.start <= query.latest_start && (!query.key_from || session.key >= *query.key_from) &&
         (!query.key_to || session.key <= *query.key_to);
}

}  // namespace

// A cached store still has what is expired, as in Kafka Streams, until its segment is dropped: a record may join it.
Timestamp SessionBytes::oldest_readable() const {
  const WindowSegments& segments = host_.segments();
  const Timestamp oldest =
      host_.spec().caching ? segments.begin_of(segments.first_live_id()) : segments.oldest_readable();
  return std::max(oldest, Timestamp{});
}

const Bytes& SessionBytes::key_of(const SessionKey& session) const {
  scratch_.clear();
  host_.segments().append_key(session, scratch_);
  return scratch_;
}

void SessionBytes::put(const SessionKey& session, NullableView value) {
  require_not_negative(session.window.start, host_);
  host_.segments().observe(session.window.end);
  put_at(host_, session.window.end, key_of(session), value);
}

void SessionBytes::remove(const SessionKey& session) {
  require_not_negative(session.window.start, host_);
  host_.segments().observe(session.window.end);
  if (!host_.segments().keeps(session.window.end)) return host_.put_log_only(key_of(session), std::nullopt);
  put_at(host_, session.window.end, key_of(session), std::nullopt);
}

bool SessionBytes::fetch(const SessionKey& session, Bytes& out) const {
  if (session.window.end < oldest_readable()) return false;
  return host_.get(key_of(session), out);
}

std::unique_ptr<ByteIterator> SessionBytes::find(const SessionQuery& query) const {
  SessionQuery readable = query;
  readable.earliest_end = std::max(query.earliest_end, oldest_readable());
  const bool is_empty = readable.earliest_end > readable.latest_end || readable.latest_start < Timestamp{} ||
                        (readable.key_from && readable.key_to && *readable.key_from > *readable.key_to);
  if (is_empty) return empty_range();
  SegmentQuery walk{.bounds = bounds_of(readable),
                    .from = readable.earliest_end,
                    .to = readable.latest_end,
                    .direction = readable.direction};
  walk.matches = [query = std::move(readable)](BytesView key) { return matches(query, read_session_key(key)); };
  return walk_segments(host_, std::move(walk));
}

std::unique_ptr<ByteIterator> SessionBytes::find_by_time(Timestamp from, Timestamp to) const {
  const WindowSegments& segments = host_.segments();
  return walk_by_time(host_, std::max(from, segments.begin_of(segments.first_live_id())), to);
}

}  // namespace levada
