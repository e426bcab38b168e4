// Keeps one value per key, folded from the rows of a grouped table: old rows are subtracted, then new ones added.
#pragma once

#include <algorithm>
#include <optional>
#include <utility>

#include <levada/core/change.h>
#include <levada/core/processor.h>
#include <levada/dsl/graph/table_step.h>
#include <levada/dsl/operators/table_changes.h>
#include <levada/state/timestamped_key_value_store.h>

namespace levada::internal {

// Both folds: std::optional<A>(std::optional<A> before, const K&, const V&); nullopt removes the row. The subtractor is
// called only if there is something to subtract from.
template <class K, class V, class A, class Add, class Subtract>
class AggregateChanges final : public Processor<K, Change<V>, K, Change<A>> {
 public:
  using Store = TimestampedKeyValueStore<K, A>;

  AggregateChanges(OperatorContext& context, const TableFacts& facts, Add add, Subtract subtract)
      : store_(context.store(StoreRef<Store>{facts.store})),
        add_(std::move(add)),
        subtract_(std::move(subtract)),
        sends_old_values_(facts.sends_old_values),
        caching_(is_cached(store_)) {
    if (!caching_) return;
    forward_when_flushed<K, A>(context, store_, facts, [this](const auto& record) { this->emit(record); });
  }

  void process(const Record<K, Change<V>>& record) override {
    const K& key = record.key;
    auto row = store_.get(key);
    const Timestamp timestamp = row ? std::max(row->timestamp, record.timestamp) : record.timestamp;
    std::optional<A> value = row ? std::optional<A>(std::move(row->value)) : std::nullopt;
    Change<A> change;
    if (sends_old_values_ && !caching_) change.before = value;
    if (record.value.before && value) value = subtract_(std::move(value), key, *record.value.before);
    if (record.value.after) value = add_(std::move(value), key, *record.value.after);
    row = with_timestamp(std::move(value), timestamp);
    store_.put(key, row);
    if (caching_) return;
    if (row) change.after = std::move(row->value);
    this->emit({key, change, timestamp, record.headers});
  }

 private:
  Store& store_;
  Add add_;
  Subtract subtract_;
  const bool sends_old_values_;
  const bool caching_;
};

}  // namespace levada::internal
