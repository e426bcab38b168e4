// The table that two tables of the same key make.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <levada/dsl/joiner.h>
#include <levada/dsl/operators/join_tables.h>
#include <levada/dsl/table_point.h>

namespace levada::internal {

// What a joiner makes of two rows: std::monostate if it does not fit.
template <JoinKind kJoin, class K, class A, class B, class F>
using JoinedRow = JoinedValue<F, K, std::conditional_t<kJoin == JoinKind::kOuter, std::optional<A>, A>,
                              std::conditional_t<kJoin == JoinKind::kInner, B, std::optional<B>>>;
template <JoinKind kJoin, class K, class A, class B, class F>
using JoinOptions = MaterializedTable<K, Unwrapped<JoinedRow<kJoin, K, A, B, F>>>;

// Of the joined table's nodes: one for each side, and one for what both make. A join that Kafka Streams would be given
// options for, but no name, has a store with a generated name.
struct TableJoinNames {
  std::string merge = {};
  std::string left = {};
  std::string right = {};
};
TableJoinNames table_join_names(Graph& graph, const std::string& name);

std::vector<std::string> united(std::vector<std::string> stores, const std::vector<std::string>& others);

// What one side does, with the rows of the other.
template <JoinSide kSide, class R, class K, class This, class Other, class Rows>
PlannedNode join_side(std::string name, const TablePoint<K, This>& from, const TableView<K, Other>& other, Rows rows) {
  return {.spec = {.name = std::move(name), .stores = other.stores},
          .feed = Feed::kNamed,
          .fed_by = {from.at.name()},
          .make_table = [getter = other.getter, rows, of_versioned = from.is_versioned()](OperatorContext& context,
                                                                                          TableFacts facts) {
            facts.of_versioned = of_versioned;
            return std::make_unique<JoinRowsOf<K, This, Other, R, Rows, kSide>>(context, facts, getter(context), rows);
          }};
}

// Rows: see JoinRows. `store` is empty for a table that keeps no rows.
template <class R, class K, class A, class B, class Rows>
TablePoint<K, R> join_tables(const TablePoint<K, A>& left, const TablePoint<K, B>& right, Rows rows,
                             MaterializedTable<K, R> options) {
  Graph& graph = *left.at.graph;
  if (right.at.graph != &graph) graph.mistake("join: the tables belong to different builders");
  const TableJoinNames names = table_join_names(graph, options.name);
  if (!Rows::kNeedsRight) left.send_old_values(OldValues::kAlways);
  if (!Rows::kNeedsLeft) right.send_old_values(OldValues::kAlways);
  const TableView<K, A> left_rows = left.view();
  const TableView<K, B> right_rows = right.view();
  options.key = own_or_inherited(options.key, left.key);
  options.value = own_or_inherited(options.value, {});
  GraphNode step = {
      .nodes = {join_side<JoinSide::kLeft, R>(names.left, left, right_rows, rows),
                join_side<JoinSide::kRight, R>(names.right, right, left_rows, rows),
                {.spec = {.name = names.merge},
                 .feed = Feed::kNamed,
                 .fed_by = {names.left, names.right},
                 .make_table =
                     [](OperatorContext& context, const TableFacts& facts) {
                       return std::make_unique<MergeJoined<K, R>>(context, facts);
                     }}},
      .table = TableStep{
          .facts = {.store = options.store}, .computes_old_values = true, .history = options.history_retention}};
  if (!options.store.empty()) {
    step.nodes.back().spec.stores = {options.store};
    step.stores = {table_store(graph, options.store, options)};
  }
  const StreamPoint at = {&graph, graph.add(std::move(step), {left.at.node, right.at.node})};
  graph.copartition(left.at.node, right.at.node);
  if (!options.store.empty()) {
    return table_in_store<K, R>(at, options.store, options.store, options.key, options.value);
  }
  return {
      .at = at, .key = options.key, .value = options.value, .view = [left_rows, right_rows, rows]() -> TableView<K, R> {
        return {.stores = united(left_rows.stores, right_rows.stores),
                .getter = [left = left_rows.getter, right = right_rows.getter, rows](OperatorContext& context) {
                  return std::make_unique<JoinedRows<K, A, B, R, Rows>>(left(context), right(context), rows);
                }};
      }};
}

}  // namespace levada::internal
