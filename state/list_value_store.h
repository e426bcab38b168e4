// Several values by key, in the order they were put. A key's values are one list, in the store and on the changelog.
//
//   auto waiting = builder.add_store<ListValueStore<std::string, Order>>("waiting");
//   store.put("a", order);                              // behind the others of the key
//   std::vector<Order> orders = store.get("a");
//   store.put("a", std::nullopt);                       // forgets all of them
//   for (const auto& [key, order] : store.all()) …      // one by one, in the order of the keys' bytes
//
// Never cached. Belongs to its task; used on the task's thread. Throws as KeyValueStore does, and
// std::invalid_argument for a value that its serde makes null.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <levada/core/serde.h>
#include <levada/state/list_value_bytes.h>
#include <levada/state/store_range.h>

namespace levada {

template <class K, class V>
struct ListValueStoreOptions {
  Serde<K> key = {};
  Serde<V> value = {};
  StoreEngine engine = StoreEngine::kRocksDb;
  bool logging = true;
  std::map<std::string, std::string> topic_config = {};
};

template <class K, class V>
class ListValueStore final : public StateStore {
  static_assert(!is_optional_v<K> && !is_optional_v<V>,
                "ListValueStore<K, V>: no optionals here; put(key, std::nullopt) forgets the values of a key");
  static_assert(!std::is_reference_v<K> && !std::is_reference_v<V> && !std::is_same_v<K, BytesView> &&
                    !std::is_same_v<V, BytesView>,
                "ListValueStore<K, V>: a store outlives the record; keep std::string, not a view");

 public:
  using Key = K;
  using Value = V;
  using Options = ListValueStoreOptions<K, V>;
  using Range = StoreRange<std::pair<K, V>>;

  static StoreSpec spec(std::string name, Options options = {}) {
    return {.name = std::move(name),
            .engine = options.engine,
            .logging = options.logging,
            .topic_config = options.topic_config,
            .make = [key = options.key, value = options.value](StoreHost& host) {
              return std::make_unique<ListValueStore>(host, key, value);
            }};
  }

  ListValueStore(StoreHost& host, Serde<K> key, Serde<V> value)
      : lists_(host), key_(std::move(key)), value_(std::move(value)) {}

  void put(const K& key, const V& value) {
    value_bytes_.clear();
    if (!value_.encode(value, value_bytes_)) {
      throw std::invalid_argument("store " + spec().name + ": a value in a list cannot be null");
    }
    lists_.add(encoded(key), value_bytes_);
  }
  void put(const K& key, std::nullopt_t) { lists_.remove(encoded(key)); }

  std::vector<V> get(const K& key) const {
    std::vector<V> values;
    for (const BytesView value : lists_.get(encoded(key))) values.push_back(value_.decode(value));
    return values;
  }

  Range all() const {
    return Range(lists_.all(), [this](BytesView key, BytesView value) {
      return std::pair<K, V>(key_.decode(key), value_.decode(value));
    });
  }

  // Of keys.
  std::size_t approximate_num_entries() const { return lists_.host().approximate_num_entries(); }

  const StoreSpec& spec() const { return lists_.host().spec(); }

 private:
  const Bytes& encoded(const K& key) const {
    key_bytes_.clear();
    if (!key_.encode(key, key_bytes_)) throw std::invalid_argument("store " + spec().name + ": a key cannot be null");
    return key_bytes_;
  }

  ListValueBytes lists_;
  const Serde<K> key_;
  const Serde<V> value_;
  mutable Bytes key_bytes_ = {};
  Bytes value_bytes_ = {};
};

}  // namespace levada
