// Windows that are neither tumbling nor hopping, results at their close, co-grouping.
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include <levada/dsl/streams_builder.h>

#include "tests/conformance/families.h"

namespace levada {
namespace {

using std::chrono::seconds;
using Text = std::optional<std::string>;  // Java's strings can all be null
using Number = std::optional<std::int64_t>;
using Sessions = Windowed<std::string>;

KGroupedStream<Text, Text> by_key(StreamsBuilder& builder, const std::string& topic = "in") {
  return builder.stream<Text, Text>(topic).group_by_key();
}

Produced<Sessions, Number> of_sessions() { return {.key = session_windowed_serde<std::string>()}; }

Topology session_count() {
  StreamsBuilder builder;
  by_key(builder)
      .windowed_by(SessionWindows::of(seconds(10), {.grace = seconds(5)}))
      .count({.store = "w"})
      .to_stream()
      .to("out", of_sessions());
  return *builder.build();
}

Topology session_count_at_close() {
  StreamsBuilder builder;
  by_key(builder)
      .windowed_by(SessionWindows::of(seconds(10)))
      .emit_strategy(EmitStrategy::on_window_close())
      .count({.store = "w"})
      .to_stream()
      .to("out", of_sessions());
  return *builder.build();
}

Topology sliding_aggregate() {
  StreamsBuilder builder;
  by_key(builder)
      .windowed_by(SlidingWindows::of(seconds(10), {.grace = seconds(20)}))
      .aggregate(std::string(), [](const std::string& so_far, const std::string& value) { return so_far + value; },
                 {.store = "w"})
      .to_stream()
      .to("out");
  return *builder.build();
}

Topology sliding_count() {
  StreamsBuilder builder;
  by_key(builder).windowed_by(SlidingWindows::of(seconds(10))).count({.store = "w"}).to_stream().to("out");
  return *builder.build();
}

Topology tumbling_count_at_close() {
  StreamsBuilder builder;
  by_key(builder)
      .windowed_by(TimeWindows::of(seconds(10)))
      .emit_strategy(EmitStrategy::on_window_close())
      .count({.store = "w"})
      .to_stream()
      .to("out");
  return *builder.build();
}

auto append(const std::string& mark) {
  return [mark](const std::string& so_far, const std::string& value) { return so_far + mark + value; };
}

Topology cogroup() {
  StreamsBuilder builder;
  const auto one = by_key(builder, "one");
  const auto two = by_key(builder, "two");
  one.cogroup(append("1")).cogroup(two, append("2")).aggregate(std::string(), {.store = "s"}).to_stream().to("out");
  return *builder.build();
}

Topology session_aggregate() {
  StreamsBuilder builder;
  by_key(builder)
      .windowed_by(SessionWindows::of(seconds(30), {.grace = seconds(5)}))
      .aggregate(
          std::int64_t{0}, [](std::int64_t count, const Text&) { return count + 1; },
          [](std::int64_t a, const std::int64_t& b) { return a + b; })
      .to_stream()
      .to("out", of_sessions());
  return *builder.build();
}

Topology sliding_count_at_close() {
  StreamsBuilder builder;
  by_key(builder)
      .windowed_by(SlidingWindows::of(seconds(10), {.grace = seconds(3)}))
      .emit_strategy(EmitStrategy::on_window_close())
      .count()
      .to_stream()
      .to("out");
  return *builder.build();
}

Topology cogroup_with_repartition() {
  StreamsBuilder builder;
  const auto one = by_key(builder, "one");
  const auto two = builder.stream<Text, Number>("two").group_by(
      [](const Number& value) { return Text("k" + std::to_string(*value)); });
  one.cogroup([](std::int64_t sum, const std::string& value) { return sum + static_cast<std::int64_t>(value.size()); })
      .cogroup(two, [](std::int64_t sum, std::int64_t value) { return sum + value; })
      .aggregate(std::int64_t{0})
      .to_stream()
      .to("out");
  return *builder.build();
}

// Counts with options but without a name for the store use up a number more, but for those over sliding windows.
Topology unnamed_stores(const BuildOptions& options) {
  constexpr std::chrono::minutes kMinute(1);
  StreamsBuilder builder;
  const auto grouped = by_key(builder);
  grouped.count({}).to_stream().to("a");
  grouped.windowed_by(TimeWindows::of(kMinute)).count({});
  grouped.windowed_by(SessionWindows::of(kMinute)).count({});
  grouped.windowed_by(SlidingWindows::of(kMinute)).count({});
  grouped.reduce([](const std::string&, const std::string& value) { return value; });
  grouped.aggregate(std::string(), [](const std::string& so_far, const std::string&) { return so_far; });
  builder.table<Text, std::string>("t")
      .group_by([](const Text& key, const std::string& value) { return std::pair<std::string, Text>(value, key); })
      .count();
  return *builder.build(options);
}

}  // namespace

Family window_topologies() {
  return {.scenarios = {{"session-merge", session_count},
                        {"nocache-session-headers", session_count},
                        {"cache-session-headers", session_count},
                        {"emit-final-session", session_count_at_close},
                        {"emit-final-tumbling", tumbling_count_at_close},
                        {"sliding", sliding_aggregate},
                        {"sliding-null-value", sliding_count},
                        {"cogroup", cogroup}},
          .descriptions = {{"23-session-aggregate", session_aggregate},
                           {"24-sliding-count-emit-final", sliding_count_at_close},
                           {"25-cogroup", cogroup_with_repartition},
                           {"42-count-unnamed-materialized-burns-index", as_it_is<unnamed_stores>},
                           {"42-count-unnamed-materialized-burns-index.optimized", optimized<unnamed_stores>}}};
}

}  // namespace levada
