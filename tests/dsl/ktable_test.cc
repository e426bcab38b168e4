#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/dsl/streams_builder.h>
#include <levada/runtime/topology_test_driver.h>

namespace levada {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

using Number = std::int64_t;
using MaybeNumber = std::optional<Number>;
using Numbers = KTable<std::string, MaybeNumber>;

Timestamp at(std::int64_t ms) { return Timestamp(Duration(ms)); }

struct Input {
  std::optional<std::string> key;
  MaybeNumber value;
  std::int64_t time = 0;
};

// A topology over the table of the topic "in", and a driver of it.
template <class Build>
struct Driven {
  Driven(Build build, const std::vector<Input>& records, TestDriverOptions options = {})
      : topology(make(build)), driver(topology, options) {
    auto in = driver.input<std::optional<std::string>, MaybeNumber>("in");
    for (const Input& record : records) in.pipe(record.key, record.value, at(record.time));
  }

  static Topology make(Build build) {
    StreamsBuilder builder;
    build(builder.table<std::string, Number>("in"));
    return builder.build().value();
  }

  std::vector<std::pair<std::string, MaybeNumber>> results() {
    return driver.template output<std::string, MaybeNumber>("out").read_key_values();
  }

  Topology topology;
  TopologyTestDriver driver;
};

bool is_even(Number value) { return value % 2 == 0; }

std::vector<std::string> stores_of(const Topology& topology) {
  std::vector<std::string> names;
  for (const StoreSpec& store : topology.stores) names.push_back(store.name);
  return names;
}

TEST(KTable, OfATopicIsNotStoredIfNobodyNeedsItsRows) {
  Driven run([](const Numbers& in) { in.to_stream().to("out"); }, {{"a", 1}, {"a", std::nullopt}, {std::nullopt, 2}});
  EXPECT_THAT(run.results(), ElementsAre(Pair("a", 1), Pair("a", std::nullopt)));
  EXPECT_TRUE(run.topology.stores.empty());
  EXPECT_EQ(run.driver.dropped_records(DropReason::kNullKey), 1U);
}

TEST(KTable, ExtractsTimestampsFromValuesButNotFromTombstones) {
  StreamsBuilder builder;
  builder.table<std::string, Number>("in", {.timestamp = [](Number value) { return at(value); }}).to_stream().to("out");
  const Topology topology = builder.build().value();
  TopologyTestDriver driver(topology);
  auto in = driver.input<std::string, MaybeNumber>("in");
  in.pipe("a", 7, at(1));
  in.pipe("a", std::nullopt, at(2));
  EXPECT_EQ(driver.records("out").at(0).timestamp, at(7));
  EXPECT_EQ(driver.records("out").at(1).timestamp, at(2));
}

TEST(KTable, FilterOfAnUnstoredTableTellsThatRowsAreGoneEvenIfTheyNeverWereThere) {
  Driven run([](const Numbers& in) { in.filter(is_even).to_stream().to("out"); }, {{"a", 1}, {"a", 2}, {"a", 3}});
  EXPECT_THAT(run.results(), ElementsAre(Pair("a", std::nullopt), Pair("a", 2), Pair("a", std::nullopt)));
}

TEST(KTable, FilterOfAStoredTableTellsOnlyWhatChanges) {
  for (const bool caching : {true, false}) {
    StreamsBuilder builder;
    builder.table<std::string, Number>("in", {}, {.store = "numbers"}).filter_not(is_even).to_stream().to("out");
    const Topology topology = builder.build().value();
    TopologyTestDriver driver(topology, {.caching = caching});
    auto in = driver.input<std::string, MaybeNumber>("in");
    for (const Number value : {2, 1, 4, 6}) in.pipe("a", value, at(0));
    EXPECT_THAT((driver.output<std::string, MaybeNumber>("out").read_values()), ElementsAre(1, std::nullopt));
    EXPECT_THAT(stores_of(topology), ElementsAre("numbers"));
  }
}

TEST(KTable, FilterIntoAStoreTellsOnlyWhatChangesThere) {
  StreamsBuilder builder;
  const auto even = builder.table<std::string, Number>("in", {}, {.store = "numbers"})
                        .filter(is_even, {.store = "even", .caching = false});
  EXPECT_EQ(even.queryable_store_name(), "even");
  even.to_stream().to("out");
  const Topology topology = builder.build().value();
  TopologyTestDriver driver(topology, {.caching = false});
  auto in = driver.input<std::string, MaybeNumber>("in");
  for (const Number value : {1, 2, 3, 5}) in.pipe("a", value, at(0));
  EXPECT_THAT((driver.output<std::string, MaybeNumber>("out").read_values()), ElementsAre(2, std::nullopt));
}

TEST(KTable, MapsRowsButNotTheirAbsence) {
  Driven run(
      [](const Numbers& in) {
        in.map_values([](const std::string& key, Number value) { return key + std::to_string(value); })
            .to_stream()
            .to("out");
      },
      {{"a", 1}, {"a", std::nullopt}});
  EXPECT_THAT((run.driver.output<std::string, std::optional<std::string>>("out").read_values()),
              ElementsAre("a1", std::nullopt));
}

TEST(KTable, MapsToWhatHasNoSerdeOnTheWay) {
  struct Odd {
    bool odd;
  };
  Driven run(
      [](const Numbers& in) {
        in.map_values([](Number value) { return Odd{value % 2 == 1}; })
            .map_values([](const Odd& value) { return Number{value.odd}; })
            .to_stream()
            .to("out");
      },
      {{"a", 1}});
  EXPECT_THAT(run.results(), ElementsAre(Pair("a", 1)));
}

TEST(KTable, StoreOfRowsWithoutASerdeIsAMistake) {
  struct Odd {
    bool odd;
  };
  StreamsBuilder builder;
  builder.table<std::string, Number>("in").map_values([](Number value) { return Odd{value % 2 == 1}; },
                                                      {.store = "odd"});
  EXPECT_THAT(std::string(builder.build().status().message()),
              HasSubstr("store odd: nothing says how its rows become"));
}

using Offsets = KeyValueStore<std::string, Number>;

class AddOffset final : public TableTransformer<std::string, Number, Number> {
 public:
  AddOffset(Context& context, const StoreRef<Offsets>& offsets) : offsets_(context.store(offsets)) {}

