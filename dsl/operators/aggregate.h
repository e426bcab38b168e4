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

  Aggregate(OperatorContext& context, const TableFacts& facts, Fold fold)
      : context_(context),
        store_(context.store(StoreRef<Store>{facts.store})),
        fold_(std::move(fold)),
        sends_old_values_(facts.sends_old_values),
        caching_(is_cached(store_)) {
    if (!caching_) return;
    forward_when_flushed<Key, A>(context, store_, facts, [this](const auto& record) { this->emit(record); });
  }

  void process(const Record<K, V>& record) override {
    if (is_null(record.key)) return context_.drop(DropReason::kNullKey);
    if (is_null(record.value)) return context_.drop(DropReason::kNullValue);
    const Key& key = unwrap(record.key);
    auto row = store_.get(key);
    const Timestamp timestamp = row ? std::max(row->timestamp, record.timestamp) : record.timestamp;
    std::optional<A> before = row ? std::optional<A>(std::move(row->value)) : std::nullopt;
    Change<A> change;
    if (sends_old_values_ && !caching_) change.before = before ? before : row_before_the_first<A>(fold_);
    row = with_timestamp(fold_(std::move(before), key, unwrap(record.value)), timestamp);
    store_.put(key, row);
    if (caching_) return;
    if (row) change.after = std::move(row->value);
    this->emit({key, change, timestamp, record.headers});
  }

 private:
  OperatorContext& context_;
  Store& store_;
  Fold fold_;
  const bool sends_old_values_;
  const bool caching_;
};

}  // namespace levada::internal
