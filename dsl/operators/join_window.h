// Keeps what one side of a join of two streams has brought, for the records of the other side that are to come. A
// record is joined first and kept then, so that a stream joined with itself does not meet the same record twice.
#pragma once

#include <levada/core/processor.h>
#include <levada/dsl/callback.h>
#include <levada/state/window_store.h>

namespace levada::internal {

template <class K, class V>
class JoinWindow final : public Processor<K, V, K, V> {
 public:
  using Store = WindowStore<Unwrapped<K>, Unwrapped<V>>;

  JoinWindow(OperatorContext& context, const StoreRef<Store>& store) : store_(context.store(store)) {}

  // A null value goes to the changelog, though not to the store: so it does in Kafka Streams.
  void process(const Record<K, V>& record) override {
    this->pass(record);
    if (!is_null(record.key)) store_.put(unwrap(record.key), record.value, record.timestamp);
  }

 private:
  Store& store_;
};

}  // namespace levada::internal
