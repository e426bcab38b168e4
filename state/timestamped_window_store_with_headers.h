// Values by key and the start of their window, each with its time and its headers: WindowStore's, with the changelog of
// timestamped_key_value_store_with_headers.h.
//
//   store.put("a", {.value = 1.5, .timestamp = record.timestamp, .headers = record.headers}, hour);
#pragma once

#include <memory>
#include <string>
#include <utility>

#include <levada/state/value_timestamp_headers.h>
#include <levada/state/window_store.h>

namespace levada {

template <class K, class V>
class TimestampedWindowStoreWithHeaders final : public WindowStore<K, ValueTimestampHeaders<V>> {
  using Base = WindowStore<K, ValueTimestampHeaders<V>>;

 public:
  using Options = WindowStoreOptions<K, V>;

  static StoreSpec spec(std::string name, Options options) {
    StoreSpec spec = internal::window_spec(std::move(name), options);
    spec.timestamped = true;
    spec.headers = true;
    spec.make = [key = options.key, value = options.value](StoreHost& host) {
      return std::make_unique<TimestampedWindowStoreWithHeaders>(host, key, value);
    };
    return spec;
  }

  TimestampedWindowStoreWithHeaders(StoreHost& host, Serde<K> key, Serde<V> value)
      : Base(host, std::move(key), value_timestamp_headers_serde(std::move(value))) {}
};

}  // namespace levada
