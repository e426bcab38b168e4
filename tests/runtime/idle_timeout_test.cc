// Sources that have nothing for longer than their idle timeout: time goes on without them.
#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/levada.h>
#include <levada/runtime/idle_timeouts.h>

#include "tests/runtime/stepped_app.h"

namespace levada::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Timestamp at(Duration time) { return Timestamp(time); }

const auto kMinute = TimeWindows::of(1min);

// One result a key and minute, at its close.
void count_minutes(const KStream<std::string, std::string>& stream, const std::string& store) {
  stream.group_by_key()
      .windowed_by(kMinute)
      .count({.store = store})
      .suppress(Suppressed::until_window_closes(BufferConfig::unbounded()))
      .to_stream()
      .map([](const Windowed<std::string>& key, const std::int64_t& count) {
        return std::pair(key.key, key.key + "=" + std::to_string(count));
      })
      .to("out");
}

Topology suppressed_counts(std::optional<Duration> idle_timeout = 10s) {
  StreamsBuilder builder;
  count_minutes(builder.stream<std::string, std::string>("in", {.idle_timeout = idle_timeout}), "counts");
  return builder.build().value();
}

std::vector<std::string> read_values(TopologyTestDriver& driver) {
  return driver.output<std::string, std::string>("out").read_values();
}

std::size_t results(TopologyTestDriver& driver) { return read_values(driver).size(); }

TEST(IdleTimeout, TimeStandsStillWithoutOne) {
  const Topology topology = suppressed_counts(std::nullopt);
  TopologyTestDriver driver(topology);
  driver.input<std::string, std::string>("in").pipe("a", "v", at(5s));
  driver.advance_wall_clock_time(1h);
  EXPECT_EQ(results(driver), 0U);
}

TEST(IdleTimeout, TimeGoesOnWithTheClockWhenItIsOver) {
  const Topology topology = suppressed_counts();
  TopologyTestDriver driver(topology);
  driver.input<std::string, std::string>("in").pipe("a", "v", at(5s));
  driver.advance_wall_clock_time(10s);
  driver.advance_wall_clock_time(54s);
  EXPECT_EQ(results(driver), 0U);
  driver.advance_wall_clock_time(1s);
  EXPECT_THAT(read_values(driver), ElementsAre("a=1"));
}

TEST(IdleTimeout, EveryRecordEndsTheSilence) {
  const Topology topology = suppressed_counts();
  TopologyTestDriver driver(topology);
  auto in = driver.input<std::string, std::string>("in");
  for (int i = 0; i < 20; ++i) {
    in.pipe("a", "v", at(5s));
    driver.advance_wall_clock_time(10s);
  }
  EXPECT_EQ(results(driver), 0U);
}

TEST(IdleTimeout, WhatComesLaterThanItCanBeLate) {
  const Topology topology = suppressed_counts();
  TopologyTestDriver driver(topology);
  auto in = driver.input<std::string, std::string>("in");
  in.pipe("a", "v", at(5s));
  driver.advance_wall_clock_time(66s);
  in.pipe("a", "v", at(20s));
  EXPECT_EQ(driver.dropped_records(DropReason::kLate), 1U);
}

TEST(IdleTimeout, ADefaultIsOfSourcesWithoutTheirOwn) {
  const Topology topology = suppressed_counts(std::nullopt);
  TopologyTestDriver driver(topology, {.idle_timeout = 10s});
  driver.input<std::string, std::string>("in").pipe("a", "v", at(5s));
  driver.advance_wall_clock_time(65s);
  EXPECT_EQ(results(driver), 1U);
}

TEST(IdleTimeout, ASilentSourceTakesOnTheTimeOfTheOthers) {
  StreamsBuilder builder;
  count_minutes(builder.stream<std::string, std::string>("in", {.idle_timeout = 10s}), "counts");
  builder.stream<std::string, std::string>("busy").for_each([](const std::string&, const std::string&) {});
  const Topology topology = builder.build().value();
  TopologyTestDriver driver(topology);
  driver.input<std::string, std::string>("in").pipe("a", "v", at(5s));
  auto busy = driver.input<std::string, std::string>("busy");
  busy.pipe("b", "v", at(2min));
  EXPECT_EQ(results(driver), 0U);
  driver.advance_wall_clock_time(10s);
  busy.pipe("b", "v", at(2min));
  EXPECT_EQ(results(driver), 1U);
}

