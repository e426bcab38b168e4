// Keeps one value per key and window of time, folded from all records of the key in the window.
#pragma once

#include <algorithm>
#include <utility>

#include <levada/core/observed_time.h>
#include <levada/dsl/operators/window_aggregation.h>
#include <levada/dsl/partial.h>

namespace levada::internal {

// W: TimeWindows or UnlimitedWindows. Fold: see WindowAggregation; of V.
template <class K, class V, class A, class W, class Fold>
class WindowedAggregate final : public WindowAggregation<K, V, A, Fold> {
  using Base = WindowAggregation<K, V, A, Fold>;

 public:
  WindowedAggregate(OperatorContext& context, const WindowFacts& facts, const W& windows, Fold fold)
      : Base(context, facts, std::move(fold)), windows_(windows), time_(context.time_limit()) {}

  void process(const Record<K, V>& record) override {
    if (is_null(record.key)) return this->context().drop(DropReason::kNullKey);
    time_.observe(record.timestamp);
    if constexpr (is_partial_v<V>) before_batches_ = std::max(before_batches_, record.value.stream_time);
    const Timestamp closed_at = now() - windows_.grace();
    windows_.for_each_window(record.timestamp, [this, &record, closed_at](const Window& window) {
      if (window.end <= closed_at) return this->context().drop(DropReason::kLate);
      this->update(window, this->store().fetch(unwrap(record.key), window.start), record, record.value);
    });
    if (this->closed().are_due(closed_at)) emit_closed_at(closed_at, record.headers);
  }

 private:
  bool on_time_passed(Timestamp time) override {
    time_.observe(time);
    before_batches_ = std::max(before_batches_, time);
    const Timestamp closed_at = now() - windows_.grace();
    if (!this->closed().are_due(closed_at)) return false;
    emit_closed_at(closed_at, no_headers());
    return true;
  }

  // The stream time that decides whether a record is late. Partial aggregates of several partitions cover the same
  // time, one behind the other, so that of each is the one before the combiner's batch, if that is less.
  Timestamp now() const {
    if constexpr (is_partial_v<V>) {
      return std::min(time_.now(), before_batches_);
    } else {
      return time_.now();
    }
  }

  void emit_closed_at(Timestamp closed_at, const Headers& headers) {
    const Timestamp to = closed_at - windows_.size();
    if (to < Timestamp{}) return;
    const Timestamp last = this->closed().last();
    const Timestamp from = last == kNoTimestamp ? Timestamp{} : last - windows_.size() + Duration(1);
    this->emit_closed(closed_at, from, to, headers);
  }

  const W windows_;
  ObservedTime time_;                        // of late records, too
  Timestamp before_batches_ = kNoTimestamp;  // that of combiners, before the batches that have come from them
};

}  // namespace levada::internal
