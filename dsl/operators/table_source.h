// Makes a table of the records of a topic or a stream: each is the row of its key from then on. Later records replace
// rows even if their timestamps are lower.
#pragma once

#include <optional>

#include <levada/dsl/callback.h>
#include <levada/dsl/operators/table_operator.h>

namespace levada::internal {

template <class K, class V>
class TableSource final : public TableOperator<K, V, Unwrapped<K>, Unwrapped<V>> {
  using Base = TableOperator<K, V, Unwrapped<K>, Unwrapped<V>>;

 public:
  TableSource(OperatorContext& context, const TableFacts& facts) : Base(context, facts), context_(context) {}

  void process(const Record<K, V>& record) override {
    if (is_null(record.key)) return context_.drop(DropReason::kNullKey);
    const auto& key = unwrap(record.key);
    if (this->sends_old_values() && !this->caching()) change_.before = this->kept_row(key);
    change_.after = record.value;
    change_.is_latest = true;
    this->update(key, change_, record.timestamp, record.headers);
  }

 private:
  OperatorContext& context_;
  Change<Unwrapped<V>> change_ = {};  // its memory is used again
};

}  // namespace levada::internal
