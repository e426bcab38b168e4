// Where the versions of a key stand in the buffer and the engines of a versioned store.
//
// Grammar; integers are big-endian, `|` joins, k is the user's key:
//   int64 max | k                                     the latest version, unless it is a deletion:
//                                                     int64 valid from | value
//   int64 segment id | k                              those before it, by the end of their time (version_segment.h);
//                                                     segment id = end / interval
//   int64 -1 | int64 timestamp | int32 seqnum | k     only in the buffer: a put, for the changelog
#pragma once

#include <cstdint>
#include <limits>

#include <levada/core/big_endian.h>
#include <levada/core/bytes.h>
#include <levada/core/time.h>

namespace levada {

inline constexpr std::int64_t kLatestSegment = std::numeric_limits<std::int64_t>::max();  // never expires

inline void set_version_key(std::int64_t segment, BytesView key, Bytes& out) {
  out.clear();
  append_big_endian(segment, out);
  out += key;
}

struct PutVersion {
  BytesView key;
  Timestamp timestamp;
  std::int32_t seqnum = 0;
};

inline void set_put_version(const PutVersion& put, Bytes& out) {
  set_version_key(-1, {}, out);
  append_big_endian<std::int64_t>(put.timestamp.time_since_epoch().count(), out);
  append_big_endian(put.seqnum, out);
  out += put.key;
}

inline PutVersion read_put_version(BytesView bytes) {
  return {.key = bytes.substr(20),
          .timestamp = Timestamp(Duration(read_big_endian<std::int64_t>(bytes.substr(8)))),
          .seqnum = read_big_endian<std::int32_t>(bytes.substr(16))};
}

}  // namespace levada
