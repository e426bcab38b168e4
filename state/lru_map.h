// The values of the keys that were used last, in memory: a cache whose contents survive a restart. What is read or
// written counts as used; when there are too many keys, the one that was not for the longest time is removed, from the
// changelog as well.
//
//   auto prices = builder.add_store<LruMap<std::string, double>>("prices", {.max_entries = 10'000});
//   std::optional<double> price = context.store(prices).get("apple");
//
// After a restart, nothing is known of when keys were used. Belongs to its task; used on the task's thread. Throws as
// KeyValueStore does.
#pragma once

#include <cstddef>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <absl/container/flat_hash_map.h>

#include <levada/state/key_value_store.h>

namespace levada {

template <class K, class V>
struct LruMapOptions {
  std::size_t max_entries = 1000;
  Serde<K> key = {};
  Serde<V> value = {};
  bool caching = false;
  bool logging = true;
  std::map<std::string, std::string> topic_config = {};
};

template <class K, class V>
class LruMap final : public StateStore {
 public:
  using Key = K;
  using Value = V;
  using Options = LruMapOptions<K, V>;
  using Range = typename KeyValueStore<K, V>::Range;

  static StoreSpec spec(std::string name, Options options = {}) {
    StoreSpec spec = internal::key_value_spec<K, V>(std::move(name), {.engine = StoreEngine::kInMemory,
                                                                      .caching = options.caching,
                                                                      .logging = options.logging,
                                                                      .topic_config = options.topic_config});
    spec.make = [options](StoreHost& host) { return std::make_unique<LruMap>(host, options); };
    return spec;
  }

  LruMap(StoreHost& host, const Options& options)
      : entries_(host, options.key, options.value), key_(options.key), max_entries_(options.max_entries) {}

  std::optional<V> get(const K& key) {
    std::optional<V> value = entries_.get(key);
    if (value) use(key);
    return value;
  }

  void put(const K& key, const V& value) {
    entries_.put(key, value);
    use(key);
    while (places_.size() > max_entries_) forget(K(by_use_.front()));
  }
  void put(const K& key, std::nullopt_t) { forget(key); }
  template <class Optional>
  requires std::is_same_v<Optional, std::optional<V>>
  void put(const K& key, const Optional& value) { value ? put(key, *value) : forget(key); }

  std::optional<V> put_if_absent(const K& key, const V& value) {
    std::optional<V> there = get(key);
    if (!there) put(key, value);
    return there;
  }

  template <class Entries>
  void put_all(const Entries& entries) {
    for (const auto& [key, value] : entries) put(key, value);
  }

  // Returns what was there.
  std::optional<V> erase(const K& key) {
    std::optional<V> was = entries_.get(key);
    forget(key);
    return was;
  }

  // Walking uses no key.
  Range all() const { return entries_.all(); }
  Range reverse_all() const { return entries_.reverse_all(); }
  Range range(const std::optional<K>& from, const std::optional<K>& to) const { return entries_.range(from, to); }
  Range reverse_range(const std::optional<K>& from, const std::optional<K>& to) const {
    return entries_.reverse_range(from, to);
  }
  std::size_t approximate_num_entries() const { return entries_.approximate_num_entries(); }

  const StoreSpec& spec() const { return entries_.spec(); }

 private:
  using Place = typename std::list<K>::iterator;

  // What was restored is there before it is used.
  void know_all() {
    if (std::exchange(knows_all_, true)) return;
    for (const auto& [key, value] : entries_.all()) add(key);
  }

  void add(const K& key) {
    by_use_.push_back(key);
    places_[bytes_of(key)] = std::prev(by_use_.end());
  }

  void use(const K& key) {
    know_all();
    const auto found = places_.find(bytes_of(key));
    if (found == places_.end()) return add(key);
    by_use_.splice(by_use_.end(), by_use_, found->second);
  }

  void forget(const K& key) {
    know_all();
    entries_.put(key, std::nullopt);
    const auto found = places_.find(bytes_of(key));
    if (found == places_.end()) return;
    by_use_.erase(found->second);
    places_.erase(found);
  }

  Bytes bytes_of(const K& key) const {
    Bytes bytes;
    key_.encode(key, bytes);
    return bytes;
  }

  KeyValueStore<K, V> entries_;
  const Serde<K> key_;
  const std::size_t max_entries_;
  bool knows_all_ = false;
  std::list<K> by_use_ = {};  // the one that was not used for the longest time first
  absl::flat_hash_map<Bytes, Place> places_ = {};
};

}  // namespace levada
