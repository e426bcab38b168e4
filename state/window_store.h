// Values by key and the start of their window, kept for the time of retention.
//
//   StoreSpec spec = WindowStore<std::string, double>::spec("w", {.window_size = 1h, .retention = 2h});
//   store.put("a", 1.5, hour);
//   std::optional<double> value = store.fetch("a", hour);
//   for (const auto& [start, value] : store.fetch("a", from, to)) …              // both ends inclusive
//   for (const auto& [windowed, value] : store.fetch("a", "c", from, to)) …      // Windowed<K>
//
// Walked segment by segment of time, then in the order of the keys' bytes. What starts at or before the latest start
// minus the retention is gone. Belongs to its task; used on the task's thread. Throws SerdeError for bytes that are no
// K or V, StoreError when the disk fails, std::invalid_argument for a start before 1970.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

#include <levada/core/change.h>
#include <levada/core/serde.h>
#include <levada/core/serdes/windowed.h>
#include <levada/state/key_value_store.h>
#include <levada/state/store_range.h>
#include <levada/state/window_bytes.h>

namespace levada {

template <class K, class V>
struct WindowStoreOptions {
  Duration window_size = {};
  Duration retention = {};         // at least the window's size, and its grace
  Duration segment_interval = {};  // of the files; 0: max(retention / 2, 60 s)
  bool retain_duplicates = false;  // several values under one key and start
  bool by_time = false;            // can also be walked by fetch_by_time()
  Serde<K> key = {};
  Serde<V> value = {};
  StoreEngine engine = StoreEngine::kRocksDb;
  bool caching = false;
  bool logging = true;
  std::map<std::string, std::string> topic_config = {};
};

namespace internal {

template <class K, class V>
StoreSpec window_spec(std::string name, const WindowStoreOptions<K, V>& options) {
  return {.name = std::move(name),
          .shape = StoreShape::kWindow,
          .engine = options.engine,
          .caching = options.caching,
          .logging = options.logging,
          .topic_config = options.topic_config,
          .window_size = options.window_size,
          .retention = options.retention,
          .segment_interval = options.segment_interval,
          .retain_duplicates = options.retain_duplicates,
          .by_time = options.by_time};
}

}  // namespace internal

template <class K, class V>
class WindowStore : public StateStore {
  static_assert(!is_optional_v<K> && !is_optional_v<V>,
                "WindowStore<K, V>: no optionals here; put(key, std::nullopt, start) removes a window");
  static_assert(!std::is_reference_v<K> && !std::is_reference_v<V> && !std::is_same_v<K, BytesView> &&
                    !std::is_same_v<V, BytesView>,
                "WindowStore<K, V>: a store outlives the record; keep std::string, not a view");

 public:
  using Key = K;
  using Value = V;
  using Options = WindowStoreOptions<K, V>;
  using Starts = StoreRange<std::pair<Timestamp, V>>;
  using Windows = StoreRange<std::pair<Windowed<K>, V>>;
  using FlushListener = std::function<void(const Windowed<K>&, const Change<V>&, const RecordContext&, Timestamp)>;

  static StoreSpec spec(std::string name, Options options) {
    StoreSpec spec = internal::window_spec(std::move(name), options);
    spec.make = [key = options.key, value = options.value](StoreHost& host) {
      return std::make_unique<WindowStore>(host, key, value);
    };
    return spec;
  }

  WindowStore(StoreHost& host, Serde<K> key, Serde<V> value)
      : windows_(host), key_(std::move(key)), value_(std::move(value)) {}

  void put(const K& key, const V& value, Timestamp start) {
    value_bytes_.clear();
    const bool is_value = value_.encode(value, value_bytes_);
    windows_.put(encoded(key), start, is_value ? NullableView(value_bytes_) : NullableView());
  }
  void put(const K& key, std::nullopt_t, Timestamp start) { windows_.put(encoded(key), start, std::nullopt); }
  template <class Optional>
  requires std::is_same_v<Optional, std::optional<V>>
  void put(const K& key, const Optional& value, Timestamp start) {
    value ? put(key, *value, start) : put(key, std::nullopt, start);
  }

