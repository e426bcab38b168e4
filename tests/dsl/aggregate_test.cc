#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/dsl/streams_builder.h>
#include <levada/runtime/topology_test_driver.h>

namespace levada {
namespace {

using ::testing::ElementsAre;

using ::testing::Pair;

using Number = std::int64_t;
using Key = std::optional<std::string>;
using Value = std::optional<Number>;
using Grouped = KGroupedStream<Key, Value>;
using Hour = Windowed<std::string>;

constexpr auto kSecond = std::chrono::seconds(1);

Timestamp at(std::int64_t ms) { return Timestamp(Duration(ms)); }

struct Input {
  Key key;
  Value value;
  std::int64_t time;
};

// A topology over the stream "in" grouped by key, and a driver of it.
template <class Build>
struct Driven {
  Driven(Build build, const std::vector<Input>& records, TestDriverOptions options = {})
      : topology(make(build)), driver(topology, options) {
    auto in = driver.input<Key, Value>("in");
    for (const Input& record : records) in.pipe(record.key, record.value, at(record.time));
  }

  static Topology make(Build build) {
    StreamsBuilder builder;
    build(builder.stream<Key, Value>("in").group_by_key());
    return builder.build().value();
  }

  Topology topology;
  TopologyTestDriver driver;
};

void count(const Grouped& grouped) { grouped.count({.store = "counts"}).to_stream().to("out"); }

TEST(Aggregate, CountsPerKeyAndDropsNulls) {
  Driven run(count, {{"a", 1, 0}, {"a", 2, 0}, {std::nullopt, 3, 0}, {"b", std::nullopt, 0}, {"b", 4, 0}});
  EXPECT_THAT((run.driver.output<std::string, Number>("out").read_key_values()),
              ElementsAre(Pair("a", 1), Pair("a", 2), Pair("b", 1)));
  EXPECT_EQ(run.driver.dropped_records(DropReason::kNullKey), 1U);
  EXPECT_EQ(run.driver.dropped_records(DropReason::kNullValue), 1U);
}

TEST(Aggregate, ResultsHaveTheHighestTimestamp) {
  Driven run(count, {{"a", 1, 20}, {"a", 2, 10}});
  EXPECT_EQ((run.driver.output<std::string, Number>("out").read_records().back().timestamp), at(20));
}

TEST(Aggregate, ReducesToTheLargest) {
  const auto largest = [](const Grouped& grouped) {
    grouped.reduce([](Number so_far, Number next) { return std::max(so_far, next); }).to_stream().to("out");
  };
  Driven run(largest, {{"a", 3, 0}, {"a", 1, 0}, {"a", 5, 0}});
  EXPECT_THAT((run.driver.output<std::string, Number>("out").read_values()), ElementsAre(3, 3, 5));
}

TEST(Aggregate, ReducerCanRemoveTheRow) {
  const auto remove_at_zero = [](const Grouped& grouped) {
    grouped.reduce([](Number so_far, Number next) { return next == 0 ? std::nullopt : std::optional(so_far + next); })
        .to_stream()
        .to("out");
  };
  for (const bool caching : {true, false}) {
    Driven run(remove_at_zero, {{"a", 3, 0}, {"a", 0, 0}, {"a", 5, 0}}, {.caching = caching});
    EXPECT_THAT((run.driver.output<std::string, Value>("out").read_values()), ElementsAre(3, std::nullopt, 5));
  }
}

TEST(Aggregate, FoldsFromAnInitialValueOrFunction) {
  const auto sums = [](const Grouped& grouped) {
    grouped.aggregate(0.5, [](double sum, Number value) { return sum + static_cast<double>(value); })
        .to_stream()
        .to("out");
    grouped
        .aggregate([] { return std::string("<"); },
                   [](std::string so_far, const std::string& key, Number) { return so_far + key; })
        .to_stream()
        .to("texts");
  };
  Driven run(sums, {{"a", 1, 0}, {"a", 2, 0}});
  EXPECT_THAT((run.driver.output<std::string, double>("out").read_values()), ElementsAre(1.5, 3.5));
  EXPECT_THAT((run.driver.output<std::string, std::string>("texts").read_values()), ElementsAre("<a", "<aa"));
}

TEST(Aggregate, HoldsBackUntilCommitOnlyIfCached) {
  const auto uncached = [](const Grouped& grouped) {
    grouped.count({.store = "counts", .caching = false}).to_stream().to("out");
  };
  Driven run(uncached, {{"a", 1, 0}});
  EXPECT_THAT((run.driver.output<std::string, Number>("out").read_values()), ElementsAre(1));
}

class Keep final : public Terminal<std::string, Number> {
 public:
  using Store = KeyValueStore<std::string, Number>;
  Keep(Context& context, const StoreRef<Store>& store) : store_(context.store(store)) {}
  void process(const Record<std::string, Number>& record) override { store_.put(record.key, record.value); }

