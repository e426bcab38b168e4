// Groupings that send partial aggregates through their repartition topic. The driver commits after each record, so
// nothing may differ from the same topology without a combiner; tests/runtime/combiner_test.cc has longer intervals.
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/dsl/streams_builder.h>
#include <levada/runtime/topology_test_driver.h>

namespace levada {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

using Number = std::int64_t;
using Key = std::optional<std::string>;
using Value = std::optional<Number>;
using GroupedNumbers = KGroupedStream<Key, Value>;

constexpr auto kSecond = std::chrono::seconds(1);

Timestamp at(std::int64_t ms) { return Timestamp(Duration(ms)); }

// The key of a record is the last digit of its value; 9 and no value make no key.
Key last_digit(const Value& value) {
  if (!value) return "none";
  if (*value % 10 == 9) return std::nullopt;
  return std::to_string(*value % 10);
}

template <class Build>
absl::StatusOr<Topology> built(const Build& build, const Grouped<Key, Value>& options) {
  StreamsBuilder builder;
  build(builder.stream<Key, Value>("in").group_by(last_digit, options));
  return builder.build();
}

template <class Build>
std::string mistakes(const Build& build, const std::string& name = "g") {
  return std::string(built(build, {.name = name, .combining = true}).status().message());
}

struct Input {
  Value value;
  std::int64_t time;
};

// Mostly in order, with some that are late and some without a value.
std::vector<Input> some_input() {
  std::mt19937 random(7);
  std::vector<Input> records;
  for (int i = 0; i < 300; ++i) {
    const std::int64_t back = random() % 10 == 0 ? random() % 40'000 : random() % 500;
    const Value value = random() % 20 == 0 ? Value() : Value(random() % 1000);
    records.push_back({value, std::max<std::int64_t>(0, i * 400 - back)});
  }
  return records;
}

template <class Build>
void expect_equal_results(const Build& build, const TestDriverOptions& options = {},
                          const std::vector<Input>& records = some_input()) {
  const Topology plain = built(build, {.name = "g"}).value();
  const Topology combining = built(build, {.name = "g", .combining = true}).value();
  TopologyTestDriver expected(plain, options);
  TopologyTestDriver found(combining, options);
  for (const Input& record : records) {
    for (TopologyTestDriver* driver : {&expected, &found}) {
      driver->input<Key, Value>("in").pipe("k", record.value, at(record.time));
    }
  }
  EXPECT_FALSE(found.records("out").empty());
  EXPECT_EQ(found.records("out"), expected.records("out"));
  for (const DropReason reason : {DropReason::kNullKey, DropReason::kNullValue, DropReason::kLate}) {
    EXPECT_EQ(found.dropped_records(reason), expected.dropped_records(reason)) << to_string(reason);
  }
}

void count(const GroupedNumbers& grouped) { grouped.count({.store = "s"}).to_stream().to("out"); }

void reduce(const GroupedNumbers& grouped) {
  grouped.reduce([](Number so_far, Number next) { return std::max(so_far, next); }, {.store = "s"})
      .to_stream()
      .to("out");
}

// From numbers to text, so that an aggregate cannot be taken for a value.
void aggregate(const GroupedNumbers& grouped) {
  grouped
      .aggregate(
          std::string(), [](const std::string& so_far, Number value) { return so_far + std::to_string(value) + ","; },
          [](const std::string& a, const std::string& b) { return a + b; }, {.store = "s"})
      .to_stream()
      .to("out");
}

TEST(Combiner, CountsAsWithoutOne) { expect_equal_results(count); }
TEST(Combiner, ReducesAsWithoutOne) { expect_equal_results(reduce); }

TEST(Combiner, AggregatesAsWithoutOne) { expect_equal_results(aggregate); }

TEST(Combiner, CountsInWindowsAsWithoutOne) {
  const TimeWindows tumbling = TimeWindows::of(10 * kSecond, {.grace = 3 * kSecond});
  const TimeWindows uneven = TimeWindows::of(10 * kSecond, {.grace = 3 * kSecond}).advance_by(4 * kSecond);
  for (const TimeWindows& windows :
       {TimeWindows::of(10 * kSecond), tumbling, tumbling.advance_by(5 * kSecond), uneven}) {
    for (const bool caching : {true, false}) {
      expect_equal_results(
          [&](const GroupedNumbers& grouped) {
            grouped.windowed_by(windows).count({.store = "s"}).to_stream().to("out");
          },
          {.caching = caching});
    }
  }
}

TEST(Combiner, ReducesInWindowsAsWithoutOne) {
  std::vector<Input> values = some_input();
  std::erase_if(values, [](const Input& record) { return !record.value; });
  const auto sums = [](const GroupedNumbers& grouped) {
    grouped.windowed_by(TimeWindows::of(10 * kSecond).advance_by(2 * kSecond))
        .reduce([](Number so_far, const Value& next) { return so_far + *next; })
        .to_stream()
        .to("out");
  };
  expect_equal_results(sums, {}, values);
}

TEST(Combiner, AggregatesInWindowsAsWithoutOne) {
  expect_equal_results([](const GroupedNumbers& grouped) {
    grouped.windowed_by(TimeWindows::of(10 * kSecond, {.grace = kSecond}))
        .aggregate(
            std::string("."), [](const std::string& so_far, const Value&) { return so_far; },
            [](const std::string& a, const std::string&) { return a; })
        .to_stream()
        .to("out");
  });
}

TEST(Combiner, CombinesNothingWhenTheCacheIsOff) {
  expect_equal_results(count, {.caching = false});
  expect_equal_results(reduce, {.caching = false});
}

TEST(Combiner, SendsAggregatesWithTheHighestTimestamp) {
  const Topology topology = built(aggregate, {.name = "g", .combining = true}).value();
  TopologyTestDriver driver(topology);
  driver.input<Key, Value>("in").pipe("k", 11, at(20), {{"header", "of the record"}});
  const TestBytes partial = {.key = "1", .value = "11,", .timestamp = at(20)};
  EXPECT_THAT(driver.records("app-g-repartition"), ElementsAre(partial));
}

TEST(Combiner, StandsInTheDescription) {
  const std::string text = describe(built(count, {.name = "g", .combining = true}).value());
  EXPECT_THAT(text, HasSubstr("Processor: g-repartition-combiner (stores: [g-repartition-combiner-store])\n"
                              "      --> g-repartition-sink\n"
                              "      <-- g-repartition-filter\n"));
  EXPECT_THAT(describe(built(count, {.name = "g"}).value()), Not(HasSubstr("combiner")));
}

// So that an application finds its state again with and without one.
TEST(Combiner, ChangesNoOtherName) {
  for (const std::string name : {"", "g"}) {
    const auto unnamed_count = [](const GroupedNumbers& grouped) { grouped.count().to_stream().to("out"); };
    const Topology plain = built(unnamed_count, {.name = name}).value();
    Topology combining = built(unnamed_count, {.name = name, .combining = true}).value();
    std::erase_if(combining.nodes, [](const NodeSpec& node) { return node.name.ends_with("-combiner"); });
    ASSERT_EQ(combining.nodes.size(), plain.nodes.size());
    for (std::size_t i = 0; i < plain.nodes.size(); ++i) EXPECT_EQ(combining.nodes[i].name, plain.nodes[i].name);
    EXPECT_NE(combining.find_store(plain.stores.front().name), nullptr);
    EXPECT_TRUE(combining.repartition_topics.contains(plain.repartition_topics.begin()->first));
  }
}

TEST(Combiner, KeepsNoChangelog) {
  const Topology topology = built(count, {.name = "g", .combining = true}).value();
  TopologyTestDriver driver(topology);
  driver.input<Key, Value>("in").pipe("k", 1, at(0));
  EXPECT_THAT(driver.topics_written(), ElementsAre("app-g-repartition", "app-s-changelog", "out"));
}

TEST(Combiner, IsNotThereWhereNothingIsRepartitioned) {
  StreamsBuilder builder;
  const auto in = builder.stream<std::string, Number>("in");
  in.group_by_key({.combining = true}).count();
  in.group_by_key({.combining = true}).aggregate(0, [](int sum, Number) { return sum; });
  in.select_key([](Number value) { return std::to_string(value); })
      .repartition()
      .group_by_key({.combining = true})
      .count();
  EXPECT_THAT(describe(builder.build().value()), Not(HasSubstr("combiner")));
}

TEST(Combiner, NeedsAMergerForAnAggregate) {
  const auto without = [](const auto& grouped) {
    grouped.aggregate(Number(0), [](Number sum, const Value&) { return sum; }, {.store = "sums"});
  };
  const auto expected = HasSubstr(
      "store sums: its records cannot be combined before they are repartitioned: "
      "give aggregate a merger, A(A, const A&), behind the aggregator");
  EXPECT_THAT(mistakes([](const GroupedNumbers& grouped) {
                grouped.aggregate(Number(0), [](Number sum, Number) { return sum; }, {.store = "sums"});
              }),
              expected);
  EXPECT_THAT(mistakes([&](const GroupedNumbers& grouped) { without(grouped.windowed_by(TimeWindows::of(kSecond))); }),
              expected);
}

TEST(Combiner, RefusesFunctionsThatRemoveTheRow) {
  EXPECT_THAT(mistakes([](const GroupedNumbers& grouped) {
                grouped.reduce([](Number, Number) { return std::optional<Number>(); }, {.store = "s"});
              }),
              HasSubstr("store s: its records cannot be combined before they are repartitioned: its function may "
                        "remove the row"));
}

TEST(Combiner, SharesItsTopicWithNoOtherAggregation) {
  const auto two = [](const GroupedNumbers& grouped) {
    grouped.count({.store = "a"});
    grouped.count({.store = "b"});
  };
  EXPECT_THAT(mistakes(two), HasSubstr("grouping g: store b is that of a second aggregation"));
  EXPECT_EQ(mistakes(two, ""), "");
}

}  // namespace
}  // namespace levada
