// What aggregations over windows of time have in common, whichever windows a record belongs to: one row per key and
// window, and how it goes on.
#pragma once

#include <algorithm>
#include <optional>
#include <utility>

#include <levada/core/processor.h>
#include <levada/core/windowed.h>
#include <levada/dsl/callback.h>
#include <levada/dsl/emit_strategy.h>
#include <levada/dsl/operators/closed_windows.h>
#include <levada/dsl/operators/table_changes.h>
#include <levada/state/timestamped_window_store.h>

namespace levada::internal {

// Fold: std::optional<A>(std::optional<A> before, const Unwrapped<K>&, const Value&); nullopt removes the row.
template <class K, class V, class A, class Fold>
class WindowAggregation : public Processor<K, V, Windowed<Unwrapped<K>>, Change<A>> {
 public:
  using Key = Unwrapped<K>;
  using Store = TimestampedWindowStore<Key, A>;
  using Row = ValueAndTimestamp<A>;

 protected:
  WindowAggregation(OperatorContext& context, const WindowFacts& facts, Fold fold)
      : context_(context),
        store_(context.store(StoreRef<Store>{facts.table.store})),
        fold_(std::move(fold)),
        closed_(context, facts.table.store, facts.strategy),
        sends_old_values_(facts.table.sends_old_values),
        at_once_(goes_on_at_once<Windowed<Key>, A>(context, store_, facts,
                                                   [this](const auto& record) { this->emit(record); })) {}

  OperatorContext& context() { return context_; }
  Store& store() { return store_; }

  // Folds the record's value into what the window has so far.
  template <class Value>
  void update(const Window& window, std::optional<Row> row, const Record<K, V>& record, const Value& value) {
    const Timestamp timestamp = row ? std::max(row->timestamp, record.timestamp) : record.timestamp;
    std::optional<A> before = row ? std::optional<A>(std::move(row->value)) : std::nullopt;
    Change<A> change;
    if (sends_old_values_ && at_once_) change.before = before ? before : row_before_the_first<A>(fold_);
    row = with_timestamp(fold_(std::move(before), unwrap(record.key), value), timestamp);
    put(window, std::move(row), timestamp, record, std::move(change));
  }

  void put(const Window& window, std::optional<Row> row, Timestamp timestamp, const Record<K, V>& record,
           Change<A> change = {}) {
    const Key& key = unwrap(record.key);
    store_.put(key, row, window.start);
    if (!at_once_) return;
    if (row) change.after = std::move(row->value);
    this->emit({Windowed<Key>{key, window}, change, timestamp, record.headers});
  }

  // The windows that start between the two times go on, the earliest first, if results wait for the close.
  ClosedWindows& closed() { return closed_; }
  void emit_closed(Timestamp closed_at, Timestamp from, Timestamp to, const Headers& headers) {
    for (const auto& [window, row] : store_.fetch_by_time(from, to)) {
      this->emit({window, Change<A>{.after = row.value}, row.timestamp, headers});
    }
    closed_.set_emitted(closed_at);
  }

 private:
  OperatorContext& context_;
  Store& store_;
  Fold fold_;
  ClosedWindows closed_;
  const bool sends_old_values_;
  const bool at_once_;
};

}  // namespace levada::internal
