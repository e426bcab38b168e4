// Global tables and stores, versioned tables, joins of streams with tables.
#include <chrono>
#include <optional>
#include <string>

#include <levada/dsl/streams_builder.h>
#include <levada/state/key_value_store.h>

#include "tests/conformance/families.h"

namespace levada {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using Text = std::optional<std::string>;  // Java's strings can all be null

std::string with_comma(const std::string& left, const Text& right) { return left + "," + right.value_or("null"); }

std::string together(const std::string& left, const Text& right) { return left + right.value_or("null"); }

Text value_of(const Text& value) { return value; }

Text value_unless_nul(const Text& value) { return value == "nul" ? std::nullopt : value; }

// ---- scenarios

Topology stream_table_join() {
  StreamsBuilder builder;
  const auto table = builder.table<Text, Text>("t", {}, {.store = "ts"});
  const auto stream = builder.stream<Text, Text>("s");
  stream.join(table, with_comma).to("inner");
  stream.left_join(table, with_comma).to("left");
  return *builder.build();
}

Topology versioned_table() {
  StreamsBuilder builder;
  builder.table<Text, Text>("in", {}, {.store = "v", .history_retention = seconds(60)}).to_stream().to("out");
  return *builder.build();
}

Topology versioned_join() {
  StreamsBuilder builder;
  const auto table = builder.table<Text, Text>("t", {}, {.store = "v", .history_retention = seconds(60)});
  builder.stream<Text, Text>("s").left_join(table, with_comma).to("out");
  return *builder.build();
}

Topology versioned_join_with_grace() {
  StreamsBuilder builder;
  const auto table = builder.table<Text, Text>("t", {}, {.store = "v", .history_retention = seconds(60)});
  builder.stream<Text, Text>("s").join(table, with_comma, {.name = "vj", .grace = seconds(10)}).to("out");
  return *builder.build();
}

Topology global_table_join() {
  StreamsBuilder builder;
  const auto table = builder.global_table<Text, Text>("g", {}, {.store = "gs"});
  const auto stream = builder.stream<Text, Text>("s");
  stream.join(table, value_unless_nul, with_comma).to("inner");
  stream.left_join(table, value_unless_nul, with_comma).to("left");
  return *builder.build();
}

Topology null_key_through_repartition() {
  StreamsBuilder builder;
  const auto table = builder.table<Text, Text>("t", {}, {.store = "ts"});
  builder.stream<Text, Text>("s").select_key(value_unless_nul).left_join(table, with_comma).to("out");
  return *builder.build();
}

// ---- descriptions

Topology stream_table_join_repartitioned(const BuildOptions& options) {
  StreamsBuilder builder;
  const auto table = builder.table<Text, Text>("table");
  builder.stream<Text, Text>("stream").select_key(value_of).left_join(table, together).to("out");
  return *builder.build(options);
}

Topology stream_global_table_join() {
  StreamsBuilder builder;
  const auto table = builder.global_table<Text, Text>("global", {}, {.store = "gstore"});
  builder.stream<Text, Text>("stream").join(table, value_of, together).to("out");
  return *builder.build();
}

Topology versioned_join_with_long_grace(const BuildOptions& options) {
  StreamsBuilder builder;
  const auto table = builder.table<Text, Text>("table", {}, {.store = "vt", .history_retention = minutes(10)});
  builder.stream<Text, Text>("stream").join(table, together, {.name = "vj", .grace = seconds(30)}).to("out");
  return *builder.build(options);
}

struct KeepNothing final : Terminal<Text, Text> {
  using Store = KeyValueStore<std::string, std::string>;
  explicit KeepNothing(const StoreRef<Store>&) {}
  void process(const Record<Text, Text>&) override {}
};

struct Unchanged final : TableTransformer<std::string, std::string, Text> {
  Text transform(const std::string&, const Text& value) override { return value; }
};

Topology global_store_and_table() {
  StreamsBuilder builder;
  builder.add_global_store<KeepNothing::Store, KeepNothing>("gs", "gt");
  builder.table<Text, Text>("in")
      .transform_values<Unchanged>(MaterializedTable<std::string, std::string>{.store = "tv"})
      .to_stream([](const std::string& key, const Text&) { return key + "x"; })
      .to("out");
  return *builder.build();
}

Topology named_table_and_unnamed_global_table() {
  StreamsBuilder builder;
  builder.table<Text, Text>("t", {.name = "tname"})
      .to_stream({.name = "ts"})
      .for_each([](const Text&) {}, {.name = "fe"});
  const auto table = builder.global_table<Text, Text>("g");
  builder.stream<Text, Text>("s", {.name = "sname"})
      .left_join(table, value_of, together, {.name = "gj"})
      .filter_not([](const std::string&) { return false; }, {.name = "fn"})
      .print({.name = "pr"});
  return *builder.build();
}

Topology versioned_join_repartitioned(const BuildOptions& options) {
  StreamsBuilder builder;
  const auto table = builder.table<Text, Text>("table", {}, {.store = "vt", .history_retention = minutes(10)});
  builder.stream<Text, Text>("stream")
      .select_key(value_of)
      .left_join(table, together, {.grace = seconds(30)})
      .to("out");
  return *builder.build(options);
}

}  // namespace

Family global_topologies() {
  return {.scenarios = {{"st-join", stream_table_join},
                        {"versioned-table", versioned_table},
                        {"versioned-join", versioned_join},
                        {"versioned-join-grace", versioned_join_with_grace},
                        {"global-table-join", global_table_join},
                        {"null-key-through-repartition", null_key_through_repartition}},
          .descriptions = {
              {"16-stream-table-join-repartitioned", as_it_is<stream_table_join_repartitioned>},
              {"16-stream-table-join-repartitioned.optimized", optimized<stream_table_join_repartitioned>},
              {"17-stream-globaltable-join", stream_global_table_join},
              {"33-versioned-table-join-with-grace", as_it_is<versioned_join_with_long_grace>},
              {"33-versioned-table-join-with-grace.optimized", optimized<versioned_join_with_long_grace>},
              {"36-global-store-and-table-transformvalues", global_store_and_table},
              {"43-named-table-and-unnamed-globaltable", named_table_and_unnamed_global_table},
              {"44-versioned-join-grace-unnamed-repartitioned", as_it_is<versioned_join_repartitioned>},
              {"44-versioned-join-grace-unnamed-repartitioned.optimized", optimized<versioned_join_repartitioned>}}};
}

}  // namespace levada
