// Joins each record of a stream with the row that a table has for it.
//
// KeyOf: const VKey*(const Record<K, V>&), where to look; null for nowhere. Such a record, and one that finds no row,
// goes on in left joins only; one without a value, never. A table with versions is asked as of the record's time.
#pragma once

#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include <levada/core/operator_context.h>
#include <levada/core/processor.h>
#include <levada/dsl/callback.h>
#include <levada/dsl/joiner.h>
#include <levada/dsl/table_view.h>

namespace levada::internal {

// What the joiner gets of the row.
template <JoinKind kKind, class Row>
using PartnerRow = std::conditional_t<kKind == JoinKind::kLeft, std::optional<Row>, Row>;

template <JoinKind kKind, class K, class V, class Row, class F>
inline constexpr bool kJoinsRows = Joiner<F, K, Unwrapped<V>, PartnerRow<kKind, Row>>;
template <JoinKind kKind, class K, class V, class Row, class F>
using RowJoinResult = JoinedValue<F, K, Unwrapped<V>, PartnerRow<kKind, Row>>;

// The record's own key.
template <class K, class V>
struct OwnKey {
  using Key = Unwrapped<K>;
  const Key* operator()(const Record<K, V>& record) const {
    return is_null(record.key) ? nullptr : &unwrap(record.key);
  }
};

// One that a function makes of key and value, and that may be null.
template <class K, class V, class F>
struct MappedKey {
  using Key = Unwrapped<ResultOf<F, K, V>>;
  F f;
  std::optional<Key> key = std::nullopt;

  const Key* operator()(const Record<K, V>& record) {
    key = call(f, record.key, record.value);
    return key ? &*key : nullptr;
  }
};

template <JoinKind kKind, class K, class V, class Row, class KeyOf, class F>
class JoinWithRows : public Processor<K, V, K, RowJoinResult<kKind, K, V, Row, F>> {
 public:
  using Getter = TableGetter<typename KeyOf::Key, Row>;

  JoinWithRows(OperatorContext& context, std::unique_ptr<Getter> rows, KeyOf key_of, F joiner)
      : context_(context), rows_(std::move(rows)), key_of_(std::move(key_of)), joiner_(std::move(joiner)) {}

  void process(const Record<K, V>& record) override {
    if (accepts(record)) join(record);
  }

 protected:
  // Drops what cannot be joined.
  bool accepts(const Record<K, V>& record) {
    if (is_null(record.value)) {
      context_.drop(DropReason::kNullValue);
      return false;
    }
    key_ = key_of_(record);
    if (kKind == JoinKind::kLeft || key_ != nullptr) return true;
    context_.drop(DropReason::kNullKey);
    return false;
  }

  // After accepts().
  void join(const Record<K, V>& record) {
    std::optional<Row> row;
    if (key_ != nullptr) {
      auto found = rows_->get_as_of(*key_, record.timestamp);
      if (found) row = std::move(found->value);
    }
    if constexpr (kKind == JoinKind::kLeft) {
      send(record, row);
    } else if (row) {
      send(record, *row);
    }
  }

  OperatorContext& context() { return context_; }

 private:
  void send(const Record<K, V>& record, const PartnerRow<kKind, Row>& row) {
    const auto joined = call_joiner(joiner_, record.key, unwrap(record.value), row);
    this->pass(record.with_value(joined));
  }

  OperatorContext& context_;
  std::unique_ptr<Getter> rows_;
  KeyOf key_of_;
  F joiner_;
  const typename KeyOf::Key* key_ = nullptr;
};

}  // namespace levada::internal
