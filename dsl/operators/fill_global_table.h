// Keeps the latest value of each key for a global table. Nothing is below it.
#pragma once

#include <optional>

#include <levada/core/operator_context.h>
#include <levada/core/processor.h>
#include <levada/state/timestamped_key_value_store.h>

namespace levada::internal {

template <class K, class V>
class FillGlobalTable final : public Terminal<std::optional<K>, std::optional<V>> {
 public:
  using Store = TimestampedKeyValueStore<K, V>;

  FillGlobalTable(OperatorContext& context, const StoreRef<Store>& store)
      : context_(context), store_(context.store(store)) {}

  void process(const Record<std::optional<K>, std::optional<V>>& record) override {
    if (!record.key) return context_.drop(DropReason::kNullKey);
    if (!record.value) return store_.put(*record.key, std::nullopt);
    store_.put(*record.key, ValueAndTimestamp<V>{*record.value, record.timestamp});
  }

 private:
  OperatorContext& context_;
  Store& store_;
};

}  // namespace levada::internal
