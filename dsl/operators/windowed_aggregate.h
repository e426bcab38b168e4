// Keeps one value per key and window of time, folded from all records of the key in the window.
#pragma once

#include <algorithm>
#include <optional>
#include <utility>

#include <levada/core/processor.h>
#include <levada/core/windowed.h>
#include <levada/dsl/callback.h>
#include <levada/dsl/operators/table_changes.h>
#include <levada/dsl/partial.h>
#include <levada/dsl/time_windows.h>
#include <levada/state/timestamped_window_store.h>

namespace levada::internal {

// Fold: std::optional<A>(std::optional<A> before, const Unwrapped<K>&, const V&); nullopt removes the row.
template <class K, class V, class A, class Fold>
class WindowedAggregate final : public Processor<K, V, Windowed<Unwrapped<K>>, Change<A>> {
 public:
  using Key = Unwrapped<K>;
  using Store = TimestampedWindowStore<Key, A>;

  WindowedAggregate(OperatorContext& context, const TableFacts& facts, const TimeWindows& windows, Fold fold)
      : context_(context),
        store_(context.store(StoreRef<Store>{facts.store})),
        windows_(windows),
        fold_(std::move(fold)),
        sends_old_values_(facts.sends_old_values),
        caching_(is_cached(store_)) {
    if (!caching_) return;
    forward_when_flushed<Windowed<Key>, A>(context, store_, facts, [this](const auto& record) { this->emit(record); });
  }

  void process(const Record<K, V>& record) override {
    if (is_null(record.key)) return context_.drop(DropReason::kNullKey);
    stream_time_ = std::max(stream_time_, record.timestamp);
    const Timestamp now = time_for(record.value);
    windows_.for_each_window(record.timestamp, [this, &record, now](const Window& window) {
      if (window.end <= now - windows_.grace()) return context_.drop(DropReason::kLate);
      update(window, record);
    });
  }

 private:
  // The stream time that decides whether a record is late. Partial aggregates of several partitions cover the same
  // time, one behind the other, so that of each is the one before the combiner's batch, if that is less.
  Timestamp time_for(const V& value) {
    if constexpr (is_partial_v<V>) {
      before_batches_ = std::max(before_batches_, value.stream_time);
      return std::min(stream_time_, before_batches_);
    } else {
      return stream_time_;
    }
  }

  void update(const Window& window, const Record<K, V>& record) {
    const Key& key = unwrap(record.key);
    auto row = store_.fetch(key, window.start);
    const Timestamp timestamp = row ? std::max(row->timestamp, record.timestamp) : record.timestamp;
    std::optional<A> before = row ? std::optional<A>(std::move(row->value)) : std::nullopt;
    Change<A> change;
    if (sends_old_values_ && !caching_) change.before = before ? before : row_before_the_first<A>(fold_);
    row = with_timestamp(fold_(std::move(before), key, record.value), timestamp);
    store_.put(key, row, window.start);
    if (caching_) return;
    if (row) change.after = std::move(row->value);
    this->emit({Windowed<Key>{key, window}, change, timestamp, record.headers});
  }

  OperatorContext& context_;
  Store& store_;
  const TimeWindows windows_;
  Fold fold_;
  const bool sends_old_values_;
  const bool caching_;
  Timestamp stream_time_ = kNoTimestamp;     // the highest timestamp this operator has seen, late records included
  Timestamp before_batches_ = kNoTimestamp;  // the same of combiners, before the batches that have come from them
};

}  // namespace levada::internal
