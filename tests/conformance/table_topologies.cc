// Tables: sources, views, groupings and joins of tables.
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include <levada/dsl/streams_builder.h>

#include "tests/conformance/families.h"

namespace levada {
namespace {

using Text = std::optional<std::string>;  // Java's strings can all be null
using Table = KTable<std::string, Text>;

std::string first_letter(const std::string& value) { return value.substr(0, 1); }

std::pair<std::string, std::string> by_first_letter(const std::string& value) { return {first_letter(value), value}; }

std::string without(std::string text, const std::string& part) {
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part)) text.erase(at, part.size());
  return text;
}

// ---- scenarios

Topology source() {
  StreamsBuilder builder;
  builder.table<Text, Text>("in", {}, {.store = "s"}).to_stream().to("out");
  return *builder.build();
}

Topology filter() {
  StreamsBuilder builder;
  builder.table<Text, Text>("in")
      .filter([](const std::string& value) { return value.starts_with("y"); })
      .to_stream()
      .to("out");
  return *builder.build();
}

Topology group_by_aggregate() {
  StreamsBuilder builder;
  builder.table<Text, Text>("in")
      .group_by(by_first_letter)
      .aggregate(
          std::string(), [](std::string so_far, const std::string& value) { return so_far + "+" + value; },
          [](std::string so_far, const std::string& value) { return so_far + "-" + value; }, {.store = "s"})
      .to_stream()
      .to("out");
  return *builder.build();
}

Topology group_by_reduce() {
  StreamsBuilder builder;
  builder.table<Text, Text>("in")
      .group_by(by_first_letter)
      .reduce([](const std::string& so_far, const std::string& value) { return so_far + value; },
              [](const std::string& so_far, const std::string& value) { return without(so_far, value); },
              {.store = "s"})
      .to_stream()
      .to("out");
  return *builder.build();
}

Topology map_values_to_null() {
  StreamsBuilder builder;
  builder.table<Text, Text>("in", {}, {.store = "s"})
      .map_values([](const std::string& value) { return value == "d" ? std::nullopt : Text(value + "!"); },
                  {.store = "m"})
      .to_stream()
      .to("out");
  return *builder.build();
}

Topology to_table_with_null_keys() {
  StreamsBuilder builder;
  builder.stream<Text, Text>("in")
      .select_key([](const Text& key, const Text& value) {
        if (!value) return key;
        return *value == "N" ? std::nullopt : value;
      })
      .to_table({.store = "s"})
      .to_stream()
      .to("out");
  return *builder.build();
}

std::string comma(const std::string& left, const Text& right) { return left + "," + right.value_or("null"); }

template <class Join>
Topology joined(Join join) {
  StreamsBuilder builder;
  const Table left = builder.table<Text, Text>("l", {}, {.store = "ls"});
  const Table right = builder.table<Text, Text>("r", {}, {.store = "rs"});
  join(left, right).to_stream().to("out");
  return *builder.build();
}

Topology inner_join() {
  return joined([](const Table& left, const Table& right) { return left.join(right, comma); });
}

Topology inner_join_in_store() {
  return joined([](const Table& left, const Table& right) { return left.join(right, comma, {.store = "js"}); });
}

Topology left_join() {
  return joined([](const Table& left, const Table& right) { return left.left_join(right, comma); });
}

// "f1:x" belongs to "f1"; "-null" to nothing.
Text before_colon(const std::string& value) {
  if (value.starts_with("-")) return std::nullopt;
  return value.substr(0, value.find(':'));
}

Topology foreign_key_join() {
  return joined([](const Table& left, const Table& right) {
    return left.join(right, before_colon, comma, {.name = "fk"}, {.store = "res"});
  });
}

// ---- descriptions

bool is_long(const std::string& value) { return value.size() > 1; }

Topology unmaterialized_source() {
  StreamsBuilder builder;
  builder.table<Text, Text>("in")
      .filter(is_long)
      .map_values([](const std::string& value) { return value + "!"; })
      .to_stream()
      .to("out");
  return *builder.build();
}

Topology materialized_source(const BuildOptions& options) {
  StreamsBuilder builder;
  builder.table<Text, Text>("in", {}, {.store = "tbl"})
      .filter(is_long, {.store = "filtered"})
      .map_values([](const std::string& value) { return static_cast<std::int32_t>(value.size()); }, {})
      .to_stream()
      .to("out");
  return *builder.build(options);
}

Topology sum_by_value(const BuildOptions& options) {
  StreamsBuilder builder;
  builder.table<Text, Text>("in")
      .group_by([](const std::string& value) { return std::pair(value, std::int64_t{1}); })
      .aggregate(std::int64_t{0}, std::plus<std::int64_t>(), std::minus<std::int64_t>())
      .to_stream()
      .to("out");
  return *builder.build(options);
}

