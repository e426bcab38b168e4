// A value with the time it is of and the headers it came with: what stores aware of headers keep.
//
//   store.put("k", {.value = 1, .timestamp = record.timestamp, .headers = record.headers});
//   Serde<ValueTimestampHeaders<V>> serde = value_timestamp_headers_serde(values);    // the form of stored_headers.h
#pragma once

#include <utility>

#include <levada/core/headers.h>
#include <levada/core/serde.h>
#include <levada/core/stored_headers.h>
#include <levada/core/value_and_timestamp.h>

namespace levada {

template <class V>
struct ValueTimestampHeaders {
  V value;
  Timestamp timestamp;
  Headers headers = {};

  bool operator==(const ValueTimestampHeaders&) const = default;
};

// A value that its own serde makes null is null as a whole.
template <class V>
Serde<ValueTimestampHeaders<V>> value_timestamp_headers_serde(Serde<V> inner = {}) {
  return Serde<ValueTimestampHeaders<V>>(
      [inner](const ValueTimestampHeaders<V>& entry, Bytes& out) {
        const std::size_t start = out.size();
        append_headers_prefix(entry.headers, out);
        append_value_and_timestamp({.value = {}, .timestamp = entry.timestamp}, out);
        const bool is_value = inner.encode(entry.value, out);
        if (!is_value) out.resize(start);
        return is_value;
      },
      [inner](BytesView in) {
        Headers headers = read_headers_prefix(in);
        const ValueAndTimestampView entry = read_value_and_timestamp(in);
        return ValueTimestampHeaders<V>{inner.decode(entry.value), entry.timestamp, std::move(headers)};
      });
}

}  // namespace levada
