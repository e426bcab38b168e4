// What window and session stores do alike, on bytes: changes that expire, and walks segment by segment.
//
//   put_at(host, start, key, value);                       // `key` from host.segments().append_key()
//   for (auto it = walk_segments(host, {.bounds = key_range(…), .from = a, .to = b, .matches = …}); it->valid(); …) …
//   for (auto it = walk_by_time(host, a, b); it->valid(); it->next()) …
//
// Iterators must not outlive the host; they see what is written ahead of them while they run. Keys of iterators are
// those of the changelog: `k | start | seqnum`, `k | end | start`.
#pragma once

#include <functional>
#include <memory>

#include <levada/core/time.h>
#include <levada/core/window_key.h>
#include <levada/state/store_host.h>

namespace levada {

// The first and the last time whose segments are walked, and within each the keys between the bounds that match.
struct SegmentQuery {
  KeyRange bounds = {};
  Timestamp from = Timestamp{};
  Timestamp to = Timestamp::max();
  Direction direction = Direction::kForward;
  std::function<bool(BytesView changelog_key)> matches = {};
};

// Throws std::invalid_argument for a start before 1970: Kafka Streams knows no such windows.
void require_not_negative(Timestamp start, const StoreHost& host);

// Writes what starts (a session: ends) at `time`. What is expired is dropped, and counted if it is a value, but logged.
void put_at(StoreHost& host, Timestamp time, BytesView key, NullableView value);

// Segment by segment, then in the order of bytes.
std::unique_ptr<ByteIterator> walk_segments(const StoreHost& host, SegmentQuery query);

// Of a store with StoreSpec::by_time: what starts (a session: ends) between the two times, both inclusive, in the order
// of time; expired or not, as long as it is there.
std::unique_ptr<ByteIterator> walk_by_time(const StoreHost& host, Timestamp from, Timestamp to);

}  // namespace levada