  Number transform(const std::string& key, const MaybeNumber& row) override {
    return row.value_or(-1) + offsets_.get(key).value_or(100);
  }

 private:
  Offsets& offsets_;
};

TEST(KTable, TransformsRowsAndTheirAbsenceWithStores) {
  StreamsBuilder builder;
  const auto offsets = builder.add_store<Offsets>("offsets");
  builder.table<std::string, Number>("in")
      .transform_values<AddOffset>(MaterializedTable<std::string, Number>{.store = "sums"}, offsets)
      .to_stream()
      .to("out");
  const Topology topology = builder.build().value();
  TopologyTestDriver driver(topology);
  driver.store(offsets).put("b", 5);
  auto in = driver.input<std::string, MaybeNumber>("in");
  in.pipe("a", 1, at(0));
  in.pipe("a", std::nullopt, at(0));
  in.pipe("b", 1, at(0));
  EXPECT_THAT((driver.output<std::string, Number>("out").read_key_values()),
              ElementsAre(Pair("a", 101), Pair("a", 99), Pair("b", 6)));
  EXPECT_THAT(stores_of(topology), AllOf(::testing::Contains("offsets"), ::testing::Contains("sums")));
}

std::pair<std::string, Number> by_parity(Number value) { return {is_even(value) ? "even" : "odd", value}; }

void sum_by_parity(const Numbers& in) {
  in.group_by(by_parity)
      .aggregate(Number{0}, std::plus<Number>(), std::minus<Number>(), {.store = "sums"})
      .to_stream()
      .to("out");
}

TEST(KGroupedTable, SubtractsTheOldRowAndAddsTheNewOne) {
  for (const bool caching : {true, false}) {
    Driven run(sum_by_parity, {{"a", 2}, {"b", 4}, {"a", 6}, {"a", 1}, {"b", std::nullopt}}, {.caching = caching});
    EXPECT_THAT(run.results(), ElementsAre(Pair("even", 2), Pair("even", 6), Pair("even", 10), Pair("even", 4),
                                           Pair("odd", 1), Pair("even", 0)));
  }
}

TEST(KGroupedTable, StoresTheSourceForItsOldRows) {
  Driven run(sum_by_parity, {});
  EXPECT_THAT(stores_of(run.topology), ElementsAre("in-STATE-STORE-0000000000", "sums"));
}

TEST(KGroupedTable, TakesOldRowsOfAViewFromTheSource) {
  Driven run(
      [](const Numbers& in) {
        in.filter(is_even)
            .map_values([](Number value) { return value * 10; })
            .group_by([](Number value) { return std::pair(std::string("all"), value); })
            .reduce(std::plus<Number>(), std::minus<Number>())
            .to_stream()
            .to("out");
      },
      {{"a", 2}, {"a", 3}, {"a", 4}});
  EXPECT_THAT(run.results(), ElementsAre(Pair("all", 20), Pair("all", 0), Pair("all", 40)));
  EXPECT_EQ(run.topology.stores.size(), 2U);
}

TEST(KGroupedTable, RowsWithoutANewKeyTakeNoPart) {
  Driven run(
      [](const Numbers& in) {
        in.group_by([](Number value) {
            return std::pair(is_even(value) ? std::optional<std::string>("even") : std::nullopt, MaybeNumber(value));
          })
            .count()
            .to_stream()
            .to("out");
      },
      {{"a", 1}, {"a", 2}, {"b", 4}, {"a", 3}});
  EXPECT_THAT(run.results(), ElementsAre(Pair("even", 1), Pair("even", 2), Pair("even", 1)));
}

TEST(KGroupedTable, FunctionsMayRemoveTheRow) {
  Driven run(
      [](const Numbers& in) {
        in.group_by(by_parity)
            .aggregate(Number{0}, std::plus<Number>(),
                       [](Number sum, Number gone) { return sum == gone ? std::nullopt : MaybeNumber(sum - gone); })
            .to_stream()
            .to("out");
      },
      {{"a", 2}, {"a", std::nullopt}});
  EXPECT_THAT(run.results(), ElementsAre(Pair("even", 2), Pair("even", std::nullopt)));
}

TEST(KGroupedTable, NamedGroupingSharesItsTopic) {
  StreamsBuilder builder;
  const auto grouped = builder.table<std::string, Number>("in").group_by(by_parity, {.name = "parity"});
  grouped.count({.name = "counted"}).to_stream().to("counts");
  grouped.reduce(std::plus<Number>(), std::minus<Number>()).to_stream().to("sums");
  const Topology topology = builder.build().value();
  EXPECT_EQ(topology.repartition_topics.size(), 1U);
  EXPECT_TRUE(topology.repartition_topics.contains("parity-repartition"));
}

TEST(KGroupedTable, AggregatesOfAggregates) {
  for (const bool caching : {true, false}) {
    StreamsBuilder builder;
    builder.stream<std::string, std::string>("in")
        .group_by_key()
        .reduce([](const std::string&, const std::string& next) { return next; })
        .group_by([](const std::string& value) { return std::pair(value, Number{1}); })
        .count()
        .to_stream()
        .to("out");
    const Topology topology = builder.build().value();
    TopologyTestDriver driver(topology, {.caching = caching});
    auto in = driver.input<std::string, std::string>("in");
    in.pipe("a", "x", at(0));
    in.pipe("b", "x", at(0));
    in.pipe("a", "y", at(0));
    EXPECT_THAT((driver.output<std::string, Number>("out").read_key_values()),
                ElementsAre(Pair("x", 1), Pair("x", 2), Pair("x", 1), Pair("y", 1)));
  }
}

// Kafka Streams takes the initial value for the row there was before the first; with a record cache, it does not.
TEST(KGroupedTable, SubtractsTheInitialValueOfAnUncachedAggregation) {
  StreamsBuilder builder;
  builder.stream<std::string, Number>("in")
      .group_by_key()
      .count({.store = "counts", .caching = false})
      .group_by([](Number count) { return std::pair(std::string("all"), count); })
      .aggregate(
          std::string(), [](std::string so_far, Number count) { return so_far + "+" + std::to_string(count); },
          [](std::string so_far, Number count) { return so_far + "-" + std::to_string(count); })
      .to_stream()
      .to("out");
  const Topology topology = builder.build().value();
  TopologyTestDriver driver(topology);
  auto in = driver.input<std::string, Number>("in");
  in.pipe("a", 0, at(0));
  in.pipe("b", 0, at(0));
  EXPECT_THAT((driver.output<std::string, std::string>("out").read_values()), ElementsAre("+1", "+1-0+1"));
}

TEST(KGroupedTable, TellsThatThereIsNoRowWhereThereWasNothingToSubtractFrom) {
  StreamsBuilder builder;
  builder.stream<std::string, Number>("in")
      .group_by_key()
      .count({.store = "counts", .caching = false})
      .group_by([](Number count) { return std::pair(std::to_string(count), count); })
      .count({.store = "counts-of-counts", .caching = false})
      .to_stream()
      .to("out");
  const Topology topology = builder.build().value();
  TopologyTestDriver driver(topology);
  driver.input<std::string, Number>("in").pipe("a", 0, at(0));
  EXPECT_THAT((driver.output<std::string, MaybeNumber>("out").read_key_values()),
              ElementsAre(Pair("0", std::nullopt), Pair("1", 1)));
}

TEST(KTable, OfAStreamKeepsItsRowsWhereTheyAreNeeded) {
  StreamsBuilder builder;
  const auto table = builder.stream<std::string, MaybeNumber>("in").to_table();
  EXPECT_EQ(table.queryable_store_name(), std::nullopt);
  table.group_by(by_parity).count().to_stream().to("out");
  const Topology topology = builder.build().value();
  EXPECT_THAT(stores_of(topology),
              ElementsAre("KSTREAM-TOTABLE-STATE-STORE-0000000002", "KTABLE-AGGREGATE-STATE-STORE-0000000004"));
  TopologyTestDriver driver(topology);
  auto in = driver.input<std::string, MaybeNumber>("in");
  in.pipe("a", 2, at(0));
  in.pipe("a", std::nullopt, at(0));
  EXPECT_THAT((driver.output<std::string, Number>("out").read_values()), ElementsAre(1, 0));
}

TEST(KTable, OfWindowsHasViewsJoinsAndGroupings) {
  const auto second = std::chrono::seconds(1);
  StreamsBuilder builder;
  const auto counts = builder.stream<std::string, Number>("in")
                          .group_by_key()
                          .windowed_by(TimeWindows::of(second))
                          .count({.store = "counts"});
  const auto doubled = counts.map_values([](Number count) { return 2 * count; }, {.store = "doubled"});
  doubled.join(counts.filter(is_even), std::plus<Number>()).to_stream().to("sums");
  counts.group_by([](const Windowed<std::string>& window, Number count) { return std::pair(window.key, count); })
      .reduce(std::plus<Number>(), std::minus<Number>())
      .to_stream()
      .to("totals");
  const Topology topology = builder.build().value();
  TopologyTestDriver driver(topology);
  auto in = driver.input<std::string, Number>("in");
  for (const std::int64_t time : {0, 1, 1000}) in.pipe("a", 0, at(time));
  EXPECT_THAT((driver.output<std::string, Number>("totals").read_values()), ElementsAre(1, 2, 3));
  EXPECT_THAT((driver.output<Windowed<std::string>, MaybeNumber>("sums", time_windowed_serde<std::string>(second))
                   .read_key_values()),
              ElementsAre(Pair(Windowed<std::string>{"a", {at(0), at(1000)}}, 6),
                          Pair(Windowed<std::string>{"a", {at(0), at(1000)}}, 6)));  // each side tells it
  const auto& stored = driver.store<TimestampedKeyValueStore<Windowed<std::string>, Number>>("doubled");
  EXPECT_EQ(stored.get({"a", {at(0), at(1000)}})->value, 4);
}

TEST(KGroupedTable, CannotCombineChanges) {
  StreamsBuilder builder;
  builder.table<std::string, Number>("in").group_by(by_parity, {.combining = true}).count();
  EXPECT_THAT(std::string(builder.build().status().message()), HasSubstr("cannot be combined"));
}

TEST(KTable, ATopicCannotBeBothAStreamAndATable) {
  StreamsBuilder builder;
  builder.table<std::string, Number>("in").to_stream().to("a");
  builder.stream<std::string, Number>("in").to("b");
  EXPECT_THAT(std::string(builder.build().status().message()), HasSubstr("topic in: read by both"));
}

}  // namespace
}  // namespace levada
