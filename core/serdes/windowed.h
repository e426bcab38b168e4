// Windowed keys as topics carry them. They are partitioned by the key alone, without the window.
//
//   Serde<Windowed<std::string>> hours = time_windowed_serde<std::string>(std::chrono::hours(1));
//   Serde<Windowed<Order>> sessions = session_windowed_serde(order_serde);
//
// Grammar; k is the inner key:
//   time window   k | int64 start               the end is start + size, which the reader must know
//   session       k | int64 end | int64 start
// Serde<Windowed<K>>() writes the first form. It cannot read: it does not know the size.
#pragma once

#include <utility>

#include <levada/core/serde.h>
#include <levada/core/windowed.h>

namespace levada {

namespace internal {

inline constexpr std::size_t kStartSize = 8;
inline constexpr std::size_t kEndAndStartSize = 16;

// start + size, or the end of time.
Timestamp end_of_window(Timestamp start, Duration size);

// The key's bytes without the last `suffix`. Throws SerdeError if there are fewer.
BytesView inner_key(BytesView in, std::size_t suffix);

Window read_time_window(BytesView in, Duration size);
Window read_session_window(BytesView in);

[[noreturn]] void throw_unknown_window_size();

template <class K>
bool encode_time_windowed(const Windowed<K>& value, const Serde<K>& inner, Bytes& out) {
  if (!inner.encode(value.key, out)) return false;
  SerdeTraits<Timestamp>::encode(value.window.start, out);
  return true;
}

template <class K>
bool encode_session_windowed(const Windowed<K>& value, const Serde<K>& inner, Bytes& out) {
  if (!inner.encode(value.key, out)) return false;
  SerdeTraits<Timestamp>::encode(value.window.end, out);
  SerdeTraits<Timestamp>::encode(value.window.start, out);
  return true;
}

}  // namespace internal

template <class K>
Serde<Windowed<K>> time_windowed_serde(Duration size, Serde<K> inner = {}) {
  return Serde<Windowed<K>>(
      [inner](const Windowed<K>& value, Bytes& out) { return internal::encode_time_windowed(value, inner, out); },
      [inner, size](BytesView in) {
        const Window window = internal::read_time_window(in, size);
        return Windowed<K>{inner.decode(internal::inner_key(in, internal::kStartSize)), window};
      },
      internal::kStartSize);
}

template <class K>
Serde<Windowed<K>> session_windowed_serde(Serde<K> inner = {}) {
  return Serde<Windowed<K>>(
      [inner](const Windowed<K>& value, Bytes& out) { return internal::encode_session_windowed(value, inner, out); },
      [inner](BytesView in) {
        const Window window = internal::read_session_window(in);
        return Windowed<K>{inner.decode(internal::inner_key(in, internal::kEndAndStartSize)), window};
      },
      internal::kEndAndStartSize);
}

template <HasSerde K>
struct SerdeTraits<Windowed<K>> {
  static constexpr std::size_t kUnpartitionedSuffix = internal::kStartSize;

  static bool encode(const Windowed<K>& value, Bytes& out) {
    return internal::encode_time_windowed(value, Serde<K>(), out);
  }
  [[noreturn]] static Windowed<K> decode(BytesView) { internal::throw_unknown_window_size(); }
};

}  // namespace levada
