// What a session store does, on bytes: sessions that come, expire and are found by key and time.
//
//   SessionBytes sessions(host);
//   sessions.put({.key = "k", .window = {start, end}}, value);
//   for (auto it = sessions.find({.key_from = "k", .key_to = "k", .earliest_end = a, .latest_start = b}); it->valid();
//   …)
//
// A guest of its StoreHost; the same thread and errors. Iterators must not outlive the host; they see what is written
// ahead of them while they run.
#pragma once

#include <memory>

#include <levada/core/time.h>
#include <levada/core/window_key.h>
#include <levada/state/store_host.h>

namespace levada {

// Keys and times, both ends inclusive; no key end is no bound.
struct SessionQuery {
  NullableBytes key_from = std::nullopt;
  NullableBytes key_to = std::nullopt;
  Timestamp earliest_end = Timestamp{};
  Timestamp latest_end = Timestamp::max();
  Timestamp latest_start = Timestamp::max();
  Direction direction = Direction::kForward;
};

class SessionBytes {
 public:
  explicit SessionBytes(StoreHost& host) : host_(host) {}

  // Throws std::invalid_argument for a start before 1970: Kafka Streams knows no such windows.
  void put(const SessionKey& session, NullableView value);
  // The same as to put null, but not counted as dropped if the session is expired.
  void remove(const SessionKey& session);
  bool fetch(const SessionKey& session, Bytes& out) const;

  // Keys of the iterator are `k | end | start`. Segment by segment, then in the order of bytes.
  std::unique_ptr<ByteIterator> find(const SessionQuery& query) const;

  // All keys' sessions between two ends, both inclusive, in the order of time: of stores with StoreSpec::by_time.
  std::unique_ptr<ByteIterator> find_by_time(Timestamp from, Timestamp to) const;

  StoreHost& host() const { return host_; }

 private:
  Timestamp oldest_readable() const;
  const Bytes& key_of(const SessionKey& session) const;

  StoreHost& host_;
  mutable Bytes scratch_ = {};
};

}  // namespace levada