 private:
  Store& store_;
};

// A store below notes the time of the change, not that of the record that made it.
TEST(Aggregate, WhatIsBelowHappensAtTheTimeOfTheRow) {
  for (const bool caching : {true, false}) {
    StreamsBuilder builder;
    const auto store = builder.add_store<Keep::Store>("kept");
    builder.stream<std::string, Number>("in")
        .group_by_key()
        .count({.store = "counts", .caching = caching})
        .to_stream()
        .process<Keep>(store);
    const Topology topology = builder.build().value();
    TopologyTestDriver driver(topology);
    auto in = driver.input<std::string, Number>("in");
    in.pipe("a", 1, at(20));
    in.pipe("a", 1, at(10));
    EXPECT_EQ(driver.records("app-kept-changelog").back().timestamp, at(20));
  }
}

TEST(Aggregate, WritesNoChangelogWithoutLogging) {
  const auto unlogged = [](const Grouped& grouped) {
    grouped.count({.store = "counts", .logging = false}).to_stream().to("out");
  };
  Driven run(unlogged, {{"a", 1, 0}});
  EXPECT_THAT(run.driver.topics_written(), ElementsAre("out"));
}

TEST(Aggregate, MapsKeysOnTheWayToAStream) {
  const auto mapped = [](const Grouped& grouped) {
    grouped.count().to_stream([](const std::string& key, Number) { return "key-" + key; }).to("out");
  };
  Driven run(mapped, {{"a", 1, 0}});
  EXPECT_THAT((run.driver.output<std::string, Number>("out").read_key_values()), ElementsAre(Pair("key-a", 1)));
}

void count_hops(const Grouped& grouped) {
  grouped.windowed_by(TimeWindows::of(10 * kSecond, {.grace = 2 * kSecond}).advance_by(5 * kSecond))
      .count({.store = "counts"})
      .to_stream()
      .to("out");
}

template <class R>
std::vector<std::pair<Hour, Number>> windowed_results(R& run) {
  return run.driver.template output<Hour, Number>("out", time_windowed_serde<std::string>(10 * kSecond))
      .read_key_values();
}

Hour window(const std::string& key, std::int64_t start) { return {key, {at(start), at(start + 10000)}}; }

TEST(WindowedAggregate, UpdatesEachWindowOfARecordTheEarliestFirst) {
  Driven run(count_hops, {{"a", 1, 3000}, {"a", 1, 7000}});
  EXPECT_THAT(windowed_results(run),
              ElementsAre(Pair(window("a", 0), 1), Pair(window("a", 0), 2), Pair(window("a", 5000), 1)));
}

TEST(WindowedAggregate, CountsNullValuesButNotNullKeys) {
  Driven run(count_hops, {{"a", std::nullopt, 3000}, {std::nullopt, 1, 3000}});
  EXPECT_THAT(windowed_results(run), ElementsAre(Pair(window("a", 0), 1)));
  EXPECT_EQ(run.driver.dropped_records(DropReason::kNullKey), 1U);
}

TEST(WindowedAggregate, DropsEachWindowThatHasClosed) {
  Driven run(count_hops, {{"b", 1, 12000}, {"a", 1, 7000}});  // [0 s, 10 s) closes at 12 s
  EXPECT_THAT(windowed_results(run),
              ElementsAre(Pair(window("b", 5000), 1), Pair(window("b", 10000), 1), Pair(window("a", 5000), 1)));
  EXPECT_EQ(run.driver.dropped_records(DropReason::kLate), 1U);
}

TEST(WindowedAggregate, KeepsRecordsWithinTheGrace) {
  Driven run(count_hops, {{"b", 1, 11999}, {"a", 1, 3000}});
  EXPECT_EQ(run.driver.dropped_records(DropReason::kLate), 0U);
}

TEST(WindowedAggregate, ForwardsHeadersAndPlaceOfTheLastWrite) {
  Driven run(count_hops, {});
  run.driver.input<Key, Value>("in").pipe("a", 1, at(1), {{"h", "x"}});
  EXPECT_EQ(run.driver.records("out").at(0).headers, (Headers{{"h", "x"}}));
}

TEST(Aggregate, DeletionsOnTheChangelogHaveHeadersIfTheStoreFormatSaysSo) {
  const auto headers_of_deletion = [](DslStoreFormat format, StoreEngine engine = StoreEngine::kRocksDb) {
    StreamsBuilder builder;
    builder.stream<std::string, std::string>("in").group_by_key().reduce(
        [](const std::string&, const std::string&) { return std::optional<std::string>(); },
        {.store = "s", .engine = engine});
    const Topology topology = builder.build({.store_format = format}).value();
    TopologyTestDriver driver(topology);
    auto in = driver.input<std::string, std::string>("in");
    in.pipe("a", "1", Timestamp(Duration(1)), {{"h", "1"}});
    in.pipe("a", "2", Timestamp(Duration(2)), {{"h", "2"}});
    EXPECT_TRUE(driver.records("app-s-changelog").at(0).headers.empty());
    return driver.records("app-s-changelog").at(1).headers;
  };
  EXPECT_EQ(headers_of_deletion(DslStoreFormat::kHeaders), (Headers{{"h", "2"}}));
  EXPECT_TRUE(headers_of_deletion(DslStoreFormat::kHeaders, StoreEngine::kInMemory).empty());
  EXPECT_TRUE(headers_of_deletion(DslStoreFormat::kDefault).empty());
}

}  // namespace
}  // namespace levada
