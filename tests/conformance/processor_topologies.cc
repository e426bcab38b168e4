// The Processor API, topics by pattern or chosen for each record, kinds of stores.
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <levada/dsl/streams_builder.h>
#include <levada/dsl/topology_builder.h>
#include <levada/state/key_value_store.h>
#include <levada/state/window_store.h>

#include "tests/conformance/families.h"

namespace levada {
namespace {

using Text = std::optional<std::string>;  // Java's strings can all be null
using Values = KeyValueStore<std::string, std::string>;
using Windows = WindowStore<std::string, std::string>;

class Noop final : public Processor<Text, Text, Text, Text> {
 public:
  Noop() = default;
  explicit Noop(const StoreRef<Windows>&) {}
  Noop(const StoreRef<Values>&, const StoreRef<Windows>&) {}
  void process(const Record& record) override { emit(record); }
};

class NoopFixed final : public FixedKeyProcessor<Text, Text, Text> {
 public:
  explicit NoopFixed(const StoreRef<Values>&) {}
  void process_value(const Record& record) override { emit(record.value); }
};

Topology process_with_stores() {
  StreamsBuilder builder;
  const auto values = builder.add_store<Values>("kv");
  const auto windows =
      builder.add_store<Windows>("win", {.window_size = std::chrono::minutes(1), .retention = std::chrono::hours(1)});
  builder.stream<Text, Text>("in")
      .process<Noop>(values, windows)
      .process_values<NoopFixed>(values)
      .process<Noop>(Named{"my-proc"}, windows)
      .to("out");
  return *builder.build();
}

Topology patterns_and_dynamic_sinks() {
  StreamsBuilder builder;
  builder.stream<Text, Text>(TopicPattern("logs-.*")).to([](const Text& key, const Text&, const RecordContext&) {
    return "dyn-" + *key;
  });
  builder.stream<Text, Text>({"t3", "t1", "t2"})
      .flat_map([](const Text& key, const Text& value) {
        return std::vector<KeyValue<Text, Text>>{{value, key}};
      })
      .print();
  return *builder.build();
}

Topology wired_by_hand() {
  TopologyBuilder builder;
  builder.add_source<Text, Text>("Source", "in").add_processor<Noop>("Proc", {"Source"});
  builder.add_state_store<Values>("mem", {.engine = StoreEngine::kInMemory}, {"Proc"});
  builder.add_sink<Text, Text>("SinkA", "out-a", {"Proc"})
      .add_sink<Text, Text>("SinkB", [](const Text&, const Text&) { return "dyn"; }, {"Proc", "Source"});
  return *builder.build();
}

Topology count() {
  StreamsBuilder builder;
  builder.stream<Text, Text>("in").group_by_key().count({.store = "s"}).to_stream().to("out");
  return *builder.build();
}

}  // namespace

Family processor_topologies() {
  return {.scenarios = {{"iq-consistency-header", count}},
          .descriptions = {{"29-process-with-stores", process_with_stores},
                           {"32-pattern-multi-topic-dynamic-sink", patterns_and_dynamic_sinks},
                           {"41-papi-topology", wired_by_hand}}};
}

}  // namespace levada
