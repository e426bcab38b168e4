// Values by key, each with the time it is of: what tables and aggregations keep.
//
//   store.put("a", {.value = 1, .timestamp = record.timestamp});
//   std::optional<ValueAndTimestamp<std::int64_t>> one = store.get("a");
//
// The rest is KeyValueStore's.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <levada/state/key_value_store.h>
#include <levada/state/value_and_timestamp.h>

namespace levada {

namespace internal {

// Both sides of a change without their times.
template <class V>
Change<V> without_timestamps(Change<ValueAndTimestamp<V>> change) {
  Change<V> plain;
  if (change.before) plain.before = std::move(change.before->value);
  if (change.after) plain.after = std::move(change.after->value);
  return plain;
}

template <class V>
Timestamp timestamp_of(const Change<ValueAndTimestamp<V>>& change, const RecordContext& record) {
  return change.after ? change.after->timestamp : record.timestamp;
}

}  // namespace internal

template <class K, class V>
class TimestampedKeyValueStore final : public KeyValueStore<K, ValueAndTimestamp<V>> {
  using Base = KeyValueStore<K, ValueAndTimestamp<V>>;
  static_assert(!is_optional_v<V>, "TimestampedKeyValueStore<K, V>: put(key, std::nullopt) removes a key");

 public:
  using Options = KeyValueStoreOptions<K, V>;
  using FlushListener = std::function<void(const K&, const Change<V>&, const RecordContext&, Timestamp)>;

  static StoreSpec spec(std::string name, Options options = {}) {
    StoreSpec spec = internal::key_value_spec(std::move(name), options);
    spec.timestamped = true;
    spec.make = [key = options.key, value = options.value](StoreHost& host) {
      return std::make_unique<TimestampedKeyValueStore>(host, key, value);
    };
    return spec;
  }

  TimestampedKeyValueStore(StoreHost& host, Serde<K> key, Serde<V> value)
      : Base(host, std::move(key), value_and_timestamp_serde(std::move(value))) {}

  // See KeyValueStore; the timestamp is the value's, or for a deletion that of its record.
  void set_flush_listener(FlushListener listener) {
    this->host().set_flush_listener(
        [this, listener = std::move(listener), key = std::optional<K>()](const HeldBackChange& held_back) mutable {
          Change<ValueAndTimestamp<V>> change = this->decoded(held_back);
          const Timestamp timestamp = internal::timestamp_of(change, held_back.record);
          this->key_serde().decode(held_back.key, key);
          listener(*key, internal::without_timestamps(std::move(change)), held_back.record, timestamp);
        });
  }
};

}  // namespace levada
