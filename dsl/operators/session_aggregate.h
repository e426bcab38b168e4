// Keeps one value per key and session. A record joins the sessions within the gap around it, which become one: their
// aggregates are merged, the record is added, and the old sessions are removed.
#pragma once

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include <levada/core/observed_time.h>
#include <levada/core/processor.h>
#include <levada/core/windowed.h>
#include <levada/dsl/callback.h>
#include <levada/dsl/operators/closed_windows.h>
#include <levada/dsl/operators/table_changes.h>
#include <levada/dsl/session_windows.h>
#include <levada/state/session_store.h>

namespace levada::internal {

// Add: std::optional<A>(std::optional<A> so_far, const Key&, const V&).
// Merge: std::optional<A>(std::optional<A> so_far, const Key&, const A& session). Both begin with nullopt.
template <class Add, class Merge>
struct SessionFold {
  Add add;
  Merge merge;
};

template <class K, class V, class A, class Fold>
class SessionAggregate final : public Processor<K, V, Windowed<Unwrapped<K>>, Change<A>> {
 public:
  using Key = Unwrapped<K>;
  using Store = SessionStore<Key, A>;

  SessionAggregate(OperatorContext& context, const WindowFacts& facts, const SessionWindows& windows, Fold fold)
      : context_(context),
        store_(context.store(StoreRef<Store>{facts.table.store})),
        windows_(windows),
        fold_(std::move(fold)),
        closed_(context, facts.table.store, facts.strategy),
        sends_old_values_(facts.table.sends_old_values),
        at_once_(goes_on_at_once<Windowed<Key>, A>(context, store_, facts,
                                                   [this](const auto& record) { tell_held_back(record); })),
        time_(context.time_limit()) {}

  void process(const Record<K, V>& record) override {
    if (is_null(record.key)) return context_.drop(DropReason::kNullKey);
    time_.observe(record.timestamp);
    const Timestamp closed_at = closing_time();
    add(record, closed_at);
    if (closed_.are_due(closed_at)) emit_closed(closed_at, record.headers);
  }

 private:
  struct Merged {
    Window window;
    std::optional<A> before;  // if somebody wants to know
  };

  bool on_time_passed(Timestamp time) override {
    time_.observe(time);
    const Timestamp closed_at = closing_time();
    if (!closed_.are_due(closed_at)) return false;
    emit_closed(closed_at, no_headers());
    return true;
  }

  Timestamp closing_time() const { return time_.now() - windows_.grace() - windows_.inactivity_gap(); }

  void add(const Record<K, V>& record, Timestamp closed_at) {
    const Key& key = unwrap(record.key);
    const Window alone = {.start = record.timestamp, .end = record.timestamp};
    Window window = alone;
    std::optional<A> so_far;
    merged_.clear();
    for (const auto& [session, value] : store_.find_sessions(key, record.timestamp - windows_.inactivity_gap(),
                                                             record.timestamp + windows_.inactivity_gap())) {
      merged_.push_back({session.window, sends_old_values_ && at_once_ ? std::optional<A>(value) : std::nullopt});
      window = SessionWindows::merged(window, session.window);
      so_far = fold_.merge(std::move(so_far), key, value);
    }
    if (window.end < closed_at) return context_.drop(DropReason::kLate);
    if (window != alone) remove_merged(key);
    const Windowed<Key> session = {key, window};
    std::optional<A> value = fold_.add(std::move(so_far), key, record.value);
    store_.put(session, value);
    tell(session, {.after = std::move(value)});
  }

  // As in Kafka Streams, the session that stays is among them if it was there already.
  void remove_merged(const Key& key) {
    for (Merged& merged : merged_) {
      const Windowed<Key> session = {key, merged.window};
      store_.remove(session);
      tell(session, {.before = std::move(merged.before)});
    }
  }

  // As in Kafka Streams, without the headers of the record.
  void tell(const Windowed<Key>& session, const Change<A>& change) {
    if (at_once_) this->emit({session, change, session.window.end});
  }

  // With dsl.store.format=HEADERS, Kafka Streams tells the headers that the store has, which are none.
  void tell_held_back(const Record<Windowed<Key>, Change<A>>& record) {
    if (store_.spec().deletion_headers) return this->emit(record.with_headers(no_headers()));
    this->emit(record);
  }

  void emit_closed(Timestamp closed_at, const Headers& headers) {
    const Timestamp to = closed_at - Duration(1);
    if (to < Timestamp{}) return;
    for (const auto& [session, value] : store_.find_sessions(std::max(Timestamp{}, closed_.last()), to)) {
      this->emit({session, Change<A>{.after = value}, session.window.end, headers});
    }
    closed_.set_emitted(closed_at);
  }

  OperatorContext& context_;
  Store& store_;
  const SessionWindows windows_;
  Fold fold_;
  ClosedWindows closed_;
  const bool sends_old_values_;
  const bool at_once_;
  ObservedTime time_;                // of late records, too
  std::vector<Merged> merged_ = {};  // its memory is used again
};

}  // namespace levada::internal
