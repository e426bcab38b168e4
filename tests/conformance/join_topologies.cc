// Joins of two streams; suppressed tables.
#include <chrono>
#include <optional>
#include <string>

#include <levada/dsl/streams_builder.h>

#include "tests/conformance/families.h"

namespace levada {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using Text = std::optional<std::string>;  // Java's strings can all be null
using Texts = KStream<Text, Text>;

const JoinWindows kWithGrace = JoinWindows::of(seconds(10), {.grace = seconds(5)});
const JoinWindows kWithoutGrace = JoinWindows::of(seconds(10));

std::string with_comma(const Text& left, const Text& right) {
  return left.value_or("null") + "," + right.value_or("null");
}

std::string together(const Text& left, const Text& right) { return left.value_or("null") + right.value_or("null"); }

Topology inner_join(const JoinWindows& windows) {
  StreamsBuilder builder;
  const Texts right = builder.stream<Text, Text>("r");
  builder.stream<Text, Text>("l").join(right, with_comma, windows, {.name = "jn", .store_name = "j"}).to("out");
  return *builder.build();
}

Topology scenario_inner_join() { return inner_join(kWithGrace); }

Topology scenario_late_record() { return inner_join(kWithoutGrace); }

Topology scenario_left_join() {
  StreamsBuilder builder;
  const Texts right = builder.stream<Text, Text>("r");
  builder.stream<Text, Text>("l").left_join(right, with_comma, kWithGrace, {.name = "jn", .store_name = "j"}).to("out");
  return *builder.build();
}

Topology scenario_outer_join() {
  StreamsBuilder builder;
  const Texts right = builder.stream<Text, Text>("r");
  builder.stream<Text, Text>("l")
      .outer_join(right, with_comma, kWithoutGrace, {.name = "jn", .store_name = "j"})
      .to("out");
  return *builder.build();
}

Topology self_join(const BuildOptions& options) {
  StreamsBuilder builder;
  const Texts stream = builder.stream<Text, Text>("in");
  stream.join(stream, together, kWithoutGrace).to("out");
  return *builder.build(options);
}

template <class Join>
Topology described(Join join) {
  StreamsBuilder builder;
  const Texts left = builder.stream<Text, Text>("left");
  const Texts right = builder.stream<Text, Text>("right");
  join(left, right).to("out");
  return *builder.build();
}

Topology described_inner_join() {
  return described([](const Texts& left, const Texts& right) { return left.join(right, together, kWithGrace); });
}

Topology described_left_join() {
  return described([](const Texts& left, const Texts& right) { return left.left_join(right, together, kWithGrace); });
}

Topology described_outer_join() {
  return described([](const Texts& left, const Texts& right) { return left.outer_join(right, together, kWithGrace); });
}

Topology scenario_final_results() {
  StreamsBuilder builder;
  builder.stream<Text, Text>("in")
      .group_by_key()
      .windowed_by(TimeWindows::of(seconds(10), {.grace = seconds(5)}))
      .count({.store = "w"})
      .suppress(Suppressed::until_window_closes(BufferConfig::unbounded(), {.name = "sup"}))
      .to_stream()
      .to("out");
  return *builder.build();
}

Topology scenario_time_limit() {
  StreamsBuilder builder;
  builder.table<Text, Text>("in", {}, {.store = "t"})
      .suppress(Suppressed::until_time_limit(seconds(5), BufferConfig::unbounded(), {.name = "sup"}))
      .to_stream()
      .to("out");
  return *builder.build();
}

Topology described_final_results() {
  StreamsBuilder builder;
  builder.stream<Text, Text>("in")
      .group_by_key()
      .windowed_by(TimeWindows::of(minutes(1), {.grace = seconds(10)}))
      .count()
      .suppress(Suppressed::until_window_closes(BufferConfig::unbounded()))
      .to_stream()
      .to("out");
  return *builder.build();
}

Topology described_time_limit() {
  StreamsBuilder builder;
  builder.stream<Text, Text>("in")
      .group_by([](const Text& value) { return value; }, {.name = "regroup"})
      .windowed_by(TimeWindows::of(minutes(5)).advance_by(minutes(1)))
      .reduce([](const std::string&, const Text& next) { return next; },
              {.name = "red", .store = "red-store", .retention = hours(1)})
      .suppress(Suppressed::until_time_limit(seconds(30), BufferConfig::max_records(100).emit_early_when_full(),
                                             {.name = "sup"}))
      .to_stream()
      .to("out");
  return *builder.build();
}

}  // namespace

Family join_topologies() {
  return {.scenarios = {{"ss-inner-join", scenario_inner_join},
                        {"ss-left-join", scenario_left_join},
                        {"ss-outer-join", scenario_outer_join},
                        {"ss-join-late-record", scenario_late_record},
                        {"ss-self-join-optimized", optimized<self_join>},
                        {"ss-self-join-unoptimized", as_it_is<self_join>},
                        {"suppress-window-close", scenario_final_results},
                        {"suppress-time-limit", scenario_time_limit}},
          .descriptions = {{"11-stream-stream-inner-join", described_inner_join},
                           {"12-stream-stream-left-join", described_left_join},
                           {"13-stream-stream-outer-join", described_outer_join},
                           {"15-stream-self-join", as_it_is<self_join>},
                           {"15-stream-self-join.optimized", optimized<self_join>},
                           {"21-windowed-count-suppress", described_final_results},
                           {"22-windowed-groupby-reduce-suppress-named", described_time_limit}}};
}

}  // namespace levada
