// Keeps one value per key and sliding window. A record changes the windows that it lies in, and makes up to three: the
// one that ends with it, the one that begins behind it if later records are there already, and the one that begins
// behind the record before it, unless that is there.
//
//   ──a────b──────────c──►        a's window      [     a]
//                                 b's             [ a    b]      and behind a:  (a     b]
//                                 c's               [ b          c]             (b         c]
//
// The store's timestamp of a window is that of its last record, which is how the neighbours of a record are found: by
// walking back over the windows that start before it.
#pragma once

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include <levada/core/observed_time.h>
#include <levada/dsl/operators/window_aggregation.h>
#include <levada/dsl/sliding_windows.h>

namespace levada::internal {

// Fold: see WindowAggregation; of Unwrapped<V>.
template <class K, class V, class A, class Fold>
class SlidingAggregate final : public WindowAggregation<K, V, A, Fold> {
  using Base = WindowAggregation<K, V, A, Fold>;
  using Row = typename Base::Row;

 public:
  SlidingAggregate(OperatorContext& context, const WindowFacts& facts, const SlidingWindows& windows, Fold fold)
      : Base(context, facts, std::move(fold)), windows_(windows), time_(context.time_limit()) {}

  void process(const Record<K, V>& record) override {
    if (is_null(record.key)) return this->context().drop(DropReason::kNullKey);
    if (is_null(record.value)) return this->context().drop(DropReason::kNullValue);
    time_.observe(record.timestamp);
    closed_at_ = time_.now() - windows_.grace();
    if (record.timestamp + windows_.time_difference() < closed_at_) return this->context().drop(DropReason::kLate);
    around_ = {};
    starts_.clear();
    if (record.timestamp < Timestamp(windows_.time_difference())) return process_early(record);
    process_usual(record);
    if (this->closed().are_due(closed_at_)) emit_closed_windows(record.headers);
  }

 private:
  bool on_time_passed(Timestamp time) override {
    time_.observe(time);
    closed_at_ = time_.now() - windows_.grace();
    if (!this->closed().are_due(closed_at_)) return false;
    emit_closed_windows(no_headers());
    return true;
  }

  // What the windows around a record tell.
  struct Around {
    std::optional<Row> before = std::nullopt;          // of the latest window that ends before the record
    std::optional<Row> behind = std::nullopt;          // of the latest window that contains records behind it
    std::optional<Timestamp> previous = std::nullopt;  // when the record before it was
    bool has_own = false;                              // the window that ends with the record is there
    bool has_next = false;                             // the window that begins behind it is there
  };

  void process_usual(const Record<K, V>& record) {
    if (!update_windows_around(record)) return;
    add_window_behind_previous(record);
    if (!around_.has_own) add_own_window(record);
    add_window_behind(record);
  }

  // False if there was a record of the same time before: then all windows there can be are there.
  bool update_windows_around(const Record<K, V>& record) {
    const Timestamp time = record.timestamp;
    const Timestamp from = std::max(Timestamp{}, time - 2 * windows_.time_difference());
    for (const auto& [start, row] : this->store().backward_fetch(unwrap(record.key), from, time + Duration(1))) {
      starts_.push_back(start);
      const Window window = windows_.starting_at(start);
      if (start > time) {
        around_.has_next = true;
      } else if (window.end < time) {
        around_.before = row;
        around_.previous = row.timestamp;
        return true;
      } else if (window.end > time) {
        if (!around_.behind) around_.behind = row;
        change(window, row, record);
      } else {
        around_.has_own = true;
        change(window, row, record);
        if (row.timestamp >= time) return false;
        around_.previous = row.timestamp;
      }
    }
    return true;
  }

  void add_window_behind_previous(const Record<K, V>& record) {
    if (!around_.previous) return;
    const Window window = windows_.starting_at(*around_.previous + Duration(1));
    if (!is_there(window) && window.end >= record.timestamp) change(window, std::nullopt, record);
  }

  void add_own_window(const Record<K, V>& record) {
    const Window window = windows_.ending_at(record.timestamp);
    const bool has_previous = around_.previous && *around_.previous >= window.start;
    if (!has_previous || !around_.before) return change(window, std::nullopt, record);
    change(window, Row{.value = std::move(around_.before->value), .timestamp = record.timestamp}, record);
  }

  // It holds what is behind the record, which is there already, without the record.
  void add_window_behind(const Record<K, V>& record) {
    if (around_.has_next || !around_.behind || around_.behind->timestamp <= record.timestamp) return;
    const Timestamp timestamp = around_.behind->timestamp;
    this->put(windows_.starting_at(record.timestamp + Duration(1)), std::move(around_.behind), timestamp, record);
  }

  // A record whose own window would start before 1970: it belongs to the first one there is.
  void process_early(const Record<K, V>& record) {
    std::optional<Row> first;
    for (const auto& [start, row] :
         this->store().fetch(unwrap(record.key), Timestamp{}, record.timestamp + Duration(1))) {
      starts_.push_back(start);
      if (start == Timestamp{}) {
        first = row;
        if (row.timestamp < record.timestamp) around_.previous = row.timestamp;
      } else if (start <= record.timestamp) {
        around_.behind = row;
        change(windows_.starting_at(start), row, record);
      } else {
        around_.has_next = true;
      }
    }
    if (!around_.behind && first && first->timestamp > record.timestamp) around_.behind = first;
    add_window_behind(record);
    if (around_.previous) {
      const Window window = windows_.starting_at(*around_.previous + Duration(1));
      if (!is_there(window)) change(window, std::nullopt, record);
    }
    change(windows_.starting_at(Timestamp{}), std::move(first), record);
  }

  bool is_there(const Window& window) const {
    return std::find(starts_.begin(), starts_.end(), window.start) != starts_.end();
  }

  void change(const Window& window, std::optional<Row> row, const Record<K, V>& record) {
    if (window.end < closed_at_) return this->context().drop(DropReason::kLate);
    this->update(window, std::move(row), record, unwrap(record.value));
  }

  void emit_closed_windows(const Headers& headers) {
    const Timestamp to = closed_at_ - windows_.time_difference() - Duration(1);
    if (to < Timestamp{}) return;
    const Timestamp last = this->closed().last();
    const Timestamp from = last == kNoTimestamp ? Timestamp{} : last - windows_.time_difference();
    this->emit_closed(closed_at_, from, to, headers);
  }

  const SlidingWindows windows_;
  ObservedTime time_;                   // of late records, too
  Timestamp closed_at_ = kNoTimestamp;  // of the record that is being processed, as the rest
  Around around_ = {};
  std::vector<Timestamp> starts_ = {};  // of the windows that were looked at; its memory is used again
};

}  // namespace levada::internal
