// What a combiner knows of a key and a stretch of time: an aggregate of the records of one batch, and when that batch
// began, which decides what is late.
//
//   Serde<Partial<double>> serde = partial_serde(doubles);
//
// Grammar, in the repartition topic: int64 stream time | value
#pragma once

#include <utility>

#include <levada/core/serde.h>
#include <levada/core/value_and_timestamp.h>

namespace levada::internal {

template <class A>
struct Partial {
  A value;
  Timestamp stream_time;  // of the combiner, before the first record of the batch
};

template <class T>
inline constexpr bool is_partial_v = false;
template <class A>
inline constexpr bool is_partial_v<Partial<A>> = true;

template <class A>
Serde<Partial<A>> partial_serde(Serde<A> value) {
  return Serde<Partial<A>>(
      [value](const Partial<A>& partial, Bytes& out) {
        const std::size_t start = out.size();
        append_value_and_timestamp({.value = {}, .timestamp = partial.stream_time}, out);
        const bool is_value = value.encode(partial.value, out);
        if (!is_value) out.resize(start);
        return is_value;
      },
      [value](BytesView in) {
        const ValueAndTimestampView partial = read_value_and_timestamp(in);
        return Partial<A>{value.decode(partial.value), partial.timestamp};
      });
}

}  // namespace levada::internal
