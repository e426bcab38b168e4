#include "tests/conformance/describe_topologies.h"

#include <cstdint>
#include <optional>
#include <vector>

#include <levada/dsl/streams_builder.h>

namespace levada {
namespace {

using Text = std::optional<std::string>;  // Java's strings can all be null
using Texts = KStream<Text, Text>;

Text value_of(const Text&, const Text& value) { return value; }

Text last(const std::string&, const std::string& next) { return next; }

auto starts_with(const std::string& prefix) {
  return [prefix](const Text& value) { return value->starts_with(prefix); };
}

Topology stateless_chain() {
  StreamsBuilder builder;
  builder.stream<Text, Text>("in")
      .filter([](const Text& value) { return value.has_value(); })
      .map_values([](const Text& value) { return *value + "!"; })
      .peek([](const std::string&) {})
      .to("out");
  return *builder.build();
}

Topology group_by_key_count() {
  StreamsBuilder builder;
  builder.stream<Text, Text>("in").group_by_key().count().to_stream().to("out");
  return *builder.build();
}

Topology group_by_count(const BuildOptions& options) {
  StreamsBuilder builder;
  builder.stream<Text, Text>("in").group_by(value_of).count().to_stream().to("out");
  return *builder.build(options);
}

Topology group_by_count_all_named() {
  StreamsBuilder builder;
  builder.stream<Text, Text>("in", {.name = "src"})
      .group_by(value_of, {.name = "grp"})
      .count({.name = "cnt", .store = "cnt-store"})
      .to_stream({.name = "to-stream"})
      .to("out", {.name = "snk"});
  return *builder.build();
}

Topology word_count() {
  StreamsBuilder builder;
  builder.stream<Text, std::string>("text")
      .flat_map_values([](const std::string& line) { return std::vector<std::string>{line}; })
      .group_by([](const std::string& word) { return word; })
      .count({.store = "counts"})
      .to_stream()
      .to("wc");
  return *builder.build();
}

Topology two_aggregations(const BuildOptions& options) {
  StreamsBuilder builder;
  const Texts stream = builder.stream<Text, Text>("in").select_key(value_of);
  stream.group_by_key().count().to_stream().to("counts");
  stream.group_by_key().reduce(last).to_stream().to("reduced");
  return *builder.build(options);
}

Topology branch_and_merge() {
  StreamsBuilder builder;
  auto branches = builder.stream<Text, Text>("in")
                      .split({.name = "sp-"})
                      .branch(starts_with("a"), {.name = "a"})
                      .branch(starts_with("b"))
                      .default_branch({.name = "rest"});
  branches.at("sp-a").merge(branches.at("sp-rest")).to("out");
  branches.at("sp-2").to("bs");
  return *builder.build();
}

Topology branch_auto_named() {
  StreamsBuilder builder;
  auto branches = builder.stream<Text, Text>("in")
                      .split()
                      .branch(starts_with("a"))
                      .branch(starts_with("b"), {.consumer = [](const Texts& branch) { branch.to("b"); }})
                      .no_default_branch();
  branches.begin()->second.for_each([](const Text&) {});
  return *builder.build();
}

Topology merge_of_two_key_changers(const BuildOptions& options) {
  StreamsBuilder builder;
  const Texts a = builder.stream<Text, Text>("a").select_key(value_of);
  const Texts b = builder.stream<Text, Text>("b").select_key(value_of);
  const Texts merged = a.merge(b);
  merged.group_by_key().count().to_stream().to("c");
  merged.group_by_key().reduce(last).to_stream().to("r");
  return *builder.build(options);
}

Topology map_values_before_repartition() {
  StreamsBuilder builder;
  const Texts stream = builder.stream<Text, Text>("in").select_key(value_of);
  stream.map_values([](const Text& value) { return *value + "1"; }).group_by_key().count().to_stream().to("c");
  stream.map_values([](const Text& value) { return *value + "2"; }).group_by_key().count().to_stream().to("d");
  return *builder.build();
}

}  // namespace

TopologyMakers describe_topologies() {
  TopologyMakers all = {{"01-stateless-chain", stateless_chain},
                        {"02-groupbykey-count", group_by_key_count},
                        {"03-groupby-count", as_it_is<group_by_count>},
                        {"03-groupby-count.optimized", optimized<group_by_count>},
                        {"04-groupby-count-all-named", group_by_count_all_named},
                        {"05-wordcount-materialized", word_count},
                        {"06-selectkey-two-aggregations", as_it_is<two_aggregations>},
                        {"06-selectkey-two-aggregations.optimized", optimized<two_aggregations>},
                        {"26-branch-and-merge", branch_and_merge},
                        {"27-branch-auto-named", branch_auto_named},
                        {"31-merge-of-two-key-changers", as_it_is<merge_of_two_key_changers>},
                        {"31-merge-of-two-key-changers.optimized", optimized<merge_of_two_key_changers>},
                        {"39-mapvalues-blocks-repartition-merge", map_values_before_repartition}};
  for (Family family : families()) all.merge(family.descriptions);
  return all;
}

}  // namespace levada
