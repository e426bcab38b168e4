// What comes out here is what Kafka Streams' own driver gave for the same records.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/state/session_store.h>

#include "tests/dsl/windowed_run.h"

namespace levada {
namespace {

using testing::append;
using ::testing::ElementsAre;
using testing::Grouped;
using testing::ms;
using testing::Records;
using testing::run_sessions;
using testing::Text;

const SessionWindows kSessions = SessionWindows::of(Duration(10), {.grace = Duration(5)});

auto reduce(const Grouped& by_key) { return by_key.windowed_by(kSessions).reduce(append); }

auto aggregate(const Grouped& by_key) {
  const auto merge = [](const std::string&, const std::string& so_far, const std::string& session) {
    return "(" + so_far + "+" + session + ")";
  };
  return by_key.windowed_by(kSessions).aggregate([] { return std::string("i"); }, append, merge);
}

const Records kRecords = {{"A", 0},  {"B", 10}, {"C", 30}, {"D", 20}, {"E", 25},
                          {"F", 60}, {"G", 44}, {"H", 45}, {"I", 70}, {"J", 52}};

TEST(SessionAggregate, MergesWhatARecordJoins) {
  const auto run = run_sessions(reduce, kRecords, false);
  EXPECT_THAT(run.lines, ElementsAre("A@0: [0 0]=A@0",                        //
                                     "B@10: [0 0]=null@0 [10 0]=AB@10",       //
                                     "C@30: [30 30]=C@30",                    //
                                     "D@20: [30 30]=null@30 [30 20]=CD@30",   //
                                     "E@25: [30 20]=null@30 [30 20]=CDE@30",  //
                                     "F@60: [60 60]=F@60",                    //
                                     "G@44:",                                 //
                                     "H@45: [45 45]=H@45",                    //
                                     "I@70: [60 60]=null@60 [70 60]=FI@70",   //
                                     "J@52: [70 60]=null@70 [70 52]=FIJ@70"));
  EXPECT_EQ(run.late, 1U);
}

TEST(SessionAggregate, OfACachedStoreJoinsWhatIsExpiredButThere) {
  const auto run = run_sessions(reduce, kRecords);
  EXPECT_THAT(run.lines, ElementsAre("A@0: [0 0]=A@0",                        //
                                     "B@10: [0 0]=null@0 [10 0]=AB@10",       //
                                     "C@30: [30 30]=C@30",                    //
                                     "D@20: [30 30]=null@30 [30 0]=ABCD@30",  //
                                     "E@25: [30 0]=ABCDE@30",                 //
                                     "F@60: [60 60]=F@60",                    //
                                     "G@44:",                                 //
                                     "H@45: [45 45]=H@45",                    //
                                     "I@70: [60 60]=null@60 [70 60]=FI@70",   //
                                     "J@52: [70 60]=null@70 [70 45]=HFIJ@70"));
}

TEST(SessionAggregate, MergesFromTheInitialValueOn) {
  const auto run = run_sessions(aggregate, {{"A", 0}, {"B", 20}, {"C", 10}, {"D", 10}}, false);
  EXPECT_THAT(run.lines, ElementsAre("A@0: [0 0]=iA@0",                           //
                                     "B@20: [20 20]=iB@20",                       //
                                     "C@10: [20 20]=null@20 [20 10]=(i+iB)C@20",  //
                                     "D@10: [20 10]=null@20 [20 10]=(i+(i+iB)C)D@20"));
}

TEST(SessionAggregate, KeepsItsSessionsInAStore) {
  const Topology topology = testing::windowed_topology(
      [](const Grouped& by_key) { return by_key.windowed_by(kSessions).reduce(append, {.store = "s"}); },
      session_windowed_serde<std::string>());
  TopologyTestDriver driver(topology);
  driver.pipe("in", {.key = "a", .value = "A", .timestamp = ms(7)});
  driver.pipe("in", {.key = "a", .value = "B", .timestamp = ms(9)});
  EXPECT_EQ((driver.store<SessionStore<std::string, std::string>>("s").fetch_session("a", ms(7), ms(9))), "AB");
}

TEST(SessionAggregate, TellsOldValuesToTablesBelow) {
  StreamsBuilder builder;
  builder.stream<Text, Text>("in")
      .group_by_key()
      .windowed_by(kSessions)
      .count()
      .group_by([](const Windowed<std::string>&, const std::int64_t& count) {
        return std::pair<std::string, std::int64_t>("all", count);
      })
      .reduce([](std::int64_t sum, std::int64_t count) { return sum + count; },
              [](std::int64_t sum, std::int64_t count) { return sum - count; })
      .to_stream()
      .to("out");
  const Topology topology = builder.build().value();
  for (const bool caching : {false, true}) {
    TopologyTestDriver driver(topology, {.caching = caching});
    auto sums = driver.output<std::string, std::int64_t>("out");
    for (const std::int64_t time : {0, 5, 100, 110}) {
      driver.pipe("in", {.key = "a", .value = "v", .timestamp = ms(time)});
    }
    EXPECT_EQ(sums.read_values().back(), 4) << caching;
  }
}

TEST(SessionWindowsTest, RefuseWhatMakesNoSense) {
  EXPECT_FALSE(SessionWindows::of(Duration(0)).check().ok());
  EXPECT_FALSE(SessionWindows::of(Duration(1), {.grace = Duration(-1)}).check().ok());
}

TEST(SessionWindowsTest, AreKeptForTheGapAndTheGrace) {
  StreamsBuilder builder;
  builder.stream<Text, Text>("in").group_by_key().windowed_by(kSessions).count(
      {.store = "c", .retention = Duration(14)});
  EXPECT_EQ(builder.build().status().message(),
            "store c: a retention of 14 ms is less than the inactivity gap and grace of its sessions, 15 ms");
}

TEST(SessionWindowsTest, AreNotCombined) {
  StreamsBuilder builder;
  builder.stream<Text, Text>("in")
      .group_by([](const Text& value) { return value; }, {.combining = true})
      .windowed_by(kSessions)
      .count({.store = "c"});
  EXPECT_EQ(builder.build().status().message(),
            "store c: its records cannot be combined before they are repartitioned: sessions are known only behind it");
}

// Whether a cached session's result has the headers of its record.
bool tells_headers(DslStoreFormat format, StoreEngine engine) {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("in")
      .group_by_key()
      .windowed_by(kSessions)
      .count({.engine = engine})
      .to_stream([](const Windowed<std::string>& key, const auto&) { return key.key; })
      .to("out");
  const Topology topology = builder.build({.store_format = format}).value();
  TopologyTestDriver driver(topology);
  driver.input<std::string, std::string>("in").pipe("k", "v", ms(1), {{"h", "1"}});
  return !driver.records("out").front().headers.empty();
}

TEST(SessionAggregate, OfACachedStoreOnDiskTellsNoHeadersIfStoresAreToKeepThem) {
  EXPECT_FALSE(tells_headers(DslStoreFormat::kHeaders, StoreEngine::kRocksDb));
  EXPECT_TRUE(tells_headers(DslStoreFormat::kHeaders, StoreEngine::kInMemory));
  EXPECT_TRUE(tells_headers(DslStoreFormat::kDefault, StoreEngine::kRocksDb));
}

}  // namespace
}  // namespace levada
