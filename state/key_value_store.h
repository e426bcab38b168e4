// Values by key.
//
//   StoreSpec spec = KeyValueStore<std::string, std::int64_t>::spec("seen", {.engine = StoreEngine::kInMemory});
//   store.put("a", 1);
//   std::optional<std::int64_t> one = store.get("a");
//   for (const auto& [key, value] : store.range("a", "c")) …     // both ends inclusive, in the order of the keys'
//   bytes
//
// Belongs to its task; used on the task's thread. Throws SerdeError for bytes that are no K or V, StoreError when the
// disk fails. A value that its serde makes null is a deletion.
#pragma once

#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

#include <levada/core/change.h>
#include <levada/core/serde.h>
#include <levada/core/value_and_timestamp.h>
#include <levada/state/store_host.h>
#include <levada/state/store_range.h>

namespace levada {

template <class K, class V>
struct KeyValueStoreOptions {
  Serde<K> key = {};
  Serde<V> value = {};
  StoreEngine engine = StoreEngine::kRocksDb;
  bool caching = false;
  bool logging = true;
  std::map<std::string, std::string> topic_config = {};
  // How long an entry stays: until stream time, the highest timestamp of the task's records, is later by that than the
  // record that put it. 0: for ever.
  Duration ttl = {};
};

namespace internal {

// The parts of a spec that all key-value stores have in common.
template <class K, class V>
StoreSpec key_value_spec(std::string name, const KeyValueStoreOptions<K, V>& options) {
  return {.name = std::move(name),
          .shape = StoreShape::kKeyValue,
          .engine = options.engine,
          .caching = options.caching,
          .logging = options.logging,
          .topic_config = options.topic_config,
          .ttl = options.ttl};
}

// Of a store with a time to live: each value behind the time of the record that puts it. `now` outlives the serde.
template <class V>
Serde<V> dated_serde(Serde<V> inner, const RecordContext& now) {
  return Serde<V>(
      [inner, &now](const V& value, Bytes& out) {
        const std::size_t start = out.size();
        append_value_and_timestamp({.value = {}, .timestamp = now.timestamp}, out);
        const bool is_value = inner.encode(value, out);
        if (!is_value) out.resize(start);
        return is_value;
      },
      [inner](BytesView in) { return inner.decode(read_value_and_timestamp(in).value); });
}

template <class T>
std::optional<T> decode_nullable(const Serde<T>& serde, NullableView bytes) {
  if (!bytes) return std::nullopt;
  return serde.decode(bytes);
}

}  // namespace internal

template <class K, class V>
class KeyValueStore : public StateStore {
  static_assert(!is_optional_v<K> && !is_optional_v<V>,
                "KeyValueStore<K, V>: no optionals here; a key that is not there has no value, and put(key, "
                "std::nullopt) removes it");
  static_assert(!std::is_reference_v<K> && !std::is_reference_v<V> && !std::is_same_v<K, BytesView> &&
                    !std::is_same_v<V, BytesView>,
                "KeyValueStore<K, V>: a store outlives the record; keep std::string, not a view");

 public:
  using Key = K;
  using Value = V;
  using Options = KeyValueStoreOptions<K, V>;
  using Range = StoreRange<std::pair<K, V>>;
  using FlushListener = std::function<void(const K&, const Change<V>&, const RecordContext&, Timestamp)>;

  static StoreSpec spec(std::string name, Options options = {}) {
    StoreSpec spec = internal::key_value_spec(std::move(name), options);
    spec.timestamped = options.ttl > Duration(0);
    spec.make = [key = options.key, value = options.value](StoreHost& host) {
      const bool dated = host.spec().timestamped;
      return std::make_unique<KeyValueStore>(host, key, dated ? internal::dated_serde(value, host.record()) : value);
    };
    return spec;
  }

  KeyValueStore(StoreHost& host, Serde<K> key, Serde<V> value)
      : host_(host), key_(std::move(key)), value_(std::move(value)) {}

  std::optional<V> get(const K& key) const {
    if (!host_.get(encoded(key), value_bytes_)) return std::nullopt;
    return value_.decode(value_bytes_);
  }

