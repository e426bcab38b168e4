// Joins the rows of two tables that have the same key. Each side looks up the other's row when one of its own changes;
// what both make of it flows together in one table.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include <levada/core/outer_join.h>
#include <levada/dsl/joiner.h>
#include <levada/dsl/operators/table_operator.h>
#include <levada/dsl/table_view.h>

namespace levada::internal {

// The joined row. F takes A and B, or optionals of them where they may be missing.
template <class K, class A, class B, class R, class F, JoinKind kJoin>
struct JoinRows {
  static constexpr bool kNeedsLeft = kJoin != JoinKind::kOuter;
  static constexpr bool kNeedsRight = kJoin == JoinKind::kInner;
  F joiner;

  std::optional<R> operator()(const K& key, const std::optional<A>& left, const std::optional<B>& right) {
    if ((kNeedsLeft && !left) || (kNeedsRight && !right) || (!left && !right)) return std::nullopt;
    if constexpr (kNeedsRight) {
      return call_joiner(joiner, key, *left, *right);
    } else if constexpr (kNeedsLeft) {
      return call_joiner(joiner, key, *left, right);
    } else {
      return call_joiner(joiner, key, left, right);
    }
  }
};

// The changes of one side, joined with the rows of the other.
template <class K, class This, class Other, class R, class Rows, JoinSide kSide>
class JoinRowsOf final : public Processor<K, Change<This>, K, Change<R>> {
 public:
  JoinRowsOf(OperatorContext& context, const TableFacts& facts, std::unique_ptr<TableGetter<K, Other>> other, Rows rows)
      : context_(context),
        other_(std::move(other)),
        rows_(std::move(rows)),
        sends_old_values_(facts.sends_old_values),
        of_versioned_(facts.of_versioned) {}

  void process(const Record<K, Change<This>>& record) override {
    const Change<This>& change = record.value;
    if (of_versioned_ && !change.is_latest) return context_.drop(DropReason::kOutdated);
    std::optional<ValueAndTimestamp<Other>> found = other_->get(record.key);
    if (!found && (kNeedsOther || (!change.before && !change.after))) return;
    const Timestamp timestamp = found ? std::max(found->timestamp, record.timestamp) : record.timestamp;
    std::optional<Other> other;
    if (found) other = std::move(found->value);
    Change<R> joined = {.after = join(record.key, change.after, other), .is_latest = change.is_latest};
    if (sends_old_values_) joined.before = join(record.key, change.before, other);
    this->emit({record.key, joined, timestamp, record.headers});
  }

 private:
  static constexpr bool kNeedsOther = kSide == JoinSide::kLeft ? Rows::kNeedsRight : Rows::kNeedsLeft;

  std::optional<R> join(const K& key, const std::optional<This>& row, const std::optional<Other>& other) {
    if constexpr (kSide == JoinSide::kLeft) {
      return rows_(key, row, other);
    } else {
      return rows_(key, other, row);
    }
  }

  OperatorContext& context_;
  std::unique_ptr<TableGetter<K, Other>> other_;
  Rows rows_;
  const bool sends_old_values_;
  const bool of_versioned_;
};

// The joined table, which may keep its rows.
template <class K, class R>
class MergeJoined final : public TableOperator<K, Change<R>, K, R> {
 public:
  MergeJoined(OperatorContext& context, const TableFacts& facts) : TableOperator<K, Change<R>, K, R>(context, facts) {}

  void process(const Record<K, Change<R>>& record) override {
    if (!this->keeps_rows()) return this->pass(record);
    change_ = record.value;
    this->update(record.key, change_, record.timestamp, record.headers);
  }

 private:
  Change<R> change_ = {};  // its memory is used again
};

// The joined rows, computed when they are looked up.
template <class K, class A, class B, class R, class Rows>
class JoinedRows final : public TableGetter<K, R> {
 public:
  JoinedRows(std::unique_ptr<TableGetter<K, A>> left, std::unique_ptr<TableGetter<K, B>> right, Rows rows)
      : left_(std::move(left)), right_(std::move(right)), rows_(std::move(rows)) {}

  std::optional<ValueAndTimestamp<R>> get(const K& key) override {
    Timestamp timestamp = kNoTimestamp;
    const std::optional<A> left = row_of(*left_, key, timestamp);
    if (Rows::kNeedsLeft && !left) return std::nullopt;
    const std::optional<B> right = row_of(*right_, key, timestamp);
    return with_timestamp(rows_(key, left, right), timestamp);
  }

 private:
  template <class Row>
  static std::optional<Row> row_of(TableGetter<K, Row>& table, const K& key, Timestamp& timestamp) {
    std::optional<ValueAndTimestamp<Row>> found = table.get(key);
    if (!found) return std::nullopt;
    timestamp = std::max(timestamp, found->timestamp);
    return std::move(found->value);
  }

  std::unique_ptr<TableGetter<K, A>> left_;
  std::unique_ptr<TableGetter<K, B>> right_;
  Rows rows_;
};

}  // namespace levada::internal
