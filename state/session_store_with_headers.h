// Values by key and session, each with its headers: SessionStore's, with the changelog of
// timestamped_key_value_store_with_headers.h.
//
//   store.put({"a", {start, end}}, {.aggregation = 1.5, .headers = record.headers});
#pragma once

#include <memory>
#include <string>
#include <utility>

#include <levada/state/aggregation_with_headers.h>
#include <levada/state/session_store.h>

namespace levada {

template <class K, class V>
class SessionStoreWithHeaders final : public SessionStore<K, AggregationWithHeaders<V>> {
  using Base = SessionStore<K, AggregationWithHeaders<V>>;

 public:
  using Options = SessionStoreOptions<K, V>;

  static StoreSpec spec(std::string name, Options options) {
    StoreSpec spec = internal::session_spec(std::move(name), options);
    spec.headers = true;
    spec.make = [key = options.key, value = options.value](StoreHost& host) {
      return std::make_unique<SessionStoreWithHeaders>(host, key, value);
    };
    return spec;
  }

  SessionStoreWithHeaders(StoreHost& host, Serde<K> key, Serde<V> value)
      : Base(host, std::move(key), aggregation_with_headers_serde(std::move(value))) {}
};

}  // namespace levada
