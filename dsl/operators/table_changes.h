// How an aggregation tells the nodes below what changed in its store: at once, or when the record cache lets go of it.
#pragma once

#include <functional>
#include <optional>
#include <utility>

#include <levada/core/change.h>
#include <levada/core/operator_context.h>
#include <levada/core/record.h>
#include <levada/state/key_value_store.h>
#include <levada/state/value_and_timestamp.h>
#include <levada/state/window_store.h>

namespace levada::internal {

// A row for the store; none for no value.
template <class A>
std::optional<ValueAndTimestamp<A>> with_timestamp(std::optional<A> value, Timestamp timestamp) {
  if (!value) return std::nullopt;
  return ValueAndTimestamp<A>{.value = std::move(*value), .timestamp = timestamp};
}

template <class A>
Change<A> change_to(std::optional<ValueAndTimestamp<A>> row) {
  if (!row) return {};
  return {.after = std::move(row->value)};
}

template <class K, class A>
bool is_cached(const KeyValueStore<K, A>& store) {
  return store.spec().caching;
}
template <class K, class A>
bool is_cached(const WindowStore<K, A>& store) {
  return store.spec().caching;
}

// K is the key downstream: of windowed stores, a Windowed key. A cached store calls `emit` itself, with the record of
// the change as the current one for the length of the call.
template <class K, class A, class Store>
void forward_when_flushed(OperatorContext& context, Store& store,
                          std::function<void(const Record<K, Change<A>>&)> emit) {
  store.set_flush_listener([&context, emit = std::move(emit)](const K& key, const Change<A>& change,
                                                              const RecordContext& record, Timestamp timestamp) {
    const RecordContext current = context.record();
    context.set_record(record);
    emit({key, change, timestamp, *record.headers});
    context.set_record(current);
  });
}

}  // namespace levada::internal
