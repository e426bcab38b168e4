#include "tests/conformance/scenario_topologies.h"

#include <chrono>
#include <cstdint>
#include <optional>

#include <levada/dsl/streams_builder.h>
#include <levada/state/window_store.h>

namespace levada {
namespace {

using std::chrono::seconds;
using Text = std::optional<std::string>;  // Java's strings can all be null
using Texts = KStream<Text, Text>;

KGroupedStream<Text, Text> by_key(StreamsBuilder& builder) { return builder.stream<Text, Text>("in").group_by_key(); }

Topology count() {
  StreamsBuilder builder;
  by_key(builder).count({.store = "s"}).to_stream().to("out");
  return *builder.build();
}

std::optional<std::string> append_or_delete(const std::string& so_far, const std::string& next) {
  if (next == "DEL") return std::nullopt;
  return so_far + next;
}

Topology reduce() {
  StreamsBuilder builder;
  by_key(builder).reduce(append_or_delete, {.store = "s"}).to_stream().to("out");
  return *builder.build();
}

Topology group_by() {
  StreamsBuilder builder;
  builder.stream<Text, Text>("in")
      .group_by([](const Text& value) { return value == "NULLKEY" ? std::nullopt : value; })
      .count({.store = "s"})
      .to_stream()
      .to("out");
  return *builder.build();
}

Topology windowed_count(const TimeWindows& windows, StoreEngine engine = StoreEngine::kRocksDb) {
  StreamsBuilder builder;
  by_key(builder).windowed_by(windows).count({.store = "w", .engine = engine}).to_stream().to("out");
  return *builder.build();
}

Topology tumbling() { return windowed_count(TimeWindows::of(seconds(10), {.grace = seconds(5)})); }

Topology hopping() { return windowed_count(TimeWindows::of(seconds(10)).advance_by(seconds(5))); }

Topology tumbling_without_grace() { return windowed_count(TimeWindows::of(seconds(10))); }

Topology tumbling_in_memory() { return windowed_count(TimeWindows::of(seconds(10)), StoreEngine::kInMemory); }

Topology windowed_reduce() {
  StreamsBuilder builder;
  by_key(builder)
      .windowed_by(TimeWindows::of(seconds(10)))
      .reduce(
          [](const std::string& so_far, const Text& next) -> Text {
            if (!next) return std::nullopt;
            return so_far + *next;
          },
          {.store = "w"})
      .to_stream()
      .to("out");
  return *builder.build();
}

using Windows = WindowStore<std::string, std::string>;

// Puts each value at its own time, and emits what is there afterwards, as Java writes it.
class PutInWindow final : public Processor<Text, Text, Text, std::string> {
 public:
  PutInWindow(Context& context, const StoreRef<Windows>& store) : store_(context.store(store)) {}

  void process(const Record& record) override {
    store_.put(*record.key, record.value, record.timestamp);
    const std::string there = store_.fetch(*record.key, record.timestamp).value_or("null");
    emit(record.with_value(there));
  }

 private:
  Windows& store_;
};

Topology stale_put() {
  StreamsBuilder builder;
  const auto store = builder.add_store<Windows>("w", {.window_size = seconds(1), .retention = seconds(120)});
  builder.stream<Text, Text>("in").process<PutInWindow>(store).to("out");
  return *builder.build();
}

Topology merge_and_branch() {
  StreamsBuilder builder;
  auto branches = builder.stream<Text, Text>("in")
                      .split({.name = "b-"})
                      .branch([](const Text& value) { return value->size() > 1; }, {.name = "long"})
                      .branch([](const Text& value) { return value->starts_with("a"); }, {.name = "a"})
                      .default_branch({.name = "d"});
  branches.at("b-long").merge(branches.at("b-a")).to("out");
  branches.at("b-d").to("rest");
  return *builder.build();
}

}  // namespace

TopologyMakers scenario_topologies() {
  TopologyMakers all = {{"kv-count", count},
                        {"kv-count-headers", count},
                        {"kv-reduce-null-and-delete", reduce},
                        {"groupby-repartition", group_by},
                        {"window-tumbling", tumbling},
                        {"window-hopping", hopping},
                        {"window-stale-put", stale_put},
                        {"list-of-in-memory", tumbling_in_memory},
                        {"merge-and-branch", merge_and_branch},
                        {"nocache-kv-reduce", reduce},
                        {"nocache-window-headers", tumbling_without_grace},
                        {"windowed-reduce-null", windowed_reduce}};
  for (Family family : families()) all.merge(family.scenarios);
  return all;
}

}  // namespace levada
