#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/core/topology.h>

#include "tests/dsl/windowed_run.h"

namespace levada {
namespace {

using testing::append;
using ::testing::ElementsAre;
using testing::Grouped;
using ::testing::HasSubstr;
using testing::ms;
using testing::Text;

std::int64_t add_length(std::int64_t sum, const std::string& value) {
  return sum + static_cast<std::int64_t>(value.size());
}
std::int64_t add_number(std::int64_t sum, std::int64_t value) { return sum + value; }

struct Inputs {
  StreamsBuilder builder = {};
  KGroupedStream<Text, Text> texts = builder.stream<Text, Text>("texts").group_by_key();
  KGroupedStream<std::string, std::int64_t> numbers =
      builder.stream<std::string, std::int64_t>("numbers").group_by_key();
};

TEST(Cogroup, AggregatesStreamsOfSeveralTypesIntoOneTable) {
  Inputs inputs;
  inputs.texts.cogroup(add_length).cogroup(inputs.numbers, add_number).aggregate(std::int64_t{0}).to_stream().to("out");
  const Topology topology = inputs.builder.build().value();
  TopologyTestDriver driver(topology);
  auto texts = driver.input<std::string, std::string>("texts");
  auto numbers = driver.input<std::string, std::int64_t>("numbers");
  texts.pipe("a", "four", ms(10));
  numbers.pipe("a", 100, ms(5));
  texts.pipe("b", "1", ms(11));
  auto out = driver.output<std::string, std::int64_t>("out");
  EXPECT_EQ(out.read_record(), (TestRecord<std::string, std::int64_t>{"a", 4, ms(10)}));
  EXPECT_EQ(out.read_record(), (TestRecord<std::string, std::int64_t>{"a", 104, ms(10)}));
  EXPECT_EQ(out.read_record(), (TestRecord<std::string, std::int64_t>{"b", 1, ms(11)}));
}

TEST(Cogroup, RowsVanishWhereAnAggregatorSaysSo) {
  Inputs inputs;
  inputs.texts
      .cogroup([](std::int64_t sum, const std::string& value) -> std::optional<std::int64_t> {
        if (value == "DEL") return std::nullopt;
        return sum + 1;
      })
      .cogroup(inputs.numbers, add_number)
      .aggregate([] { return std::int64_t{0}; })
      .to_stream()
      .to("out");
  const Topology topology = inputs.builder.build().value();
  TopologyTestDriver driver(topology);
  driver.input<std::string, std::int64_t>("numbers").pipe("a", 100, ms(5));
  driver.input<std::string, std::string>("texts").pipe("a", "DEL", ms(5));
  auto out = driver.output<std::string, std::optional<std::int64_t>>("out");
  EXPECT_THAT(out.read_values(), ElementsAre(100, std::nullopt));
}

TEST(Cogroup, NamesItsStepsAsKafkaStreamsDoes) {
  StreamsBuilder builder;
  const auto one = builder.stream<std::string, std::string>("one").group_by_key();
  const auto two = builder.stream<std::string, std::string>("two").group_by_key();
  const auto both = one.cogroup(append).cogroup(two, append);
  both.windowed_by(TimeWindows::of(Duration(10))).aggregate(std::string(), {.name = "n"});
  both.windowed_by(SlidingWindows::of(Duration(10))).aggregate(std::string());
  both.windowed_by(SessionWindows::of(Duration(10))).aggregate(std::string(), append);
  const std::string description = describe(builder.build().value());
  for (const char* line : {
           "Processor: n-cogroup-agg-0 (stores: [COGROUPKSTREAM-AGGREGATE-STATE-STORE-0000000002])",
           "Processor: n-cogroup-agg-1 (stores: [COGROUPKSTREAM-AGGREGATE-STATE-STORE-0000000002])",
           "<-- n-cogroup-agg-0, n-cogroup-agg-1",
           "Processor: COGROUPKSTREAM-AGGREGATE-0000000008 (stores: "
           "[COGROUPKSTREAM-AGGREGATE-STATE-STORE-0000000006])",
           "Processor: COGROUPKSTREAM-MERGE-0000000013 (stores: [])",
           "<-- COGROUPKSTREAM-AGGREGATE-0000000011, COGROUPKSTREAM-AGGREGATE-0000000012",
       }) {
    EXPECT_THAT(description, HasSubstr(line));
  }
}

// "one" and "two" at the times given, over some windows.
template <class Aggregate>
std::vector<std::string> run(Aggregate aggregate, const Serde<Windowed<std::string>>& key) {
  StreamsBuilder builder;
  const auto one = builder.stream<std::string, std::string>("one").group_by_key();
  const auto two = builder.stream<std::string, std::string>("two").group_by_key();
  testing::write_out(aggregate(one.cogroup(append).cogroup(two, append)), key);
  const Topology topology = builder.build().value();
  TopologyTestDriver driver(topology);
  driver.pipe("one", {.key = "a", .value = "A", .timestamp = ms(3)});
  driver.pipe("two", {.key = "a", .value = "B", .timestamp = ms(5)});
  driver.pipe("two", {.key = "a", .value = "C", .timestamp = ms(25)});
  std::vector<std::string> lines;
  for (const TestBytes& record : driver.records("out")) lines.push_back(testing::text_of(record));
  return lines;
}

TEST(WindowedCogroup, SharesTheWindowsOfAllStreams) {
  EXPECT_THAT(run([](auto both) { return both.windowed_by(TimeWindows::of(Duration(10))).aggregate(std::string()); },
                  Serde<Windowed<std::string>>()),
              ElementsAre(" [0]=A@3", " [0]=AB@5", " [20]=C@25"));
  EXPECT_THAT(run([](auto both) { return both.windowed_by(SlidingWindows::of(Duration(10))).aggregate(std::string()); },
                  Serde<Windowed<std::string>>()),
              ElementsAre(" [0]=A@3", " [4]=B@5", " [0]=AB@5", " [15]=C@25"));
  EXPECT_THAT(
      run([](auto both) { return both.windowed_by(SessionWindows::of(Duration(10))).aggregate(std::string(), append); },
          session_windowed_serde<std::string>()),
      ElementsAre(" [3 3]=A@3", " [3 3]=null@3", " [5 3]=AB@5", " [25 25]=C@25"));
}

// "one" and "two" with other keys, grouped as `names` says.
struct Regrouped {
  explicit Regrouped(const std::string& first, const std::string& second)
      : one(grouped("one", first)), two(grouped("two", second)) {}

