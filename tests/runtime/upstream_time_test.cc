// Tasks that tell those downstream how far they have come: a replay by instances of different speeds gives the results
// of a live run.
#include <map>
#include <optional>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/levada.h>

#include "tests/support/replay.h"

namespace levada::testing {
namespace {

using namespace std::chrono_literals;

using ::testing::IsEmpty;
using Counts = std::map<std::string, std::string>;
using Settings = std::map<std::string, std::string>;

constexpr int kEvents = 4000;
constexpr int kKeys = 7;
constexpr Duration kStep = 20s;  // from one event to the next: 22 hours in all
constexpr Duration kDisorder = 2s;
const auto kWindows = TimeWindows::of(10min, {.grace = 1min});
const Timestamp kStart{std::chrono::hours(24 * 365 * 30)};

struct Event {
  std::string key;
  std::string value;
  Timestamp time;
};

Event event(int i) {
  return {.key = "id-" + std::to_string(i),
          .value = "k" + std::to_string(i % kKeys),
          .time = kStart + i * kStep - (i % 3) * (kDisorder / 2)};
}

std::string result(const std::string& key, Timestamp window) {
  return key + "@" + std::to_string((window - kStart) / 1s);
}

Timestamp window_of(Timestamp time) { return Timestamp(time.time_since_epoch() / 10min * 10min); }

// What a live run gives, of each key and window or of all keys together.
Counts truth(bool by_key = true) {
  std::map<std::string, int> counts;
  for (int i = 0; i < kEvents; ++i) ++counts[result(by_key ? event(i).value : "all", window_of(event(i).time))];
  Counts texts;
  for (const auto& [key, count] : counts) texts[key] = std::to_string(count);
  return texts;
}

auto by_name = [](const Windowed<std::string>& key, const std::int64_t& count) {
  return std::pair(result(key.key, key.window.start), std::to_string(count));
};

KStream<std::string, std::string> keyed_by_value(StreamsBuilder& builder) {
  return builder.stream<std::string, std::string>("in").select_key(
      [](const std::string&, const std::string& value) { return value; });
}

Topology updates() {
  StreamsBuilder builder;
  keyed_by_value(builder)
      .group_by_key()
      .windowed_by(kWindows)
      .count({.store = "counts"})
      .to_stream()
      .map([](const Windowed<std::string>& key, const std::optional<std::int64_t>& count) {
        return by_name(key, count.value_or(0));
      })
      .to("out");
  return builder.build().value();
}

Topology final_results() {
  StreamsBuilder builder;
  keyed_by_value(builder)
      .group_by_key()
      .windowed_by(kWindows)
      .count({.store = "counts"})
      .suppress(Suppressed::until_window_closes(BufferConfig::unbounded()))
      .to_stream()
      .map(by_name)
      .to("out");
  return builder.build().value();
}

// Counts of each key, and of these the sums, behind a second repartition topic.
Topology two_hops() {
  StreamsBuilder builder;
  keyed_by_value(builder)
      .group_by_key()
      .windowed_by(kWindows)
      .emit_strategy(EmitStrategy::on_window_close())
      .count({.store = "counts"})
      .to_stream()
      .map([](const Windowed<std::string>&, const std::int64_t& count) { return std::pair(std::string("all"), count); })
      .group_by_key()
      .windowed_by(kWindows)
      .reduce([](std::int64_t one, std::int64_t other) { return one + other; }, {.store = "sums"})
      .to_stream()
      .map([](const Windowed<std::string>& key, const std::optional<std::int64_t>& sum) {
        return by_name(key, sum.value_or(0));
      })
      .to("out");
  return builder.build().value();
}

ReplayOptions with_option(Settings more = {}) {
  more["levada.upstream.time.enabled"] = "true";
  return {.settings = std::move(more)};
}

// All events, over the first partitions of "in".
void send_events(Replay& replay, Partition partitions = 4) {
  for (int i = 0; i < kEvents; ++i) {
    const Event each = event(i);
    replay.send(i % partitions, each.key, each.value, each.time);
  }
}

Counts latest(Replay& replay) {
  Counts latest;
  for (const ReplayedRecord& record : replay.read("out")) latest[*record.key] = record.value.value_or("");
  return latest;
}

void expect_live_results(Replay& replay, const Counts& live = truth()) {
  EXPECT_EQ(replay.dropped(), 0U);
  EXPECT_EQ(latest(replay), live);
}

// Each window once, with all that belongs to it; those at the very end are still open.
void expect_final_results(Replay& replay, const Counts& live = truth()) {
  EXPECT_EQ(replay.dropped(), 0U);
  const Timestamp end = event(kEvents - 1).time - 12min - kDisorder - kKeys * kStep;
  std::set<std::string> seen;
  for (const ReplayedRecord& record : replay.read("out")) {
    EXPECT_TRUE(seen.insert(*record.key).second) << *record.key;
    EXPECT_EQ(*record.value, live.at(*record.key)) << *record.key;
  }
  for (int i = 0; event(i).time < end; ++i) {
    const std::string key = result(event(i).value, window_of(event(i).time));
    EXPECT_TRUE(seen.contains(key)) << key;
  }
}

TEST(UpstreamTime, WithoutTheOptionAReplayDropsWhatWasInTime) {
  Replay replay(updates(), {});
  send_events(replay);
  replay.add("fast", 10);
  replay.add("slow", 1);
  replay.run_to_the_end();
  EXPECT_GT(replay.dropped(), 100U);
  EXPECT_NE(latest(replay), truth());
}

TEST(UpstreamTime, WithItNothingIsDropped) {
  Replay replay(updates(), with_option());
  send_events(replay);
  replay.add("fast", 10);
  replay.add("slow", 1);
  replay.run_to_the_end();
  expect_live_results(replay);
}

TEST(UpstreamTime, NothingIsDroppedUnderExactlyOnce) {
  Replay replay(updates(), with_option({{"processing.guarantee", "exactly_once_v2"}}));
  send_events(replay);
  replay.add("fast", 10);
  replay.add("slow", 1);
  replay.run_to_the_end();
  expect_live_results(replay);
}

TEST(UpstreamTime, WindowsCloseOnceAndWithAllThatBelongsToThem) {
  Replay replay(final_results(), with_option());
  send_events(replay);
  replay.add("fast", 10);
  replay.add("slow", 1);
  replay.run_to_the_end();
  expect_final_results(replay);
}

TEST(UpstreamTime, WindowsCloseWhileTheReplayGoesOn) {
  Replay replay(final_results(), with_option());
  send_events(replay);
  replay.add("fast", 3);
  Replay::Instance& slow = replay.add("slow", 1);
  while (slow.processed() < kEvents / 3) ASSERT_NO_FATAL_FAILURE(replay.run(1));
  EXPECT_GT(replay.read("out").size(), truth().size() / 10);
  EXPECT_LT(replay.read("out").size(), truth().size() * 3 / 4);
}

TEST(UpstreamTime, TheSecondHopHearsTheTimeOfTheFirst) {
  Replay replay(two_hops(), with_option());
  send_events(replay);
  replay.add("fast", 10);
  replay.add("slow", 1);
  replay.run_to_the_end();
  EXPECT_EQ(replay.dropped(), 0U);
  const Counts live = truth(false);
  const Counts seen = latest(replay);
  EXPECT_GE(seen.size() + 2, live.size());
  for (const auto& [key, sum] : std::map(seen.begin(), std::prev(seen.end()))) EXPECT_EQ(sum, live.at(key)) << key;
}

class UpstreamTimeRestart : public ::testing::TestWithParam<const char*> {};

TEST_P(UpstreamTimeRestart, InTheMiddleChangesNothing) {
  Replay replay(updates(), with_option({{"processing.guarantee", GetParam()}}));
  send_events(replay);
  Replay::Instance& fast = replay.add("fast", 10);
  Replay::Instance& slow = replay.add("slow", 1);
  while (slow.processed() < 500) ASSERT_NO_FATAL_FAILURE(replay.run(1));
  fast.stop();
  fast.start();
  replay.run(50);
  slow.stop();
  slow.forget_disk();
  slow.start();
  replay.run(50);
  fast.stop();
  fast.forget_disk();
  fast.start();
  replay.run_to_the_end();
  expect_live_results(replay);
}

INSTANTIATE_TEST_SUITE_P(Guarantees, UpstreamTimeRestart, ::testing::Values("at_least_once", "exactly_once_v2"));

TEST(UpstreamTime, WhoIsKilledUnderExactlyOnceLosesNoTime) {
  Replay replay(final_results(), with_option({{"processing.guarantee", "exactly_once_v2"}}));
  send_events(replay);
  Replay::Instance& fast = replay.add("fast", 10);
  Replay::Instance& slow = replay.add("slow", 1);
  while (slow.processed() < 500) ASSERT_NO_FATAL_FAILURE(replay.run(1));
  fast.kill();
  replay.run(300);
  fast.start();
  replay.run(50);
  slow.kill();
  replay.run(300);
  slow.start();
  replay.run_to_the_end();
  expect_final_results(replay);
}

TEST(UpstreamTime, AnEmptyPartitionHoldsNobodyBack) {
  Replay replay(final_results(), with_option());
  send_events(replay, 3);
  replay.add("fast", 10);
  replay.add("slow", 1);
  replay.run_to_the_end();
  expect_final_results(replay);
}

TEST(UpstreamTime, WhoHasNothingMoreToComeHoldsNobodyBack) {
  Replay replay(final_results(), with_option());
  replay.send(3, "early", "k0", kStart);
  for (int i = 1; i < kEvents; ++i) replay.send(i % 3, event(i).key, event(i).value, event(i).time);
  replay.add("fast", 10);
  replay.add("slow", 1);
  replay.run_to_the_end();
  expect_final_results(replay);
}

// A restart does not forget who had nothing more to say.
TEST(UpstreamTime, WhoWasAtItsEndBeforeARestartHoldsNobodyBack) {
  Replay replay(final_results(), with_option());
  const auto send = [&](int from, int to) {
    for (int i = from; i < to; ++i) replay.send(i % 3, event(i).key, event(i).value, event(i).time);
  };
  send(0, kEvents / 2);
  Replay::Instance& only = replay.add("only", 1);
  replay.run_to_the_end();
  only.stop();
  send(kEvents / 2, kEvents);
  only.start();
  replay.run_to_the_end();
  expect_final_results(replay);
}

TEST(UpstreamTime, NothingIsAddedToTopicsWithoutTheOption) {
  Replay replay(updates(), {});
  send_events(replay);
  replay.add("only", 1);
  replay.run_to_the_end();
  const auto records = replay.read("app-counts-repartition");
  EXPECT_EQ(records.size(), static_cast<std::size_t>(kEvents));
  for (const ReplayedRecord& record : records) EXPECT_THAT(record.headers, IsEmpty());
  for (const ReplayedRecord& record : replay.read("app-counts-changelog")) EXPECT_THAT(record.headers, IsEmpty());
}

TEST(UpstreamTime, WhatIsToldDoesNotLeaveRepartitionTopics) {
  Replay replay(updates(), with_option());
  send_events(replay);
  replay.add("only", 1);
  replay.run_to_the_end();
  for (const ReplayedRecord& record : replay.read("out")) EXPECT_THAT(record.headers, IsEmpty());
  std::size_t marks = 0;
  for (const ReplayedRecord& record : replay.read("app-counts-repartition")) {
    if (!record.key && !record.value) ++marks;
  }
  EXPECT_GE(marks, 16U);  // each of four tasks has come to its end, for each of four
}

// Marks that are still there when the option is turned off again are no records for anybody.
TEST(UpstreamTime, MarksAreSkippedWithoutTheOption) {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("in").repartition({.name = "again"}).to("out");
  Replay replay(builder.build().value(), with_option());
  Replay::Instance& only = replay.add("only", 1);
  replay.send(0, "a", "v", kStart);
  replay.run_to_the_end();
  only.stop();
  replay.send(0, "b", "w", kStart);
  only.start();
  replay.run(2);
  only.stop();
  replay.set("levada.upstream.time.enabled", "false");
  only.start();
  replay.run_to_the_end();
  const auto out = replay.read("out");
  ASSERT_EQ(out.size(), 2U);
  for (const ReplayedRecord& record : out) EXPECT_THAT(record.headers, IsEmpty());
}

}  // namespace
}  // namespace levada::testing
