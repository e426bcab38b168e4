// What the graph knows of a step that makes a table. Tables are stored only where Kafka Streams stores them, and tell
// their old rows only where somebody wants to know: both may be found out after the step was added.
//
//   graph.add({.nodes = {{.spec = …, .make_table = make}}, .table = TableStep{.spare = store}}, {stream});
//   std::string store = graph.keep_rows(table);                   // now it has one
//   graph.send_old_values(table, OldValues::kAlways);             // now Change::before is filled
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <levada/core/node.h>
#include <levada/core/operator_context.h>
#include <levada/core/store.h>
#include <levada/core/time.h>

namespace levada::internal {

// What a table's node is told when it is made.
struct TableFacts {
  std::string store = {};         // of its rows; empty: it keeps none
  bool sends_old_values = false;  // Change::before is wanted below
  bool of_versioned = false;      // the table it is made of has versions
};

using TableMaker = std::function<std::unique_ptr<Node>(OperatorContext&, const TableFacts&)>;

enum class OldValues {
  kIfKept,  // where that costs no store
  kAlways,  // tables of topics keep their rows for it
};

struct TableStep {
  TableFacts facts = {};
  // The store it has as soon as somebody needs its rows: of tables that are made of a topic or a stream.
  std::optional<StoreSpec> spare = std::nullopt;
  // It computes old rows from those of the tables above, and not from a store.
  bool computes_old_values = false;
  // It has a versioned store, or shows the rows of one: how long their versions are kept.
  std::optional<Duration> history = std::nullopt;
};

}  // namespace levada::internal