  KGroupedStream<std::string, std::string> grouped(const std::string& topic, const std::string& name) {
    return builder.stream<std::string, std::string>(topic).group_by([](const std::string& value) { return value; },
                                                                    {.name = name});
  }
  std::string mistake() { return std::string(builder.build().status().message()); }

  StreamsBuilder builder = {};
  KGroupedStream<std::string, std::string> one;
  KGroupedStream<std::string, std::string> two;
};

TEST(Cogroup, TablesOfOneCogroupingShareItsTopics) {
  Regrouped inputs("first", "");
  const auto both = inputs.one.cogroup(append).cogroup(inputs.two, append);
  both.aggregate(std::string());
  both.windowed_by(TimeWindows::of(Duration(10))).aggregate(std::string());
  const std::string description = describe(inputs.builder.build().value());
  for (const char* line : {
           "Source: first-repartition-source (topics: [first-repartition])\n"
           "      --> COGROUPKSTREAM-AGGREGATE-0000000011, COGROUPKSTREAM-AGGREGATE-0000000021\n",
           "Source: COGROUPKSTREAM-AGGREGATE-STATE-STORE-0000000004-repartition-source (topics: "
           "[COGROUPKSTREAM-AGGREGATE-STATE-STORE-0000000004-repartition])\n"
           "      --> COGROUPKSTREAM-AGGREGATE-0000000022, COGROUPKSTREAM-AGGREGATE-0000000012\n",
           "COGROUPKSTREAM-MERGE-0000000023",
       }) {
    EXPECT_THAT(description, HasSubstr(line));
  }
}

TEST(Cogroup, ANamedGroupingServesOneCogrouping) {
  Regrouped inputs("first", "second");
  inputs.one.cogroup(append).aggregate(std::string());
  inputs.one.cogroup(append).cogroup(inputs.two, append).aggregate(std::string());
  EXPECT_THAT(inputs.mistake(), HasSubstr("node first-repartition-filter: the name is used twice"));
}

TEST(Cogroup, ANamedGroupingDoesNotServeAnAggregationToo) {
  Regrouped inputs("first", "second");
  inputs.one.count();
  inputs.one.cogroup(append).aggregate(std::string());
  EXPECT_THAT(inputs.mistake(), HasSubstr("node first-repartition-filter: the name is used twice"));
}

TEST(Cogroup, TwoStreamsWithOtherKeysNeedNames) {
  Regrouped inputs("", "");
  inputs.one.cogroup(append).cogroup(inputs.two, append).aggregate(std::string());
  EXPECT_THAT(
      inputs.mistake(),
      HasSubstr("node COGROUPKSTREAM-AGGREGATE-STATE-STORE-0000000004-repartition-filter: the name is used twice"));
}

TEST(Cogroup, AGroupingThatIsThereTwiceHasItsLastAggregator) {
  Inputs inputs;
  const auto length_twice = [](std::int64_t sum, const std::string& value) {
    return add_length(add_length(sum, value), value);
  };
  inputs.texts.cogroup(add_length)
      .cogroup(inputs.numbers, add_number)
      .cogroup(inputs.texts, length_twice)
      .aggregate(std::int64_t{0})
      .to_stream()
      .to("out");
  const Topology topology = inputs.builder.build().value();
  TopologyTestDriver driver(topology);
  driver.input<std::string, std::string>("texts").pipe("a", "four", ms(10));
  EXPECT_THAT((driver.output<std::string, std::int64_t>("out").read_values()), ElementsAre(8));
}

TEST(Cogroup, OfSeveralBuildersIsAMistake) {
  Inputs inputs;
  Inputs others;
  inputs.texts.cogroup(add_length).cogroup(others.numbers, add_number).aggregate(std::int64_t{0});
  EXPECT_THAT(std::string(inputs.builder.build().status().message()),
              HasSubstr("cogroup: the streams belong to different builders"));
}

}  // namespace
}  // namespace levada
