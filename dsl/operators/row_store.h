// The store of a table's rows, as table operators see it.
//
//   RowStore<std::string, Order> rows(context, "orders");
//   rows.put("o-1", order, record.timestamp);
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>

#include <levada/core/operator_context.h>
#include <levada/core/record.h>
#include <levada/dsl/graph/table_step.h>
#include <levada/dsl/operators/table_changes.h>
#include <levada/state/timestamped_key_value_store.h>

namespace levada::internal {

// What became of a row that was put.
struct PutRow {
  bool is_kept = true;
  bool is_latest = true;  // the store has no later one of the key
};

template <class K, class A>
class RowStore {
 public:
  using Store = TimestampedKeyValueStore<K, A>;

  RowStore(OperatorContext& context, const std::string& name) : rows_(context.store(StoreRef<Store>{name})) {}

  std::optional<ValueAndTimestamp<A>> get(const K& key) const { return rows_.get(key); }

  PutRow put(const K& key, const std::optional<A>& row, Timestamp timestamp) {
    if (!row) {
      rows_.put(key, std::nullopt);
    } else if (row_) {
      row_->value = *row;  // its memory is used again
      row_->timestamp = timestamp;
      rows_.put(key, *row_);
    } else {
      rows_.put(key, row_.emplace(ValueAndTimestamp<A>{*row, timestamp}));
    }
    return {};
  }

  bool is_cached() const { return internal::is_cached(rows_); }
  // See table_changes.h; of cached stores.
  void forward_when_flushed(OperatorContext& context, const TableFacts& facts,
                            std::function<void(const Record<K, Change<A>>&)> emit) {
    internal::forward_when_flushed<K, A>(context, rows_, facts, std::move(emit));
  }

 private:
  Store& rows_;
  std::optional<ValueAndTimestamp<A>> row_ = std::nullopt;
};

}  // namespace levada::internal
