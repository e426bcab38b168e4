// A table whose rows are computed from those of another one, key by key: filtered, mapped, transformed.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <levada/dsl/operators/derived_rows.h>
#include <levada/dsl/table_point.h>

namespace levada::internal {

struct DerivedStep {
  std::string_view prefix = {};
  std::string_view name = {};
  std::vector<std::string> stores = {};  // others, that computing the rows needs
  bool sends_old_values = false;
  bool forgets_versions = false;  // what is below does not know that the table above keeps versions
};

template <class K, class A, class B, class MakeRows>
TableView<K, B> derived_view(TableView<K, A> above, const std::vector<std::string>& stores, MakeRows make_rows) {
  using Rows = std::invoke_result_t<const MakeRows&, OperatorContext&>;
  above.stores.insert(above.stores.end(), stores.begin(), stores.end());
  return {.stores = std::move(above.stores), .getter = [getter = above.getter, make_rows](OperatorContext& context) {
            return std::make_unique<DerivedRows<K, A, B, Rows>>(context, getter(context), make_rows(context));
          }};
}

// MakeRows: Rows(OperatorContext&), see derived_rows.h. Kept in a store if the options name one.
template <class B, class K, class A, class MakeRows>
TablePoint<K, B> derive_table(const TablePoint<K, A>& above, DerivedStep step, MakeRows make_rows,
                              MaterializedTable<K, B> options) {
  using Rows = std::invoke_result_t<const MakeRows&, OperatorContext&>;
  Graph& graph = *above.at.graph;
  options.key = own_or_inherited(options.key, above.key);
  GraphNode node = {
      .nodes = {{.spec = {.name = graph.names().next_unless(step.name, step.prefix), .stores = step.stores},
                 .make_table =
                     [make_rows](OperatorContext& context, const TableFacts& facts) {
                       return std::make_unique<DeriveRows<K, A, B, Rows>>(context, facts, make_rows(context));
                     }}},
      .table = TableStep{.facts = {.store = options.store,
                                   .sends_old_values = step.sends_old_values,
                                   .of_versioned = above.is_versioned()},
                         .history = !options.store.empty()  ? options.history_retention
                                    : step.forgets_versions ? std::nullopt
                                                            : above.history()}};
  if (!options.store.empty()) {
    options.value = own_or_inherited(options.value, {});
    node.nodes.back().spec.stores.push_back(options.store);
    node.stores.push_back(table_store(graph, options.store, options));
  }
  const StreamPoint at = {&graph, graph.add(std::move(node), {above.at.node})};
  if (!options.store.empty()) {
    return table_in_store<K, B>(at, options.store, options.store, options.key, options.value);
  }
  return {.at = at,
          .key = options.key,
          .value = options.value,
          .view = [above = above.view, stores = std::move(step.stores), make_rows] {
            return derived_view<K, A, B>(above(), stores, make_rows);
          }};
}

}  // namespace levada::internal
