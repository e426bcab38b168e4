#include <map>
#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/core/json.h>
#include <levada/dsl/streams_builder.h>
#include <levada/runtime/topology_test_driver.h>

namespace levada {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;
using ::testing::ThrowsMessage;

using Number = std::int64_t;
using Numbers = KStream<std::string, Number>;

Timestamp at(std::int64_t ms) { return Timestamp(Duration(ms)); }

// Runs what `build` makes of the stream "in", and gives what it writes to "out".
template <class K, class V, class Build>
std::vector<std::pair<K, V>> run(Build build, const std::vector<std::pair<std::string, Number>>& records) {
  StreamsBuilder builder;
  build(builder.stream<std::string, Number>("in"));
  const Topology topology = builder.build().value();
  TopologyTestDriver driver(topology);
  auto in = driver.input<std::string, Number>("in");
  for (const auto& [key, value] : records) in.pipe(key, value, at(0));
  return driver.output<K, V>("out").read_key_values();
}

bool even(const Number& value) { return value % 2 == 0; }

TEST(KStream, FiltersByValueOrKeyAndValue) {
  const auto by_value = [](const Numbers& in) { in.filter(even).to("out"); };
  EXPECT_THAT((run<std::string, Number>(by_value, {{"a", 1}, {"b", 2}})), ElementsAre(Pair("b", 2)));
  const auto by_key = [](const Numbers& in) {
    in.filter_not([](const std::string& key, Number value) { return key == "b" && value == 2; }).to("out");
  };
  EXPECT_THAT((run<std::string, Number>(by_key, {{"a", 1}, {"b", 2}})), ElementsAre(Pair("a", 1)));
}

TEST(KStream, MapsKeysAndValues) {
  const auto swapped = [](const Numbers& in) {
    in.map([](const std::string& key, Number value) { return KeyValue<Number, std::string>(value, key); }).to("out");
  };
  EXPECT_THAT((run<Number, std::string>(swapped, {{"a", 1}})), ElementsAre(Pair(1, "a")));
}

TEST(KStream, MapsValuesAndSelectsKeys) {
  const auto build = [](const Numbers& in) {
    in.map_values([](Number value) { return value * 10; })
        .select_key([](const std::string& key, Number value) { return key + std::to_string(value); })
        .to("out");
  };
  EXPECT_THAT((run<std::string, Number>(build, {{"a", 1}})), ElementsAre(Pair("a10", 10)));
}

TEST(KStream, MakesManyRecordsOfOne) {
  const auto build = [](const Numbers& in) {
    in.flat_map([](const std::string& key, Number value) {
        return std::map<std::string, Number>{{key + "x", value}, {key + "y", value + 1}};
      })
        .flat_map_values([](Number value) { return std::vector<Number>(static_cast<std::size_t>(value), value); })
        .to("out");
  };
  EXPECT_THAT((run<std::string, Number>(build, {{"a", 0}, {"b", 1}})),
              ElementsAre(Pair("ay", 1), Pair("bx", 1), Pair("by", 2), Pair("by", 2)));
}

struct Order {
  std::string customer;
  Number amount;
};

TEST(KStream, TakesPointersToMembers) {
  const auto build = [](const Numbers& in) {
    in.map_values([](const std::string& key, Number value) {
        return Order{"c-" + key, value};
      })
        .select_key(&Order::customer)
        .map_values(&Order::amount)
        .to("out");
  };
  EXPECT_THAT((run<std::string, Number>(build, {{"a", 1}})), ElementsAre(Pair("c-a", 1)));
}

TEST(KStream, PeeksAndEndsInForEach) {
  std::vector<Number> peeked;
  std::vector<std::string> seen;
  const auto build = [&](const Numbers& in) {
    in.peek([&peeked](Number value) { peeked.push_back(value); }).for_each([&seen](const std::string& key, Number) {
      seen.push_back(key);
    });
    in.to("out");
  };
  run<std::string, Number>(build, {{"a", 1}, {"b", 2}});
  EXPECT_THAT(peeked, ElementsAre(1, 2));
  EXPECT_THAT(seen, ElementsAre("a", "b"));
}

TEST(KStream, SplitsIntoBranchesAndTheRest) {
  const auto build = [](const Numbers& in) {
    auto [evens, large, rest] = in.split(even, [](Number value) { return value > 4; });
    evens.map_values([](Number) { return Number{0}; }).to("out");
    large.map_values([](Number) { return Number{1}; }).to("out");
    rest.map_values([](Number) { return Number{2}; }).to("out");
  };
  EXPECT_THAT((run<std::string, Number>(build, {{"a", 6}, {"b", 5}, {"c", 3}})),
              ElementsAre(Pair("a", 0), Pair("b", 1), Pair("c", 2)));
}

TEST(KStream, SplitsIntoNamedBranchesAndDropsTheRest) {
  const auto build = [](const Numbers& in) {
    auto branches = in.split({.name = "by-"})
                        .branch(even, {.name = "even"})
                        .branch([](Number value) { return value > 4; },
                                {.consumer =
                                     [](const Numbers& large) {
                                       large.select_key([](Number) { return "large"; })
                                           .map([](const char* const& key, Number value) {
                                             return KeyValue<std::string, Number>(key, value);
                                           })
                                           .to("out");
                                     }})
                        .no_default_branch();
    EXPECT_EQ(branches.size(), 1U);
    branches.at("by-even").to("out");
  };
  EXPECT_THAT((run<std::string, Number>(build, {{"a", 6}, {"b", 5}, {"c", 3}})),
              ElementsAre(Pair("a", 6), Pair("large", 5)));
}

TEST(KStream, MergesStreams) {
  StreamsBuilder builder;
  builder.stream<std::string, Number>("a").merge(builder.stream<std::string, Number>("b")).to("out");
  const Topology topology = builder.build().value();
  TopologyTestDriver driver(topology);
  driver.input<std::string, Number>("b").pipe("x", 1, at(0));
  driver.input<std::string, Number>("a").pipe("y", 2, at(0));
  EXPECT_THAT((driver.output<std::string, Number>("out").read_key_values()), ElementsAre(Pair("x", 1), Pair("y", 2)));
}

TEST(KStream, PrintsWithALabel) {
  std::vector<std::string> lines;
  const auto write = [&lines](const std::string& line) { lines.push_back(line); };
  const auto build = [&](const Numbers& in) {
    in.print({.label = "numbers", .write = write});
    in.map_values([](Number value) { return value == 1 ? std::nullopt : std::optional(value * 0.5); })
        .select_key([](const std::string& key, const std::optional<double>&) {
          return Windowed<std::string>{key, {at(0), at(10)}};
        })
        .print({.write = write});
    in.to("out");
  };
  run<std::string, Number>(build, {{"a", 1}, {"b", 3}});
  EXPECT_THAT(lines, ElementsAre("[numbers]: a, 1", "[KSTREAM-KEY-SELECT-0000000003]: [a@0/10], null",
                                 "[numbers]: b, 3", "[KSTREAM-KEY-SELECT-0000000003]: [b@0/10], 1.5"));
}

TEST(KStream, WritesToTheTopicAFunctionNames) {
  const auto build = [](const Numbers& in) {
    in.to([](const std::string& key, Number) { return key == "a" ? "out" : "other"; });
  };
  EXPECT_THAT((run<std::string, Number>(build, {{"a", 1}, {"b", 2}, {"a", 3}})),
              ElementsAre(Pair("a", 1), Pair("a", 3)));
}

TEST(KStream, RepartitionDropsNullKeysSilently) {
  StreamsBuilder builder;
  builder.stream<std::optional<std::string>, Number>("in").repartition({.name = "r"}).to("out");
  const Topology topology = builder.build().value();
  TopologyTestDriver driver(topology);
  auto in = driver.input<std::optional<std::string>, Number>("in");
  in.pipe(std::nullopt, 1, at(0));
  in.pipe("a", 2, at(0));
  EXPECT_EQ(driver.records("app-r-repartition").size(), 1U);
  EXPECT_THAT((driver.output<std::string, Number>("out").read_key_values()), ElementsAre(Pair("a", 2)));
  EXPECT_EQ(driver.dropped_records(), 0U);
}

TEST(KStream, ForwardsTimestampsAndHeaders) {
  StreamsBuilder builder;
  builder.stream<std::string, Number>("in").map_values([](Number value) { return value + 1; }).to("out");
  const Topology topology = builder.build().value();
  TopologyTestDriver driver(topology);
  driver.input<std::string, Number>("in").pipe("a", 1, at(42), {{"h", "x"}});
  const auto record = driver.output<std::string, Number>("out").read_record();
  EXPECT_EQ(record.timestamp, at(42));
  EXPECT_EQ(record.headers, (Headers{{"h", "x"}}));
}

struct Named {
  std::string name;
  static constexpr auto json_fields() { return levada::json_fields("name", &Named::name); }
};

constexpr std::string_view kNamed = R"({ "name": "n", "unknown": 1 })";

TEST(KStream, SendsUnchangedValuesAsTheyCameThroughItsOwnTopics) {
  StreamsBuilder builder;
  builder.stream<std::string, Named>("in").select_key(&Named::name).repartition({.name = "r"}).to("out");
  const Topology topology = builder.build().value();
  TopologyTestDriver driver(topology);
  driver.pipe("in", {.key = "a", .value = std::string(kNamed), .timestamp = at(0)});
  ASSERT_EQ(driver.records("app-r-repartition").size(), 1U);
  EXPECT_EQ(driver.records("app-r-repartition")[0].value, kNamed);
  ASSERT_EQ(driver.records("out").size(), 1U);
  EXPECT_EQ(driver.records("out")[0].value, R"({"name":"n"})") << "what others read has the form of the type";
}

TEST(KStream, WritesOnlyWhatTheTypeNamesOfALongValue) {
  StreamsBuilder builder;
  builder.stream<std::string, Named>("in").repartition({.name = "r"}).to("out");
  const Topology topology = builder.build().value();
  TopologyTestDriver driver(topology);
  const std::string value = R"({"name":"n","unknown":")" + std::string(1000, 'x') + R"("})";
  driver.pipe("in", {.key = "a", .value = value, .timestamp = at(0)});
  ASSERT_EQ(driver.records("app-r-repartition").size(), 1U);
  EXPECT_EQ(driver.records("app-r-repartition")[0].value, R"({"name":"n"})");
}

TEST(KStream, EncodesChangedValuesForItsOwnTopics) {
  StreamsBuilder builder;
  builder.stream<std::string, Named>("in")
      .map_values([](const Named& value) { return Named{value.name + "!"}; })
      .repartition({.name = "r"})
      .to("out");
  const Topology topology = builder.build().value();
  TopologyTestDriver driver(topology);
  driver.pipe("in", {.key = "a", .value = std::string(kNamed), .timestamp = at(0)});
  ASSERT_EQ(driver.records("app-r-repartition").size(), 1U);
  EXPECT_EQ(driver.records("app-r-repartition")[0].value, R"({"name":"n!"})");
}

TEST(KStream, UsesTheSerdesOfOneTopic) {
  const Serde<Number> text([](const Number& value, Bytes& out) { out += std::to_string(value); },
                           [](BytesView in) { return std::stoll(std::string(in)); });
  StreamsBuilder builder;
  builder.stream<std::string, Number>("in", {.value = text}).to("out");
  const Topology topology = builder.build().value();
  TopologyTestDriver driver(topology);
  driver.pipe("in", {.key = "a", .value = "17", .timestamp = at(0)});
  EXPECT_THAT((driver.output<std::string, Number>("out").read_key_values()), ElementsAre(Pair("a", 17)));
}

TEST(KStream, NamesTheOperatorThatThrows) {
  const auto build = [](const Numbers& in) {
    in.map_values([](Number value) { return std::stoll(value == 1 ? "1" : "one"); }, {.name = "parse"}).to("out");
  };
  EXPECT_THAT(([&] {
                run<std::string, Number>(build, {{"a", 2}});
              }),
              ThrowsMessage<std::runtime_error>(HasSubstr("parse")));
}

TEST(KStream, PartitionerMustChooseAPartitionThatExists) {
  const auto build = [](const Numbers& in) {
    in.to("out", {.partitioner = [](const std::string&, Number, Partition count) { return count; }});
  };
  EXPECT_THAT(([&] {
                run<std::string, Number>(build, {{"a", 2}});
              }),
              ThrowsMessage<std::runtime_error>(HasSubstr("chose partition 1 of a topic with 1 partitions")));
}

TEST(KStream, PartitionerMayChooseNoneOrSeveral) {
  StreamsBuilder builder;
  builder.stream<std::string, Number>("in").to("out", {.partitioner = [](const std::string&, Number value, Partition) {
                                                 return std::vector<Partition>(static_cast<std::size_t>(value), 0);
                                               }});
  const Topology topology = builder.build().value();
  TopologyTestDriver driver(topology);
  auto in = driver.input<std::string, Number>("in");
  in.pipe("none", 0, at(0));
  in.pipe("twice", 2, at(0));
  EXPECT_THAT((driver.output<std::string, Number>("out").read_key_values()),
              ElementsAre(Pair("twice", 2), Pair("twice", 2)));
  EXPECT_EQ(driver.dropped_records(DropReason::kNoPartition), 1U);
}

TEST(KStream, ReadsTopicsThatMatchAPattern) {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>(TopicPattern("logs-[0-9]+")).to("out");
  const Topology topology = builder.build().value();
  TopologyTestDriver driver(topology);
  driver.input<std::string, std::string>("logs-1").pipe("a", "1", Timestamp(Duration(0)));
  driver.input<std::string, std::string>("logs-22").pipe("b", "2", Timestamp(Duration(0)));
  EXPECT_EQ((driver.output<std::string, std::string>("out").read_key_values().size()), 2U);
  EXPECT_THROW((driver.input<std::string, std::string>("logs-x").pipe("c", "3", Timestamp(Duration(0)))),
               std::invalid_argument);
}

}  // namespace
}  // namespace levada
