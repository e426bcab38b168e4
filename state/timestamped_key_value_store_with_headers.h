// Values by key, each with its time and its headers.
//
//   auto orders = builder.add_store<TimestampedKeyValueStoreWithHeaders<std::string, Order>>("orders");
//   store.put(order.key, {.value = order.value, .timestamp = order.timestamp, .headers = order.headers});
//
// The changelog carries the plain value; its records have the value's time and headers, those of a deletion the headers
// of the record that made it. What an application without headers has written there is restored, and the other way
// round. The rest is KeyValueStore's.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include <levada/state/key_value_store.h>
#include <levada/state/value_timestamp_headers.h>

namespace levada {

template <class K, class V>
class TimestampedKeyValueStoreWithHeaders final : public KeyValueStore<K, ValueTimestampHeaders<V>> {
  using Base = KeyValueStore<K, ValueTimestampHeaders<V>>;

 public:
  using Options = KeyValueStoreOptions<K, V>;

  static StoreSpec spec(std::string name, Options options = {}) {
    StoreSpec spec = internal::key_value_spec(std::move(name), options);
    spec.timestamped = true;
    spec.headers = true;
    spec.make = [key = options.key, value = options.value](StoreHost& host) {
      return std::make_unique<TimestampedKeyValueStoreWithHeaders>(host, key, value);
    };
    return spec;
  }

  TimestampedKeyValueStoreWithHeaders(StoreHost& host, Serde<K> key, Serde<V> value)
      : Base(host, std::move(key), value_timestamp_headers_serde(std::move(value))) {}
};

}  // namespace levada
