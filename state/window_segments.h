// How a window store cuts time into segments, and how far event time has come in it: what decides which windows are
// still kept.
//
//   WindowSegments segments(spec);
//   segments.observe(start);
//   if (segments.keeps(start)) host.put(segments.key({.key = "k", .start = start}), value);
//
// Grammar of its keys, in buffers and engines; integers are big-endian, `|` joins:
//   int64 segment id | k | int64 start | int32 seqnum        segment id = start / interval
// A segment lives while its id >= (observed - retention) / interval; whole segments are dropped after that. Reads see
// nothing that starts before observed - retention + 1. Windows start at 0 or later. Versioned stores use segments, too,
// with keys of their own: version_keys.h.
//
// Part of StoreHost.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <utility>

#include <levada/core/bytes.h>
#include <levada/core/store.h>
#include <levada/core/window_key.h>

namespace levada {

// Which window a store has seen last, and the last number it gave to a duplicate: kept along with its contents.
struct WindowProgress {
  Timestamp observed = kNoTimestamp;
  std::int32_t seqnum = 0;

  bool operator==(const WindowProgress&) const = default;
};

// max(retention / 2, 60 s): what Kafka Streams takes.
Duration default_segment_interval(Duration retention);

inline bool is_segmented(const StoreSpec& spec) { return spec.shape != StoreShape::kKeyValue; }

class WindowSegments {
 public:
  explicit WindowSegments(const StoreSpec& spec);

  // Of data that is there already, and was cut otherwise.
  void set_interval(Duration interval) { interval_ = interval; }
  Duration interval() const { return interval_; }

  void observe(Timestamp start);
  std::int32_t next_seqnum();
  const WindowProgress& progress() const { return progress_; }
  void reset(const WindowProgress& progress) { progress_ = progress; }

  // False for what is expired: in memory to the millisecond, on disk with its whole segment.
  bool keeps(Timestamp start) const;
  Timestamp oldest_readable() const;

  std::int64_t id_of(Timestamp start) const;
  std::int64_t first_live_id() const;

  Bytes key(const WindowKey& window) const;
  void append_key(const WindowKey& window, Bytes& out) const;
  Bytes key_from_changelog(BytesView window_key) const;  // throws SerdeError if it is too short

  // The segments that may hold data.
  const std::set<std::int64_t>& ids() const { return ids_; }
  void add(std::int64_t id) { ids_.insert(id); }
  void set_ids(std::set<std::int64_t> ids) { ids_ = std::move(ids); }
  bool drop_expired();  // false: there were none
  std::optional<std::int64_t> first_in(std::int64_t from, std::int64_t to) const;
  std::optional<std::int64_t> last_in(std::int64_t from, std::int64_t to) const;

 private:
  const Duration retention_;
  const bool expires_exactly_;
  Duration interval_;
  WindowProgress progress_ = {};
  std::set<std::int64_t> ids_ = {};
};

inline constexpr std::size_t kSegmentPrefix = sizeof(std::int64_t);

Bytes segment_prefix(std::int64_t id);
std::int64_t read_segment_id(BytesView segmented_key);
inline BytesView without_segment(BytesView segmented_key) { return segmented_key.substr(kSegmentPrefix); }

}  // namespace levada
