// Gives the rows of a table other keys, for a grouping: what was the row before is subtracted under its new key, what
// is the row now is added.
#pragma once

#include <optional>
#include <utility>

#include <levada/core/change.h>
#include <levada/core/older_formats.h>
#include <levada/core/processor.h>
#include <levada/dsl/callback.h>
#include <levada/dsl/graph/table_step.h>

namespace levada::internal {

// F makes a pair of K2 and V2, either of which may be optional: such rows take no part.
template <class K, class A, class F, class K2, class V2>
class RegroupRows final : public Processor<K, Change<A>, K2, Change<V2>> {
 public:
  RegroupRows(const Context& context, F pair_of, bool of_versioned)
      : pair_of_(std::move(pair_of)),
        of_versioned_(of_versioned),
        always_apart_(older_formats(context.app_configs()).changes_apart) {}

  void process(const Record<K, Change<A>>& record) override {
    if (of_versioned_ && !record.value.is_latest) return;
    std::optional<Pair> before = pair(record.key, record.value.before);
    std::optional<Pair> after = pair(record.key, record.value.after);
    if (!always_apart_ && before && after && before->first == after->first) {
      return send(record, after->first, {.before = std::move(before->second), .after = std::move(after->second)});
    }
    if (before) send(record, before->first, {.before = std::move(before->second)});
    if (after) send(record, after->first, {.after = std::move(after->second)});
  }

 private:
  using Pair = std::pair<K2, V2>;

  std::optional<Pair> pair(const K& key, const std::optional<A>& row) {
    if (!row) return std::nullopt;
    auto made = call(pair_of_, key, *row);
    if (is_null(made.first) || is_null(made.second)) return std::nullopt;
    return Pair(unwrap(made.first), unwrap(made.second));
  }

  void send(const Record<K, Change<A>>& record, const K2& key, const Change<V2>& change) {
    this->pass(record.with(key, change));
  }

  F pair_of_;
  const bool of_versioned_;
  const bool always_apart_;
};

}  // namespace levada::internal
