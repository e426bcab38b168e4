// How timestamped stores keep a value: `int64 timestamp | value`. Only inside the store: a changelog carries the plain
// value, and its record the timestamp.
//
//   append_value_and_timestamp({.value = "v", .timestamp = now}, out);
//   ValueAndTimestampView entry = read_value_and_timestamp(out);         // entry.value looks into `out`
#pragma once

#include <levada/core/bytes.h>
#include <levada/core/time.h>

namespace levada {

struct ValueAndTimestampView {
  BytesView value;
  Timestamp timestamp;

  bool operator==(const ValueAndTimestampView&) const = default;
};

void append_value_and_timestamp(const ValueAndTimestampView& entry, Bytes& out);

// Throws SerdeError for fewer than eight bytes.
ValueAndTimestampView read_value_and_timestamp(BytesView bytes);

}  // namespace levada
