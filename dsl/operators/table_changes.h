// How an aggregation tells the nodes below what changed in its store: at once, or when the record cache lets go of it.
#pragma once

#include <functional>
#include <optional>
#include <utility>

#include <levada/core/change.h>
#include <levada/core/operator_context.h>
#include <levada/core/record.h>
#include <levada/dsl/emit_strategy.h>
#include <levada/dsl/graph/table_step.h>
#include <levada/dsl/operators/record_scope.h>
#include <levada/state/key_value_store.h>
#include <levada/state/session_store.h>
#include <levada/state/value_and_timestamp.h>
#include <levada/state/window_store.h>

namespace levada::internal {

// A row for the store; none for no value.
template <class A>
std::optional<ValueAndTimestamp<A>> with_timestamp(std::optional<A> value, Timestamp timestamp) {
  if (!value) return std::nullopt;
  return ValueAndTimestamp<A>{.value = std::move(*value), .timestamp = timestamp};
}

// What a fold begins with, where Kafka Streams tells it as the old value of a key that has none: without a record
// cache, from aggregations that have an initial value.
template <class A, class Fold>
std::optional<A> row_before_the_first(Fold& fold) {
  if constexpr (requires { fold.start(); }) {
    return fold.start();
  } else {
    return std::nullopt;
  }
}

template <class K, class A>
bool is_cached(const KeyValueStore<K, A>& store) {
  return store.spec().caching;
}
template <class K, class A>
bool is_cached(const WindowStore<K, A>& store) {
  return store.spec().caching;
}
template <class K, class A>
bool is_cached(const SessionStore<K, A>& store) {
  return store.spec().caching;
}

// K is the key downstream: of windowed stores, a Windowed key. A cached store calls `emit` itself, with the record of
// the change as the current one for the length of the call.
template <class K, class A, class Store>
void forward_when_flushed(OperatorContext& context, Store& store, const TableFacts& facts,
                          std::function<void(const Record<K, Change<A>>&)> emit) {
  if (facts.sends_old_values) store.send_old_values();
  store.set_flush_listener(
      [&context, emit = std::move(emit), sends_old_values = facts.sends_old_values](
          const K& key, const Change<A>& change, const RecordContext& record, Timestamp timestamp) {
        RecordContext of_change = record;
        of_change.timestamp = timestamp;
        const RecordScope as_then(context, of_change);
        if (sends_old_values || !change.before) {
          emit({key, change, timestamp, *record.headers});
        } else {
          const Change<A> without_old_value = {.after = change.after};
          emit({key, without_old_value, timestamp, *record.headers});
        }
      });
}

// What an aggregation over windows is told when it is made.
struct WindowFacts {
  TableFacts table = {};
  EmitStrategy strategy = EmitStrategy::on_window_update();
};

// True if an aggregation over windows is to emit each change itself. Otherwise the record cache calls `emit`, or
// results wait for the close of their windows.
template <class K, class A, class Store>
bool goes_on_at_once(OperatorContext& context, Store& store, const WindowFacts& facts,
                     std::function<void(const Record<K, Change<A>>&)> emit) {
  if (facts.strategy.is_on_window_close()) return false;
  if (!is_cached(store)) return true;
  forward_when_flushed<K, A>(context, store, facts.table, std::move(emit));
  return false;
}

}  // namespace levada::internal
