// What operators have in common that make a table and may keep its rows: the store, the old rows, and when a change is
// told to the nodes below.
#pragma once

#include <optional>

#include <levada/core/change.h>
#include <levada/core/processor.h>
#include <levada/dsl/graph/table_step.h>
#include <levada/dsl/operators/row_store.h>

namespace levada::internal {

template <class KIn, class VIn, class K, class A>
class TableOperator : public Processor<KIn, VIn, K, Change<A>> {
 protected:
  TableOperator(OperatorContext& context, const TableFacts& facts) : sends_old_values_(facts.sends_old_values) {
    if (facts.store.empty()) return;
    rows_.emplace(context, facts.store);
    caching_ = rows_->is_cached();
    if (caching_) rows_->forward_when_flushed(context, facts, [this](const auto& record) { this->emit(record); });
  }

  bool sends_old_values() const { return sends_old_values_; }
  bool keeps_rows() const { return rows_.has_value(); }
  // A record cache finds out by itself what was there before.
  bool caching() const { return caching_; }

  // Of a table that keeps rows.
  std::optional<A> kept_row(const K& key) const {
    std::optional<ValueAndTimestamp<A>> row = rows_->get(key);
    if (!row) return std::nullopt;
    return std::move(row->value);
  }

  // Keeps the row, and tells the nodes below: at once, or when the record cache lets go of it.
  void update(const K& key, Change<A>& change, Timestamp timestamp, const Headers& headers) {
    if (rows_) {
      const PutRow put = rows_->put(key, change.after, timestamp);
      if (!put.is_kept || caching_) return;
      change.is_latest = change.is_latest && put.is_latest;
    }
    this->pass({key, change, timestamp, headers});
  }

 private:
  const bool sends_old_values_;
  std::optional<RowStore<K, A>> rows_ = std::nullopt;
  bool caching_ = false;
};

}  // namespace levada::internal