  std::optional<V> fetch(const K& key, Timestamp start) const {
    if (!windows_.fetch(encoded(key), start, value_bytes_)) return std::nullopt;
    return value_.decode(value_bytes_);
  }

  Starts fetch(const K& key, Timestamp from, Timestamp to) const { return starts(key, {.from = from, .to = to}); }
  Starts backward_fetch(const K& key, Timestamp from, Timestamp to) const {
    return starts(key, {.from = from, .to = to, .direction = Direction::kBackward});
  }

  // nullopt is no bound.
  Windows fetch(const std::optional<K>& key_from, const std::optional<K>& key_to, Timestamp from, Timestamp to) const {
    return windows(between(key_from, key_to, {.from = from, .to = to}));
  }
  Windows backward_fetch(const std::optional<K>& key_from, const std::optional<K>& key_to, Timestamp from,
                         Timestamp to) const {
    return windows(between(key_from, key_to, {.from = from, .to = to, .direction = Direction::kBackward}));
  }

  Windows fetch_all(Timestamp from, Timestamp to) const { return windows({.from = from, .to = to}); }
  Windows backward_fetch_all(Timestamp from, Timestamp to) const {
    return windows({.from = from, .to = to, .direction = Direction::kBackward});
  }
  Windows all() const { return windows({}); }
  // In the order of time, over all keys and segments: of stores with the option by_time.
  Windows fetch_by_time(Timestamp from, Timestamp to) const { return walked(windows_.fetch_by_time(from, to)); }
  Windows backward_all() const { return windows({.direction = Direction::kBackward}); }

  const StoreSpec& spec() const { return windows_.host().spec(); }

  // Of a cached store: what happens at commit with what the record cache held back. The context is that of the
  // window's last write, and the timestamp its timestamp; `before` is filled after send_old_values(), and for
  // deletions.
  void set_flush_listener(FlushListener listener) {
    host().set_flush_listener([this, listener = std::move(listener)](const HeldBackChange& change) {
      listener(windowed(read_window_key(change.key)), decoded(change), change.record, change.record.timestamp);
    });
  }
  void send_old_values() { host().send_old_values(); }

 protected:
  Change<V> decoded(const HeldBackChange& change) const {
    return {.before = internal::decode_nullable(value_, change.before),
            .after = internal::decode_nullable(value_, change.after)};
  }
  Windowed<K> windowed(const WindowKey& window) const {
    return {key_.decode(window.key),
            {.start = window.start, .end = internal::end_of_window(window.start, spec().window_size)}};
  }
  StoreHost& host() { return windows_.host(); }

 private:
  const Bytes& encoded(const K& key) const {
    key_bytes_.clear();
    if (!key_.encode(key, key_bytes_)) throw std::invalid_argument("store " + spec().name + ": a key cannot be null");
    return key_bytes_;
  }

  WindowQuery between(const std::optional<K>& key_from, const std::optional<K>& key_to, WindowQuery query) const {
    if (key_from) query.key_from = encoded(*key_from);
    if (key_to) query.key_to = encoded(*key_to);
    return query;
  }

  Starts starts(const K& key, WindowQuery query) const {
    query.key_from = query.key_to = encoded(key);
    return Starts(windows_.fetch(query), [this](BytesView window, BytesView value) {
      return std::pair<Timestamp, V>(read_window_key(window).start, value_.decode(value));
    });
  }

  Windows windows(const WindowQuery& query) const { return walked(windows_.fetch(query)); }
  Windows walked(std::unique_ptr<ByteIterator> bytes) const {
    return Windows(std::move(bytes), [this](BytesView window, BytesView value) {
      return std::pair<Windowed<K>, V>(windowed(read_window_key(window)), value_.decode(value));
    });
  }

  WindowBytes windows_;
  const Serde<K> key_;
  const Serde<V> value_;
  mutable Bytes key_bytes_ = {};
  mutable Bytes value_bytes_ = {};
};

}  // namespace levada
