// Values by key and the start of their window, each with the time it is of: what windowed aggregations keep.
//
//   store.put("a", {.value = 1, .timestamp = record.timestamp}, hour);
//   std::optional<ValueAndTimestamp<std::int64_t>> count = store.fetch("a", hour);
//
// The rest is WindowStore's.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include <levada/state/timestamped_key_value_store.h>
#include <levada/state/value_and_timestamp.h>
#include <levada/state/window_store.h>

namespace levada {

template <class K, class V>
class TimestampedWindowStore final : public WindowStore<K, ValueAndTimestamp<V>> {
  using Base = WindowStore<K, ValueAndTimestamp<V>>;
  static_assert(!is_optional_v<V>, "TimestampedWindowStore<K, V>: put(key, std::nullopt, start) removes a window");

 public:
  using Options = WindowStoreOptions<K, V>;
  using FlushListener = std::function<void(const Windowed<K>&, const Change<V>&, const RecordContext&, Timestamp)>;

  static StoreSpec spec(std::string name, Options options) {
    StoreSpec spec = internal::window_spec(std::move(name), options);
    spec.timestamped = true;
    spec.make = [key = options.key, value = options.value](StoreHost& host) {
      return std::make_unique<TimestampedWindowStore>(host, key, value);
    };
    return spec;
  }

  TimestampedWindowStore(StoreHost& host, Serde<K> key, Serde<V> value)
      : Base(host, std::move(key), value_and_timestamp_serde(std::move(value))) {}

  // See WindowStore; the timestamp is the value's, or for a deletion that of its record.
  void set_flush_listener(FlushListener listener) {
    this->host().set_flush_listener([this, listener = std::move(listener)](const HeldBackChange& held_back) {
      Change<ValueAndTimestamp<V>> change = this->decoded(held_back);
      const Timestamp timestamp = internal::timestamp_of(change, held_back.record);
      listener(this->windowed(read_window_key(held_back.key)), internal::without_timestamps(std::move(change)),
               held_back.record, timestamp);
    });
  }
};

}  // namespace levada
