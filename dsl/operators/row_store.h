// The store of a table's rows, as table operators see it: with the latest rows only, or with their versions.
//
//   RowStore<std::string, Order> rows(context, "orders");
//   rows.put("o-1", order, record.timestamp);
#pragma once

#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include <levada/core/operator_context.h>
#include <levada/core/record.h>
#include <levada/dsl/graph/table_step.h>
#include <levada/dsl/operators/table_changes.h>
#include <levada/state/timestamped_key_value_store.h>
#include <levada/state/versioned_key_value_store.h>

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
  using Versions = VersionedKeyValueStore<K, A>;

  RowStore(OperatorContext& context, const std::string& name) {
    StateStore& store = context.store(StoreRef<StateStore>{name});
    rows_ = dynamic_cast<Store*>(&store);
    versions_ = dynamic_cast<Versions*>(&store);
    if (rows_ == nullptr && versions_ == nullptr) throw std::invalid_argument("store " + name + " keeps other rows");
  }

  std::optional<ValueAndTimestamp<A>> get(const K& key) const {
    return versions_ != nullptr ? row_of(versions_->get(key)) : rows_->get(key);
  }
  // As it was then, if there are versions.
  std::optional<ValueAndTimestamp<A>> get_as_of(const K& key, Timestamp time) const {
    return versions_ != nullptr ? row_of(versions_->get(key, time)) : rows_->get(key);
  }

  PutRow put(const K& key, const std::optional<A>& row, Timestamp timestamp) {
    if (versions_ != nullptr) {
      const VersionedPut put = versions_->put(key, row, timestamp);
      return {.is_kept = put.stored, .is_latest = put.is_latest()};
    }
    if (!row) {
      rows_->put(key, std::nullopt);
    } else if (row_) {
      row_->value = *row;  // its memory is used again
      row_->timestamp = timestamp;
      rows_->put(key, *row_);
    } else {
      rows_->put(key, row_.emplace(ValueAndTimestamp<A>{*row, timestamp}));
    }
    return {};
  }

  bool is_cached() const { return rows_ != nullptr && internal::is_cached(*rows_); }
  // See table_changes.h; of cached stores.
  void forward_when_flushed(OperatorContext& context, const TableFacts& facts,
                            std::function<void(const Record<K, Change<A>>&)> emit) {
    internal::forward_when_flushed<K, A>(context, *rows_, facts, std::move(emit));
  }

 private:
  static std::optional<ValueAndTimestamp<A>> row_of(std::optional<VersionedRecord<A>> version) {
    if (!version) return std::nullopt;
    return ValueAndTimestamp<A>{std::move(version->value), version->timestamp};
  }

  Store* rows_ = nullptr;  // one or the other
  Versions* versions_ = nullptr;
  std::optional<ValueAndTimestamp<A>> row_ = std::nullopt;
};

}  // namespace levada::internal
