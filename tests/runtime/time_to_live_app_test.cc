// State that expires, in topologies: what is counted, what changelogs get, and what comes back after a restore.
#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/levada.h>

#include "tests/runtime/stepped_app.h"

namespace levada::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Topology counts(StoreEngine engine = StoreEngine::kRocksDb) {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("in")
      .group_by_key()
      .count({.store = "counts", .engine = engine, .ttl = 10s})
      .to_stream()
      .map_values([](const std::string& key, const std::int64_t& count) { return key + "=" + std::to_string(count); })
      .to("out");
  return builder.build().value();
}

// What the latest record of a key says.
enum class Latest { kNothing, kValue, kDeletion };

Latest latest(SteppedApp& app, const std::string& topic, const std::string& key) {
  Latest found = Latest::kNothing;
  for (const SteppedApp::Seen& each : app.read(topic)) {
    if (each.key == key) found = each.value ? Latest::kValue : Latest::kDeletion;
  }
  return found;
}

TEST(TimeToLive, ACountBeginsAnewWhenItHasExpired) {
  const Topology topology = counts();
  TopologyTestDriver driver(topology);
  auto in = driver.input<std::string, std::string>("in");
  in.pipe("a", "v", Timestamp(1s));
  in.pipe("a", "v", Timestamp(5s));
  in.pipe("b", "v", Timestamp(14s));
  in.pipe("a", "v", Timestamp(14s));
  in.pipe("b", "v", Timestamp(24s));
  in.pipe("a", "v", Timestamp(24s));
  EXPECT_THAT((driver.output<std::string, std::string>("out").read_values()),
              ElementsAre("a=1", "a=2", "b=1", "a=3", "b=1", "a=1"));
}

TEST(TimeToLive, ARowIsFoundNoLonger) {
  StreamsBuilder builder;
  const auto table = builder.table<std::string, std::string>("table", {}, {.store = "rows", .ttl = 10s});
  builder.stream<std::string, std::string>("in")
      .left_join(table, [](const std::string& value,
                           const std::optional<std::string>& row) { return value + row.value_or("-"); })
      .to("out");
  const Topology topology = builder.build().value();
  TopologyTestDriver driver(topology);
  driver.input<std::string, std::string>("table").pipe("a", "r", Timestamp(1s));
  auto in = driver.input<std::string, std::string>("in");
  in.pipe("a", "1", Timestamp(10s));
  in.pipe("a", "2", Timestamp(11s));
  EXPECT_THAT((driver.output<std::string, std::string>("out").read_values()), ElementsAre("1r", "2-"));
}

class TimeToLiveApp : public ::testing::TestWithParam<StoreEngine> {};

TEST_P(TimeToLiveApp, NothingComesBackAfterARestore) {
  SteppedApp app({"in", "out"});
  app.start(counts(GetParam()));
  app.send("in", "a", "v", 0);
  app.send("in", "a", "v", 1'000);
  app.run_until([&] { return latest(app, "app-counts-changelog", "a") == Latest::kValue; });
  app.send("in", "b", "v", 20'000);
  app.run_until([&] { return latest(app, "app-counts-changelog", "a") == Latest::kDeletion; });
  app.stop();
  app.forget_disk();
  app.start(counts(GetParam()));
  app.send("in", "a", "v", 20'500);
  app.send("in", "b", "v", 21'000);
  app.run_until([&] { return app.values("out").back() == "b=2"; });
  EXPECT_THAT(app.values("out"), ElementsAre("a=2", "b=1", "a=1", "b=2"));
}

INSTANTIATE_TEST_SUITE_P(Engines, TimeToLiveApp, ::testing::Values(StoreEngine::kRocksDb, StoreEngine::kInMemory));

std::string mistakes(StreamsBuilder& builder) { return std::string(builder.build().status().message()); }

TEST(TimeToLive, IsOfStoresWithoutWindowsAndVersions) {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("in")
      .group_by_key()
      .windowed_by(TimeWindows::of(1min))
      .count({.store = "windows", .ttl = 10s});
  builder.table<std::string, std::string>("table", {}, {.store = "rows", .history_retention = 1h, .ttl = 10s});
  builder.global_table<std::string, std::string>("global", {}, {.store = "all", .ttl = 10s});
  const std::string found = mistakes(builder);
  EXPECT_THAT(found, HasSubstr("store windows: windows are kept for .retention, not for a .ttl"));
  EXPECT_THAT(found, HasSubstr("store rows: .ttl is not of versioned tables"));
  EXPECT_THAT(found, HasSubstr("global store all: a .ttl needs the time of a task"));
}

}  // namespace
}  // namespace levada::testing
