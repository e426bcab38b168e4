// Rows computed from those of the table above: of filtered and mapped tables, kept in a store or computed when they are
// looked up.
//
// Rows is void(const K&, const std::optional<A>& row, std::optional<B>& out). With Rows::kSkipsNothing a change from no
// row to no row goes no further, where that is known.
#pragma once

#include <memory>
#include <optional>
#include <utility>

#include <levada/dsl/callback.h>
#include <levada/dsl/operators/record_scope.h>
#include <levada/dsl/operators/table_operator.h>
#include <levada/dsl/table_view.h>

namespace levada::internal {

template <class K, class A, class B, class Rows>
class DeriveRows final : public TableOperator<K, Change<A>, K, B> {
  using Base = TableOperator<K, Change<A>, K, B>;

 public:
  DeriveRows(OperatorContext& context, const TableFacts& facts, Rows rows)
      : Base(context, facts), rows_(std::move(rows)), skips_nothing_(Rows::kSkipsNothing && !facts.of_versioned) {}

  void process(const Record<K, Change<A>>& record) override {
    rows_(record.key, record.value.after, change_.after);
    if (this->sends_old_values()) {
      find_row_before(record);
      if (skips_nothing_ && !change_.before && !change_.after) return;
    }
    change_.is_latest = record.value.is_latest;
    this->update(record.key, change_, record.timestamp, record.headers);
  }

 private:
  void find_row_before(const Record<K, Change<A>>& record) {
    if (!this->keeps_rows()) {
      rows_(record.key, record.value.before, change_.before);
    } else if (skips_nothing_ || !this->caching()) {
      change_.before = this->kept_row(record.key);
    }
  }

  Rows rows_;
  const bool skips_nothing_;
  Change<B> change_ = {};  // its memory is used again
};

template <class K, class A, class B, class Rows>
class DerivedRows final : public TableGetter<K, B> {
 public:
  DerivedRows(OperatorContext& context, std::unique_ptr<TableGetter<K, A>> above, Rows rows)
      : context_(context), above_(std::move(above)), rows_(std::move(rows)) {}

  std::optional<ValueAndTimestamp<B>> get(const K& key) override { return derived(key, above_->get(key)); }
  std::optional<ValueAndTimestamp<B>> get_as_of(const K& key, Timestamp time) override {
    return derived(key, above_->get_as_of(key, time));
  }

 private:
  // What is computed happens at the time of the row, not of the record that makes somebody look it up.
  std::optional<ValueAndTimestamp<B>> derived(const K& key, std::optional<ValueAndTimestamp<A>> from) {
    const Timestamp timestamp = from ? from->timestamp : kNoTimestamp;
    std::optional<A> row = std::nullopt;
    if (from) row = std::move(from->value);
    std::optional<B> out = std::nullopt;
    {
      const RecordScope at_row(context_, {.timestamp = timestamp});
      rows_(key, row, out);
    }
    return with_timestamp(std::move(out), timestamp);
  }

  OperatorContext& context_;
  std::unique_ptr<TableGetter<K, A>> above_;
  Rows rows_;
};

// The rows for which a predicate holds, or with kWanted false, those for which it does not.
template <class K, class A, class F, bool kWanted>
struct FilteredRows {
  static constexpr bool kSkipsNothing = true;
  F holds;

  void operator()(const K& key, const std::optional<A>& row, std::optional<A>& out) {
    if (row && static_cast<bool>(call(holds, key, *row)) == kWanted) {
      out = row;
    } else {
      out.reset();
    }
  }
};

template <class K, class A, class B, class F>
struct MappedRows {
  static constexpr bool kSkipsNothing = false;
  F f;

  void operator()(const K& key, const std::optional<A>& row, std::optional<B>& out) {
    if (row) {
      out = call(f, key, *row);
    } else {
      out.reset();
    }
  }
};

// What an object of the user's makes of them, which sees it, too, if there is no row.
template <class K, class A, class B, class P>
struct TransformedRows {
  static constexpr bool kSkipsNothing = false;
  std::unique_ptr<P> transformer;

  void operator()(const K& key, const std::optional<A>& row, std::optional<B>& out) {
    out = transformer->transform(key, row);
  }
};

}  // namespace levada::internal
