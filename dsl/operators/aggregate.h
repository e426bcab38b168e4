// Keeps one value per key, folded from all records of the key.
#pragma once

#include <algorithm>
#include <optional>
#include <utility>

#include <levada/core/processor.h>
#include <levada/dsl/callback.h>
#include <levada/dsl/operators/table_changes.h>
#include <levada/state/timestamped_key_value_store.h>

namespace levada::internal {

// Fold: std::optional<A>(std::optional<A> before, const Unwrapped<K>&, const Unwrapped<V>&); nullopt removes the row.
template <class K, class V, class A, class Fold>
class Aggregate final : public Processor<K, V, Unwrapped<K>, Change<A>> {
 public:
  using Key = Unwrapped<K>;
  using Store = TimestampedKeyValueStore<Key, A>;

  Aggregate(OperatorContext& context, const StoreRef<Store>& store, Fold fold)
      : context_(context), store_(context.store(store)), fold_(std::move(fold)), caching_(is_cached(store_)) {
    if (!caching_) return;
    forward_when_flushed<Key, A>(context, store_, [this](const auto& record) { this->emit(record); });
  }

  void process(const Record<K, V>& record) override {
    if (is_null(record.key)) return context_.drop(DropReason::kNullKey);
    if (is_null(record.value)) return context_.drop(DropReason::kNullValue);
    const Key& key = unwrap(record.key);
    auto row = store_.get(key);
    const Timestamp timestamp = row ? std::max(row->timestamp, record.timestamp) : record.timestamp;
    std::optional<A> before = row ? std::optional<A>(std::move(row->value)) : std::nullopt;
    row = with_timestamp(fold_(std::move(before), key, unwrap(record.value)), timestamp);
    store_.put(key, row);
    if (!caching_) this->emit({key, change_to(std::move(row)), timestamp, record.headers});
  }

 private:
  OperatorContext& context_;
  Store& store_;
  Fold fold_;
  const bool caching_;
};

}  // namespace levada::internal