std::pair<std::string, std::string> swapped(const std::string& key, const std::string& value) { return {value, key}; }

Topology count_and_reduce(const BuildOptions& options) {
  StreamsBuilder builder;
  const auto grouped = builder.table<Text, Text>("in").group_by(swapped);
  grouped.count().to_stream().to("c");
  grouped
      .reduce([](const std::string& a, const std::string& b) { return a + b; },
              [](const std::string& a, const std::string&) { return a; })
      .to_stream()
      .to("r");
  return *builder.build(options);
}

// Rows that may be missing are "null" in Java.
std::string concat(const Text& left, const Text& right) { return left.value_or("null") + right.value_or("null"); }

Topology chained_joins(const BuildOptions& options) {
  StreamsBuilder builder;
  const Table a = builder.table<Text, Text>("a");
  const Table b = builder.table<Text, Text>("b");
  const Table c = builder.table<Text, Text>("c");
  a.join(b, concat)
      .left_join(c, concat, {.store = "ljoin"})
      .outer_join(b, concat, {.name = "oj"})
      .to_stream()
      .to("out");
  return *builder.build(options);
}

std::string itself(const std::string& value) { return value; }

Topology foreign_key_inner_join(const BuildOptions& options) {
  StreamsBuilder builder;
  const Table left = builder.table<Text, Text>("left");
  const Table right = builder.table<Text, Text>("right");
  left.join(right, itself, concat).to_stream().to("out");
  return *builder.build(options);
}

Topology foreign_key_left_join(const BuildOptions& options) {
  StreamsBuilder builder;
  const Table left = builder.table<Text, Text>("left");
  const Table right = builder.table<Text, Text>("right");
  left.left_join(right, itself, concat, {.name = "fkj"}, {.store = "fk-result"}).to_stream().to("out");
  return *builder.build(options);
}

Topology repartition_and_to_table(const BuildOptions& options) {
  StreamsBuilder builder;
  builder.stream<Text, Text>("in")
      .repartition({.partitions = 3})
      .repartition({.name = "named-rp"})
      .select_key([](const Text& value) { return value; })
      .to_table()
      .to_stream()
      .to("out");
  return *builder.build(options);
}

Topology unnamed_views(const BuildOptions& options) {
  StreamsBuilder builder;
  builder.table<Text, Text>("in")
      .filter([](const std::string&) { return true; }, {})
      .map_values([](const std::string& value) { return value; }, {})
      .group_by(swapped, {.name = "tg"})
      .count({.name = "tcount", .store = "tcount-store"})
      .to_stream()
      .to("out");
  return *builder.build(options);
}

}  // namespace

Family table_topologies() {
  return {.scenarios = {{"table-source", source},
                        {"table-source-idempotent", source},
                        {"table-filter", filter},
                        {"table-groupby-agg", group_by_aggregate},
                        {"table-out-of-order-groupby", group_by_reduce},
                        {"tt-inner-join", inner_join},
                        {"tt-inner-join-materialized", inner_join_in_store},
                        {"tt-left-join", left_join},
                        {"nocache-tt-inner-join-materialized", inner_join_in_store},
                        {"fk-inner-join", foreign_key_join},
                        {"totable-null-key", to_table_with_null_keys},
                        {"mapvalues-nullness", map_values_to_null},
                        {"nocache-table-source", source},
                        {"nocache-table-groupby-agg", group_by_aggregate}},
          .descriptions = {{"07-table-source-unmaterialized", unmaterialized_source},
                           {"08-table-source-materialized", as_it_is<materialized_source>},
                           {"08-table-source-materialized.optimized", optimized<materialized_source>},
                           {"09-table-groupby-aggregate", as_it_is<sum_by_value>},
                           {"09-table-groupby-aggregate.optimized", optimized<sum_by_value>},
                           {"10-table-groupby-count-and-reduce", as_it_is<count_and_reduce>},
                           {"10-table-groupby-count-and-reduce.optimized", optimized<count_and_reduce>},
                           {"18-table-table-joins", as_it_is<chained_joins>},
                           {"18-table-table-joins.optimized", optimized<chained_joins>},
                           {"19-fk-inner-join", as_it_is<foreign_key_inner_join>},
                           {"19-fk-inner-join.optimized", optimized<foreign_key_inner_join>},
                           {"20-fk-left-join-named", as_it_is<foreign_key_left_join>},
                           {"20-fk-left-join-named.optimized", optimized<foreign_key_left_join>},
                           {"28-repartition-and-totable", as_it_is<repartition_and_to_table>},
                           {"28-repartition-and-totable.optimized", optimized<repartition_and_to_table>},
                           {"37-filter-materialized-with-unnamed", as_it_is<unnamed_views>},
                           {"37-filter-materialized-with-unnamed.optimized", optimized<unnamed_views>}}};
}

}  // namespace levada
