// Rows of text under a line of headings, in columns as wide as they need.
//
//   Table table({"TOPIC", "LAG"});
//   table.add({"orders", "12"});
//   out << table.text();
//   // TOPIC   LAG
//   // orders  12
#pragma once

#include <string>
#include <vector>

namespace levada {

class Table {
 public:
  using Row = std::vector<std::string>;

  explicit Table(Row headings) { rows_.push_back(std::move(headings)); }

  void add(Row row) { rows_.push_back(std::move(row)); }
  bool empty() const { return rows_.size() == 1; }
  std::string text() const;

 private:
  std::vector<Row> rows_;
};

}  // namespace levada