TEST(IdleTimeout, RepartitionTopicsHaveThatOfTheirSources) {
  StreamsBuilder builder;
  count_minutes(builder.stream<std::string, std::string>("in", {.idle_timeout = 10s})
                    .select_key([](const std::string&, const std::string& value) { return value; }),
                "counts");
  const Topology topology = builder.build().value();
  TaskPlan plan{.topology = &topology,
                .inputs = {{{"in", 0}, "in"}, {{"app-counts-repartition", 0}, "counts-repartition"}}};
  set_idle_timeouts({.commit_interval = 5s}, topology, absl::MakeSpan(plan.inputs));
  EXPECT_EQ(plan.inputs[0].idle_timeout, Duration(10s));
  EXPECT_EQ(plan.inputs[1].idle_timeout, Duration(15s));
  TopologyTestDriver driver(topology);
  driver.input<std::string, std::string>("in").pipe("a", "v", at(5s));
  driver.advance_wall_clock_time(65s);
  EXPECT_THAT(read_values(driver), ElementsAre("v=1"));
}

TEST(IdleTimeout, RepartitionTopicsHaveNoneIfASourceHasNone) {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("in", {.idle_timeout = 10s})
      .merge(builder.stream<std::string, std::string>("other"))
      .select_key([](const std::string&, const std::string& value) { return value; })
      .group_by_key()
      .count({.store = "counts"});
  const Topology topology = builder.build().value();
  TaskPlan plan{.topology = &topology, .inputs = {{{"app-counts-repartition", 0}, "counts-repartition"}}};
  set_idle_timeouts({}, topology, absl::MakeSpan(plan.inputs));
  EXPECT_EQ(plan.inputs[0].idle_timeout, std::nullopt);
}

TEST(IdleTimeout, RepartitionTopicsHaveThatOfPatternsBeforeAnythingMatches) {
  for (const std::optional<Duration> timeout : {std::optional<Duration>(10s), std::optional<Duration>()}) {
    StreamsBuilder builder;
    builder.stream<std::string, std::string>(TopicPattern("in-.*"), {.idle_timeout = timeout})
        .select_key([](const std::string&, const std::string& value) { return value; })
        .group_by_key()
        .count({.store = "counts"});
    const Topology topology = builder.build().value();
    std::vector<TaskInput> inputs = {{{"app-counts-repartition", 0}, "counts-repartition"}, {{"in-1", 0}, "in-1"}};
    set_idle_timeouts({}, topology, absl::MakeSpan(inputs));
    EXPECT_EQ(inputs[0].idle_timeout, timeout);
    EXPECT_EQ(inputs[1].idle_timeout, timeout);
  }
}

// Results at the close of all kinds of windows.
Topology results_at_close(DslStoreFormat format) {
  StreamsBuilder builder;
  const auto in = builder.stream<std::string, std::string>("in", {.idle_timeout = 10s}).group_by_key();
  const auto name = [](const Windowed<std::string>& key, const std::int64_t&) { return key.key; };
  in.windowed_by(kMinute)
      .emit_strategy(EmitStrategy::on_window_close())
      .count({.store = "t"})
      .to_stream(name)
      .to("out");
  in.windowed_by(SlidingWindows::of(1min))
      .emit_strategy(EmitStrategy::on_window_close())
      .count({.store = "s"})
      .to_stream(name)
      .to("out");
  in.windowed_by(SessionWindows::of(1min))
      .emit_strategy(EmitStrategy::on_window_close())
      .count({.store = "g"})
      .to_stream()
      .select_key([](const Windowed<std::string>& key, const std::optional<std::int64_t>&) { return key.key; })
      .to("out");
  return builder.build({.store_format = format}).value();
}

