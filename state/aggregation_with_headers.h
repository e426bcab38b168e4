// What a session adds up to, with the headers of a record behind it: what session stores aware of headers keep. The
// time is that of the session.
//
//   store.put(session, {.aggregation = 1, .headers = record.headers});
//   Serde<AggregationWithHeaders<V>> serde = aggregation_with_headers_serde(values);    // the form of stored_headers.h
#pragma once

#include <utility>

#include <levada/core/headers.h>
#include <levada/core/serde.h>
#include <levada/core/stored_headers.h>

namespace levada {

template <class V>
struct AggregationWithHeaders {
  V aggregation;
  Headers headers = {};

  bool operator==(const AggregationWithHeaders&) const = default;
};

// What its own serde makes null is null as a whole.
template <class V>
Serde<AggregationWithHeaders<V>> aggregation_with_headers_serde(Serde<V> inner = {}) {
  return Serde<AggregationWithHeaders<V>>(
      [inner](const AggregationWithHeaders<V>& entry, Bytes& out) {
        const std::size_t start = out.size();
        append_headers_prefix(entry.headers, out);
        const bool is_value = inner.encode(entry.aggregation, out);
        if (!is_value) out.resize(start);
        return is_value;
      },
      [inner](BytesView in) {
        Headers headers = read_headers_prefix(in);
        return AggregationWithHeaders<V>{inner.decode(in), std::move(headers)};
      });
}

}  // namespace levada
