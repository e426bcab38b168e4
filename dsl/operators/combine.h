// Folds the records of a key into a partial aggregate, which goes on at the next commit. What it holds since the last
// one is all it knows: aggregates of a longer time are kept behind the repartition topic that it feeds.
#pragma once

#include <algorithm>
#include <optional>
#include <utility>

#include <levada/core/processor.h>
#include <levada/dsl/callback.h>
#include <levada/dsl/operators/table_changes.h>
#include <levada/state/timestamped_key_value_store.h>

namespace levada::internal {

// Fold: std::optional<A>(std::optional<A> before, const Unwrapped<K>&, const Unwrapped<V>&).
template <class K, class V, class A, class Fold>
class Combine final : public Processor<K, V, K, A> {
 public:
  using Key = Unwrapped<K>;
  using Store = TimestampedKeyValueStore<Key, A>;

  Combine(OperatorContext& context, const StoreRef<Store>& store, Fold fold)
      : context_(context), store_(context.store(store)), fold_(std::move(fold)), caching_(is_cached(store_)) {
    if (!caching_) return;
    forward_when_flushed<Key, A>(context, store_, {}, [this](const Record<Key, Change<A>>& change) {
      if (change.value.after) send(change.key, *change.value.after, change.timestamp);
    });
  }

  void process(const Record<K, V>& record) override {
    if (is_null(record.key)) return context_.drop(DropReason::kNullKey);
    if (is_null(record.value)) return context_.drop(DropReason::kNullValue);
    const Key& key = unwrap(record.key);
    if (caching_) return add(key, record);
    const std::optional<A> alone = fold_(std::nullopt, key, unwrap(record.value));
    if (alone) send(key, *alone, record.timestamp);
  }

 private:
  void add(const Key& key, const Record<K, V>& record) {
    auto row = store_.get(key);
    const Timestamp timestamp = row ? std::max(row->timestamp, record.timestamp) : record.timestamp;
    std::optional<A> before = row ? std::optional<A>(std::move(row->value)) : std::nullopt;
    store_.put(key, with_timestamp(fold_(std::move(before), key, unwrap(record.value)), timestamp));
  }

  void send(const K& key, const A& value, Timestamp timestamp) { this->emit({key, value, timestamp}); }

  OperatorContext& context_;
  Store& store_;
  Fold fold_;
  const bool caching_;
};

}  // namespace levada::internal