TEST(IdleTimeout, ResultsAtTheCloseOfWindowsNeedNoFurtherRecord) {
  for (const DslStoreFormat format : {DslStoreFormat::kDefault, DslStoreFormat::kHeaders}) {
    const Topology topology = results_at_close(format);
    TopologyTestDriver driver(topology);
    driver.input<std::string, std::string>("in").pipe("a", "v", at(90s), {{"h", "1"}});
    EXPECT_EQ(driver.records("out").size(), 0U);
    driver.advance_wall_clock_time(3min);
    ASSERT_EQ(driver.records("out").size(), 3U);
    for (const TestBytes& result : driver.records("out")) EXPECT_THAT(result.headers, IsEmpty());
  }
}

TEST(IdleTimeout, LeftJoinsNoLongerWait) {
  StreamsBuilder builder;
  const auto left = builder.stream<std::string, std::string>("left", {.idle_timeout = 10s});
  const auto right = builder.stream<std::string, std::string>("right", {.idle_timeout = 10s});
  left.left_join(
          right,
          [](const std::string& one, const std::optional<std::string>& other) { return one + other.value_or("-"); },
          JoinWindows::of(1min))
      .to("out");
  const Topology topology = builder.build().value();
  TopologyTestDriver driver(topology);
  driver.input<std::string, std::string>("left").pipe("a", "l", at(5s));
  driver.advance_wall_clock_time(1min);
  EXPECT_EQ(results(driver), 0U);
  driver.advance_wall_clock_time(11s);
  EXPECT_THAT(read_values(driver), ElementsAre("l-"));
}

class Ticks final : public Processor<std::string, std::string, std::string, std::string> {
 public:
  Ticks(Context& context) {
    context.schedule(1min, PunctuationType::kStreamTime, [this](Timestamp now) {
      emit({std::string("tick"), std::string("tick"), now});
    });
  }
  void process(const Record&) override {}
};

TEST(IdleTimeout, PunctuationsOfStreamTimeComeInTheSilence) {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("in", {.idle_timeout = 10s}).process<Ticks>().to("out");
  const Topology topology = builder.build().value();
  TopologyTestDriver driver(topology);
  driver.input<std::string, std::string>("in").pipe("a", "v", at(5s));
  EXPECT_EQ(driver.records("out").size(), 1U);
  driver.advance_wall_clock_time(66s);
  ASSERT_EQ(driver.records("out").size(), 2U);
  EXPECT_EQ(driver.records("out").back().timestamp, at(61s));
}

TEST(IdleTimeout, EndsTheWaitOfATaskThatIdles) {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("left")
      .merge(builder.stream<std::string, std::string>("right", {.idle_timeout = 10s}))
      .to("out");
  const Topology topology = builder.build().value();
  TopologyTestDriver driver(topology, {.max_task_idle = 1h});
  driver.input<std::string, std::string>("left").pipe("a", "l", at(5s));
  driver.advance_wall_clock_time(9s);
  EXPECT_EQ(results(driver), 0U);
  driver.advance_wall_clock_time(1s);
  EXPECT_EQ(results(driver), 1U);
}

TEST(IdleTimeoutApp, WindowsCloseBehindARepartitionTopic) {
  SteppedApp app({"in", "out"});
  StreamsBuilder builder;
  count_minutes(builder.stream<std::string, std::string>("in").select_key(
                    [](const std::string&, const std::string& value) { return value; }),
                "counts");
  app.start(builder.build().value(), {{"levada.idle.timeout.ms", "1000"}});
  app.send("in", "a", "v", 5'000);
  app.run_rounds(3000);
  EXPECT_THAT(app.values("out"), IsEmpty());
  app.run_rounds(3000);
  EXPECT_THAT(app.values("out"), ElementsAre("v=1"));
}

// Only what has been read to its end can be silent, however long each round takes; and what record caches hold back
// then is told before time goes on.
TEST(IdleTimeoutApp, AReplayGivesWholeResults) {
  constexpr int kRecords = 20'000;
  SteppedApp app({"in", "out"});
  for (int i = 0; i < kRecords; ++i) app.send("in", "a", "v", 1000 * i);
  app.start(suppressed_counts(0ms));
  app.run_until([&] { return app.read("out").size() == kRecords / 60; });
  for (const std::string& value : app.values("out")) EXPECT_EQ(value, "a=60");
  EXPECT_EQ(app.thread().dropped().total(), 0U);
  app.run_rounds(6100);
  EXPECT_EQ(app.values("out").back(), "a=20");
}

}  // namespace
}  // namespace levada::testing
