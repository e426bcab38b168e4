// Values by key and time: each version of a key is valid from its timestamp until the next one begins, and the latest
// for good. Puts may come in any order.
//
//   StoreSpec spec = VersionedKeyValueStore<std::string, double>::spec("prices", {.history_retention = 1h});
//   store.put("a", 1.5, noon);
//   std::optional<VersionedRecord<double>> now = store.get("a");
//   std::optional<VersionedRecord<double>> then = store.get("a", noon + 5min);
//
// How far back one can ask, and put, is the history: what is older than the latest timestamp seen minus
// `history_retention` is refused and counted as dropped, and only the latest version of a key outlives it. Never
// cached. Belongs to its task; used on the task's thread. Throws SerdeError for bytes that are no K or V, StoreError
// when the disk fails.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

#include <levada/core/serde.h>
#include <levada/state/versioned_bytes.h>

namespace levada {

template <class V>
struct VersionedRecord {
  V value;
  Timestamp timestamp = kNoTimestamp;                // since when it is valid
  std::optional<Timestamp> valid_to = std::nullopt;  // unset: it is the latest

  friend bool operator==(const VersionedRecord&, const VersionedRecord&) = default;
};

template <class K, class V>
struct VersionedKeyValueStoreOptions {
  Duration history_retention = {};
  Duration segment_interval = {};  // 0: what Kafka Streams takes, a third to a 24th of the history
  Serde<K> key = {};
  Serde<V> value = {};
  StoreEngine engine = StoreEngine::kRocksDb;
  bool logging = true;
  std::map<std::string, std::string> topic_config = {};
};

// What Kafka Streams takes.
Duration default_version_segment_interval(Duration history_retention);

template <class K, class V>
class VersionedKeyValueStore final : public StateStore {
  static_assert(!is_optional_v<K> && !is_optional_v<V>,
                "VersionedKeyValueStore<K, V>: no optionals here; put(key, std::nullopt, timestamp) puts a deletion");
  static_assert(!std::is_reference_v<K> && !std::is_reference_v<V> && !std::is_same_v<K, BytesView> &&
                    !std::is_same_v<V, BytesView>,
                "VersionedKeyValueStore<K, V>: a store outlives the record; keep std::string, not a view");

 public:
  using Key = K;
  using Value = V;
  using Options = VersionedKeyValueStoreOptions<K, V>;

  static StoreSpec spec(std::string name, Options options) {
    const bool is_given = options.segment_interval > Duration(0);
    return {.name = std::move(name),
            .shape = StoreShape::kVersioned,
            .engine = options.engine,
            .logging = options.logging,
            .topic_config = options.topic_config,
            .retention = options.history_retention,
            .segment_interval =
                is_given ? options.segment_interval : default_version_segment_interval(options.history_retention),
            .make = [key = options.key, value = options.value](StoreHost& host) {
              return std::make_unique<VersionedKeyValueStore>(host, key, value);
            }};
  }

  VersionedKeyValueStore(StoreHost& host, Serde<K> key, Serde<V> value)
      : host_(host), versions_(host), key_(std::move(key)), value_(std::move(value)) {}

  VersionedPut put(const K& key, const V& value, Timestamp timestamp) {
    value_bytes_.clear();
    const bool is_value = value_.encode(value, value_bytes_);
    return versions_.put(encoded(key), is_value ? NullableView(value_bytes_) : NullableView(), timestamp);
  }
  VersionedPut put(const K& key, std::nullopt_t, Timestamp timestamp) {
    return versions_.put(encoded(key), std::nullopt, timestamp);
  }
  template <class Optional>
  requires std::is_same_v<Optional, std::optional<V>> VersionedPut put(const K& key, const Optional& value,
                                                                       Timestamp timestamp) {
    return value ? put(key, *value, timestamp) : put(key, std::nullopt, timestamp);
  }

  std::optional<VersionedRecord<V>> get(const K& key) const {
    if (!versions_.get(encoded(key), found_)) return std::nullopt;
    return record();
  }
  std::optional<VersionedRecord<V>> get(const K& key, Timestamp as_of) const {
    if (!versions_.get(encoded(key), as_of, found_)) return std::nullopt;
    return record();
  }

  // From that time on there is none, until the next version begins. Returns what was valid then.
  std::optional<VersionedRecord<V>> erase(const K& key, Timestamp timestamp) {
    auto was = versions_.is_expired(timestamp) ? std::nullopt : get(key, timestamp);
    put(key, std::nullopt, timestamp);
    return was;
  }

  const StoreSpec& spec() const { return host_.spec(); }

 private:
  const Bytes& encoded(const K& key) const {
    key_bytes_.clear();
    if (!key_.encode(key, key_bytes_)) throw std::invalid_argument("store " + spec().name + ": a key cannot be null");
    return key_bytes_;
  }
  VersionedRecord<V> record() const { return {value_.decode(found_.value), found_.valid_from, found_.valid_to}; }

  StoreHost& host_;
  VersionedBytes versions_;
  const Serde<K> key_;
  const Serde<V> value_;
  mutable Bytes key_bytes_ = {};
  mutable Bytes value_bytes_ = {};
  mutable VersionBytes found_ = {};
};

}  // namespace levada
