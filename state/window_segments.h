// How a window or session store cuts time into segments, and how far event time has come in it: what decides which
// windows are still kept.
//
//   WindowSegments segments(spec);
//   segments.observe(start);
//   segments.append_key(WindowKey{.key = "k", .start = start}, key);
//   if (segments.keeps(start)) host.put(key, value);
//
// Grammar of its keys, in buffers and engines; integers are big-endian, `|` joins:
//   int64 segment id | k | int64 start | int32 seqnum      windows: segment id = start / interval
//   int64 segment id | k | int64 end | int64 start         sessions: segment id = end / interval
// Stores that are walked by time, too (StoreSpec::by_time), have 01 behind the segment id, and a second, empty entry:
//   int64 segment id | 00 | int64 start | k | int32 seqnum
//   int64 segment id | 00 | int64 end | int64 start | k
// A segment lives while its id >= (observed - retention) / interval; whole segments are dropped after that. Reads see
// nothing that starts (of sessions: ends) before observed - retention + 1. Windows start at 0 or later. Versioned
// stores use segments, too, with keys of their own: version_keys.h.
//
// Part of StoreHost.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <utility>

#include <levada/core/bytes.h>
#include <levada/core/observed_time.h>
#include <levada/core/store.h>
#include <levada/core/window_key.h>

namespace levada {

// Which start of a window, or end of a session, a store has seen last, and the last number it gave to a duplicate: kept
// along with its contents.
struct WindowProgress {
  Timestamp observed = kNoTimestamp;
  std::int32_t seqnum = 0;

  bool operator==(const WindowProgress&) const = default;
};

// max(retention / 2, 60 s): what Kafka Streams takes.
Duration default_segment_interval(Duration retention);

inline bool is_segmented(const StoreSpec& spec) {
  return spec.shape == StoreShape::kWindow || spec.shape == StoreShape::kSession ||
         spec.shape == StoreShape::kVersioned;
}

inline constexpr std::size_t kSegmentPrefix = sizeof(std::int64_t);

class WindowSegments {
 public:
  explicit WindowSegments(const StoreSpec& spec);

  // Of data that is there already, and was cut otherwise.
  void set_interval(Duration interval) { interval_ = interval; }
  Duration interval() const { return interval_; }

  // No more than the limit of time (observed_time.h) is taken to have been seen. It outlives this.
  void observe(Timestamp start) { observe(start, *time_limit_); }
  void observe(Timestamp start, Timestamp limit);
  void set_time_limit(const Timestamp& limit) { time_limit_ = &limit; }
  Timestamp time_limit() const { return *time_limit_; }
  std::int32_t next_seqnum();
  const WindowProgress& progress() const { return progress_; }
  void reset(const WindowProgress& progress) { progress_ = progress; }

  // False for what is expired: in memory to the millisecond, on disk with its whole segment.
  bool keeps(Timestamp start) const;
  Timestamp oldest_readable() const;
  // What a walk by time still finds: one millisecond more, as in Kafka Streams.
  Timestamp oldest_closing() const { return oldest_readable() - Duration(1); }

  std::int64_t id_of(Timestamp start) const;
  Timestamp begin_of(std::int64_t id) const { return Timestamp(id * interval_); }
  std::int64_t first_live_id() const;

  void append_key(const WindowKey& window, Bytes& out) const;
  void append_key(const SessionKey& session, Bytes& out) const;
  // What all keys of a segment begin with, but those of its walk by time.
  Bytes prefix(std::int64_t id) const;
  std::size_t prefix_size() const { return by_time_ ? kSegmentPrefix + 1 : kSegmentPrefix; }

  // The second key of an entry, and the changelog's key it stands for.
  void append_time_key(BytesView key, Bytes& out) const;
  Bytes time_key(Timestamp time) const;  // of all entries at that time the beginning
  void append_changelog_key(BytesView time_key, Bytes& out) const;

  // Keys as the changelog has them. What is too short is none, and throws SerdeError.
  BytesView changelog_key(BytesView key) const { return key.substr(prefix_size()); }
  bool is_changelog_key(BytesView key) const;
  Timestamp time_of(BytesView changelog_key) const;
  void observe(BytesView changelog_key, Timestamp limit);
  Bytes key_from_changelog(BytesView changelog_key) const;

  // The segments that may hold data.
  const std::set<std::int64_t>& ids() const { return ids_; }
  void add(std::int64_t id) { ids_.insert(id); }
  void set_ids(std::set<std::int64_t> ids) { ids_ = std::move(ids); }
  bool drop_expired();  // false: there were none
  std::optional<std::int64_t> first_in(std::int64_t from, std::int64_t to) const;
  std::optional<std::int64_t> last_in(std::int64_t from, std::int64_t to) const;

 private:
  bool has_sessions() const { return shape_ == StoreShape::kSession; }

  const StoreShape shape_;
  const bool by_time_;
  const Duration retention_;
  const bool expires_exactly_;
  Duration interval_;
  WindowProgress progress_ = {};
  const Timestamp* time_limit_ = &kNoTimeLimit;
  std::set<std::int64_t> ids_ = {};
};

Bytes segment_prefix(std::int64_t id);
std::int64_t read_segment_id(BytesView segmented_key);
inline BytesView without_segment(BytesView segmented_key) { return segmented_key.substr(kSegmentPrefix); }

}  // namespace levada
