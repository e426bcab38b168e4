// What a window store does, on bytes: puts that expire, and fetches that walk its segments in the order of time.
//
//   WindowBytes windows(host);
//   windows.put("k", start, value);
//   for (auto it = windows.fetch({.key_from = "k", .key_to = "k", .from = a, .to = b}); it->valid(); it->next()) …
//
// A guest of its StoreHost; the same thread and errors. Iterators must not outlive the host; they see what is written
// ahead of them while they run.
#pragma once

#include <memory>

#include <levada/core/time.h>
#include <levada/state/store_host.h>

namespace levada {

// Keys and starts, both ends inclusive; no key end is no bound.
struct WindowQuery {
  NullableBytes key_from = std::nullopt;
  NullableBytes key_to = std::nullopt;
  Timestamp from = Timestamp{};
  Timestamp to = Timestamp::max();
  Direction direction = Direction::kForward;
};

class WindowBytes {
 public:
  explicit WindowBytes(StoreHost& host) : host_(host) {}

  // Throws std::invalid_argument for a start before 1970: Kafka Streams knows no such windows.
  void put(BytesView key, Timestamp start, NullableView value);
  bool fetch(BytesView key, Timestamp start, Bytes& out) const;

  // Keys of the iterator are `k | start | seqnum`. Segment by segment, then in the order of bytes.
  std::unique_ptr<ByteIterator> fetch(const WindowQuery& query) const;

  // All keys' windows between two starts, both inclusive, in the order of time: of stores with StoreSpec::by_time.
  std::unique_ptr<ByteIterator> fetch_by_time(Timestamp from, Timestamp to) const;

  StoreHost& host() const { return host_; }

 private:
  StoreHost& host_;
  mutable Bytes scratch_ = {};
};

}  // namespace levada