  void put(const K& key, const V& value) {
    value_bytes_.clear();
    const bool is_value = value_.encode(value, value_bytes_);
    host_.put(encoded(key), is_value ? NullableView(value_bytes_) : NullableView());
  }
  void put(const K& key, std::nullopt_t) { host_.put(encoded(key), std::nullopt); }
  template <class Optional>
  requires std::is_same_v<Optional, std::optional<V>>
  void put(const K& key, const Optional& value) { value ? put(key, *value) : put(key, std::nullopt); }

  // The value that was there already, or nullopt and `value` is there now.
  std::optional<V> put_if_absent(const K& key, const V& value) {
    std::optional<V> there = get(key);
    if (!there) put(key, value);
    return there;
  }

  template <class Entries>
  void put_all(const Entries& entries) {
    for (const auto& [key, value] : entries) put(key, value);
  }
  void put_all(std::initializer_list<std::pair<K, V>> entries) {
    for (const auto& [key, value] : entries) put(key, value);
  }

  // Returns what was there.
  std::optional<V> erase(const K& key) {
    std::optional<V> was = get(key);
    put(key, std::nullopt);
    return was;
  }

  Range all() const { return walk({}, Direction::kForward); }
  Range reverse_all() const { return walk({}, Direction::kBackward); }
  // Both ends inclusive; nullopt is no bound.
  Range range(const std::optional<K>& from, const std::optional<K>& to) const {
    return walk(bounds(from, to), Direction::kForward);
  }
  Range reverse_range(const std::optional<K>& from, const std::optional<K>& to) const {
    return walk(bounds(from, to), Direction::kBackward);
  }
  // The keys whose bytes begin with the prefix's.
  template <class P>
  Range prefix_scan(const P& prefix, const Serde<P>& serde = {}) const {
    Bytes bytes;
    serde.encode(prefix, bytes);
    return walk({.from = bytes, .to = end_of_prefix(bytes)}, Direction::kForward);
  }

  std::size_t approximate_num_entries() const { return host_.approximate_num_entries(); }

  const StoreSpec& spec() const { return host_.spec(); }

  // Of a cached store: what happens at commit with what the record cache held back. The context is that of the key's
  // last write, and the timestamp its timestamp; `before` is filled after send_old_values(), and for deletions.
  void set_flush_listener(FlushListener listener) {
    host_.set_flush_listener(
        [this, listener = std::move(listener), key = std::optional<K>()](const HeldBackChange& change) mutable {
          key_.decode(change.key, key);
          listener(*key, decoded(change), change.record, change.record.timestamp);
        });
  }
  void send_old_values() { host_.send_old_values(); }
  // Tells the listener now what is held back, instead of at the commit.
  void flush_cache() { host_.flush_cache(); }
  bool is_flushed() const { return host_.is_flushed(); }
  // Asks for that before records of a later time than this are processed.
  void flush_by(Timestamp time) { host_.flush_by(time); }

 protected:
  Change<V> decoded(const HeldBackChange& change) const {
    return {.before = internal::decode_nullable(value_, change.before),
            .after = internal::decode_nullable(value_, change.after)};
  }
  StoreHost& host() { return host_; }
  const Serde<K>& key_serde() const { return key_; }

 private:
  const Bytes& encoded(const K& key) const {
    key_bytes_.clear();
    if (!key_.encode(key, key_bytes_))
      throw std::invalid_argument("store " + host_.spec().name + ": a key cannot be null");
    return key_bytes_;
  }

  ByteRange bounds(const std::optional<K>& from, const std::optional<K>& to) const {
    ByteRange range;
    if (from) range.from = encoded(*from);
    if (to) range.to = successor(encoded(*to));
    return range;
  }

  Range walk(const ByteRange& range, Direction direction) const {
    return Range(host_.range(range, direction), [this](BytesView key, BytesView value) {
      return std::pair<K, V>(key_.decode(key), value_.decode(value));
    });
  }

  StoreHost& host_;
  const Serde<K> key_;
  const Serde<V> value_;
  mutable Bytes key_bytes_ = {};
  mutable Bytes value_bytes_ = {};
};

}  // namespace levada
