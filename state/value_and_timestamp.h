// A value with the time it is of: what timestamped stores keep.
//
//   store.put("k", {.value = 1, .timestamp = record.timestamp});
//   Serde<ValueAndTimestamp<V>> serde = value_and_timestamp_serde(values);   // `int64 timestamp | value`
#pragma once

#include <utility>

#include <levada/core/serde.h>
#include <levada/core/value_and_timestamp.h>

namespace levada {

template <class V>
struct ValueAndTimestamp {
  V value;
  Timestamp timestamp;

  bool operator==(const ValueAndTimestamp&) const = default;
};

// A value that its own serde makes null is null as a whole.
template <class V>
Serde<ValueAndTimestamp<V>> value_and_timestamp_serde(Serde<V> inner = {}) {
  return Serde<ValueAndTimestamp<V>>(
      [inner](const ValueAndTimestamp<V>& entry, Bytes& out) {
        const std::size_t start = out.size();
        append_value_and_timestamp({.value = {}, .timestamp = entry.timestamp}, out);
        const bool is_value = inner.encode(entry.value, out);
        if (!is_value) out.resize(start);
        return is_value;
      },
      [inner](BytesView in) {
        const ValueAndTimestampView entry = read_value_and_timestamp(in);
        return ValueAndTimestamp<V>{inner.decode(entry.value), entry.timestamp};
      });
}

}  // namespace levada
