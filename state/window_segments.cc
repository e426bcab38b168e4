#include <algorithm>
#include <limits>

#include <levada/core/big_endian.h>
#include <levada/state/window_segments.h>

namespace levada {
namespace {
constexpr Duration kShortestDefault = std::chrono::seconds(60);
constexpr char kTimeFirst = '\0';
constexpr char kKeyFirst = '\1';

std::int64_t count(Timestamp time) { return time.time_since_epoch().count(); }
}  // namespace

Duration default_segment_interval(Duration retention) { return std::max(retention / 2, kShortestDefault); }

WindowSegments::WindowSegments(const StoreSpec& spec)
    : shape_(spec.shape),
      by_time_(spec.by_time),
      retention_(spec.retention),
      expires_exactly_(spec.engine == StoreEngine::kInMemory),
      interval_(spec.segment_interval > Duration(0) ? spec.segment_interval
                                                    : default_segment_interval(spec.retention)) {}

void WindowSegments::observe(Timestamp start, Timestamp limit) {
  progress_.observed = std::max(progress_.observed, std::min(start, limit));
}

std::int32_t WindowSegments::next_seqnum() {
  progress_.seqnum = (progress_.seqnum == std::numeric_limits<std::int32_t>::max()) ? 0 : progress_.seqnum + 1;
  return progress_.seqnum;
}

bool WindowSegments::keeps(Timestamp start) const {
  return expires_exactly_ ? start >= oldest_readable() : id_of(start) >= first_live_id();
}

Timestamp WindowSegments::oldest_readable() const { return progress_.observed - retention_ + Duration(1); }

std::int64_t WindowSegments::id_of(Timestamp start) const { return count(start) / interval_.count(); }

std::int64_t WindowSegments::first_live_id() const { return id_of(progress_.observed - retention_); }

void WindowSegments::append_key(const WindowKey& window, Bytes& out) const {
  append_big_endian(id_of(window.start), out);
  by_time_ ? append_key_first_window_key(window, out) : append_window_key(window, out);
}

void WindowSegments::append_key(const SessionKey& session, Bytes& out) const {
  append_big_endian(id_of(session.window.end), out);
  by_time_ ? append_key_first_session_key(session, out) : append_session_key(session, out);
}

Bytes WindowSegments::prefix(std::int64_t id) const {
  Bytes out = segment_prefix(id);
  if (by_time_) out += kKeyFirst;
  return out;
}

void WindowSegments::append_time_key(BytesView key, Bytes& out) const {
  out += key.substr(0, kSegmentPrefix);
  if (has_sessions()) return append_time_first_session_key(read_session_key(changelog_key(key)), out);
  append_time_first_window_key(read_window_key(changelog_key(key)), out);
}

Bytes WindowSegments::time_key(Timestamp time) const {
  Bytes out = segment_prefix(id_of(time));
  out += kTimeFirst;
  append_big_endian(count(time), out);
  return out;
}

void WindowSegments::append_changelog_key(BytesView time_key, Bytes& out) const {
  const BytesView key = without_segment(time_key);
  has_sessions() ? append_session_key(read_time_first_session_key(key), out)
                 : append_window_key(read_time_first_window_key(key), out);
}

bool WindowSegments::is_changelog_key(BytesView key) const {
  return key.size() >= (has_sessions() ? kSessionKeySuffix : kWindowKeySuffix);
}

Timestamp WindowSegments::time_of(BytesView changelog_key) const {
  return has_sessions() ? read_session_key(changelog_key).window.end : read_window_key(changelog_key).start;
}

void WindowSegments::observe(BytesView changelog_key, Timestamp limit) {
  observe(time_of(changelog_key), limit);
  if (has_sessions()) return;
  progress_.seqnum = std::max(progress_.seqnum, read_window_key(changelog_key).seqnum);
}

Bytes WindowSegments::key_from_changelog(BytesView changelog_key) const {
  return prefix(id_of(time_of(changelog_key))) + Bytes(changelog_key);
}

bool WindowSegments::drop_expired() {
  const auto first_live = ids_.lower_bound(first_live_id());
  const bool found = first_live != ids_.begin();
  ids_.erase(ids_.begin(), first_live);
  return found;
}

std::optional<std::int64_t> WindowSegments::first_in(std::int64_t from, std::int64_t to) const {
  const auto found = ids_.lower_bound(from);
  if (found == ids_.end() || *found > to) return std::nullopt;
  return *found;
}

std::optional<std::int64_t> WindowSegments::last_in(std::int64_t from, std::int64_t to) const {
  const auto behind = ids_.upper_bound(to);
  if (behind == ids_.begin() || *std::prev(behind) < from) return std::nullopt;
  return *std::prev(behind);
}

Bytes segment_prefix(std::int64_t id) {
  Bytes out;
  append_big_endian(id, out);
  return out;
}

std::int64_t read_segment_id(BytesView segmented_key) { return read_big_endian<std::int64_t>(segmented_key); }

}  // namespace levada
