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
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

using Text = std::optional<std::string>;
using Table = KTable<std::string, Text>;

Timestamp at(std::int64_t ms) { return Timestamp(Duration(ms)); }

std::string both(const std::string& left, const std::string& right) { return left + right; }
std::string with_right(const std::string& left, const Text& right) { return left + right.value_or("-"); }
std::string with_either(const Text& left, const Text& right) { return left.value_or("-") + right.value_or("-"); }

// A topology over the tables of the topics "l" and "r", and a driver of it.
template <class Build>
struct Joined {
  explicit Joined(Build build, TestDriverOptions options = {})
      : topology(make(build)),
        driver(topology, options),
        left(driver.template input<std::string, Text>("l")),
        right(driver.template input<std::string, Text>("r")) {}

  static Topology make(Build build) {
    StreamsBuilder builder;
    const Table left = builder.table<std::string, std::string>("l");
    const Table right = builder.table<std::string, std::string>("r");
    build(left, right);
    return builder.build().value();
  }

  std::vector<std::pair<std::string, Text>> results() {
    return driver.template output<std::string, Text>("out").read_key_values();
  }

  Topology topology;
  TopologyTestDriver driver;
  TestInputTopic<std::string, Text> left;
  TestInputTopic<std::string, Text> right;
};

void inner(const Table& left, const Table& right) { left.join(right, both).to_stream().to("out"); }
void left_outer(const Table& left, const Table& right) { left.left_join(right, with_right).to_stream().to("out"); }
void outer(const Table& left, const Table& right) { left.outer_join(right, with_either).to_stream().to("out"); }

std::vector<std::string> stores_of(const Topology& topology) {
  std::vector<std::string> names;
  for (const StoreSpec& store : topology.stores) names.push_back(store.name);
  return names;
}

TEST(TableJoin, InnerHasARowWhereBothHaveOne) {
  for (const bool caching : {true, false}) {
    Joined run(inner, {.caching = caching});
    run.left.pipe("a", "1", at(0));
    run.right.pipe("a", "x", at(0));
    run.left.pipe("a", "2", at(0));
    run.right.pipe("a", std::nullopt, at(0));
    run.right.pipe("b", "y", at(0));
    EXPECT_THAT(run.results(), ElementsAre(Pair("a", "1x"), Pair("a", "2x"), Pair("a", std::nullopt)));
  }
}

TEST(TableJoin, LeftHasARowWhereTheLeftHasOne) {
  for (const bool caching : {true, false}) {
    Joined run(left_outer, {.caching = caching});
    run.right.pipe("a", "x", at(0));
    run.left.pipe("a", "1", at(0));
    run.right.pipe("a", std::nullopt, at(0));
    run.left.pipe("a", std::nullopt, at(0));
    EXPECT_THAT(run.results(), ElementsAre(Pair("a", "1x"), Pair("a", "1-"), Pair("a", std::nullopt)));
  }
}

TEST(TableJoin, OuterHasARowWhereEitherHasOne) {
  for (const bool caching : {true, false}) {
    Joined run(outer, {.caching = caching});
    run.right.pipe("a", "x", at(0));
    run.left.pipe("a", "1", at(0));
    run.right.pipe("a", std::nullopt, at(0));
    run.left.pipe("a", std::nullopt, at(0));
    EXPECT_THAT(run.results(), ElementsAre(Pair("a", "-x"), Pair("a", "1x"), Pair("a", "1-"), Pair("a", std::nullopt)));
  }
}

TEST(TableJoin, ResultHasTheHigherTimestamp) {
  Joined run(inner);
  run.left.pipe("a", "1", at(20));
  run.right.pipe("a", "x", at(10));
  EXPECT_EQ(run.driver.records("out").at(0).timestamp, at(20));
}

TEST(TableJoin, TopicsMustHaveTheSameNumberOfPartitions) {
  Joined run(inner);
  EXPECT_THAT(run.topology.copartition_groups, ElementsAre(std::set<std::string>{"l", "r"}));
}

TEST(TableJoin, KeepsRowsOnlyInItsSourcesUnlessToldOtherwise) {
  EXPECT_THAT(stores_of(Joined(inner).topology), ElementsAre("l-STATE-STORE-0000000000", "r-STATE-STORE-0000000003"));
  const auto stored = [](const Table& left, const Table& right) {
    EXPECT_EQ(left.join(right, both, {.store = "joined"}).queryable_store_name(), "joined");
  };
  EXPECT_THAT(stores_of(Joined(stored).topology),
              ElementsAre("l-STATE-STORE-0000000000", "r-STATE-STORE-0000000003", "joined"));
  const auto unnamed = [](const Table& left, const Table& right) { left.join(right, both, {.caching = false}); };
  EXPECT_THAT(stores_of(Joined(unnamed).topology).back(), "KTABLE-MERGE-STATE-STORE-0000000006");
}

// The row of a join that is not kept is computed from both tables when the next join looks it up.
TEST(TableJoin, LooksUpRowsOfJoinsAndViews) {
  StreamsBuilder builder;
  const auto numbers = builder.table<std::string, std::int64_t>("n")
                           .filter([](std::int64_t value) { return value > 0; })
                           .map_values([](std::int64_t value) { return std::to_string(value); });
  const auto letters = builder.table<std::string, std::string>("l").join(numbers, both);
  letters.join(builder.table<std::string, std::string>("r"), both).to_stream().to("out");
  const Topology topology = builder.build().value();
  TopologyTestDriver driver(topology);
  driver.input<std::string, std::int64_t>("n").pipe("a", 1, at(1));
  driver.input<std::string, std::string>("l").pipe("a", "L", at(2));
  driver.input<std::string, std::string>("r").pipe("a", "R", at(3));
  driver.input<std::string, std::int64_t>("n").pipe("a", -1, at(4));
  driver.input<std::string, std::string>("r").pipe("a", "S", at(5));
  EXPECT_THAT((driver.output<std::string, Text>("out").read_values()), ElementsAre("L1R", std::nullopt));
  EXPECT_EQ(topology.stores.size(), 3U);
}

TEST(TableJoin, SendsOldRowsToWhatIsGroupedBehindIt) {
  for (const bool caching : {true, false}) {
    const auto grouped = [](const Table& left, const Table& right) {
      left.left_join(right, with_right)
          .group_by([](const std::string& value) { return std::pair(value, value); })
          .count()
          .to_stream()
          .to("out");
    };
    Joined run(grouped, {.caching = caching});
    run.left.pipe("a", "1", at(0));
    run.right.pipe("a", "x", at(0));
    run.left.pipe("a", std::nullopt, at(0));
    EXPECT_THAT((run.driver.output<std::string, std::int64_t>("out").read_key_values()),
                ElementsAre(Pair("1-", 1), Pair("1-", 0), Pair("1x", 1), Pair("1x", 0)));
  }
}

TEST(TableJoin, OfATableWithItself) {
  StreamsBuilder builder;
  const auto table = builder.table<std::string, std::string>("l");
  table.join(table, both).to_stream().to("out");
  const Topology topology = builder.build().value();
  TopologyTestDriver driver(topology);
  driver.input<std::string, std::string>("l").pipe("a", "1", at(0));
  EXPECT_THAT((driver.output<std::string, Text>("out").read_values()), ElementsAre("11", "11"));
}

// "x:1" belongs to "x"; "-" to nothing.
Text before_colon(const std::string& value) {
  if (value == "-") return std::nullopt;
  return value.substr(0, value.find(':'));
}

void by_foreign_key(const Table& left, const Table& right) {
  left.join(right, before_colon, both, {.name = "fk"}).to_stream().to("out");
}

TEST(ForeignKeyJoin, FollowsBothSides) {
  for (const bool caching : {true, false}) {
    Joined run(by_foreign_key, {.caching = caching});
    run.left.pipe("1", "x:a", at(0));
    run.right.pipe("x", "X", at(0));
    run.left.pipe("2", "x:b", at(0));
    run.right.pipe("x", "Y", at(0));
    EXPECT_THAT(run.results(), ElementsAre(Pair("1", "x:aX"), Pair("2", "x:bX"), Pair("1", "x:aY"), Pair("2", "x:bY")));
  }
}

TEST(ForeignKeyJoin, AChangedKeyLeavesTheOldRow) {
  Joined run(by_foreign_key);
  run.right.pipe("x", "X", at(0));
  run.right.pipe("y", "Y", at(0));
  run.left.pipe("1", "x:a", at(0));
  run.left.pipe("1", "y:a", at(0));
  run.right.pipe("x", "Z", at(0));
  EXPECT_THAT(run.results(), ElementsAre(Pair("1", "x:aX"), Pair("1", "y:aY")));
}

TEST(ForeignKeyJoin, RowsWithoutAKeyAreDropped) {
  Joined run(by_foreign_key);
  run.left.pipe("1", "-", at(0));
  EXPECT_THAT(run.results(), IsEmpty());
  EXPECT_EQ(run.driver.dropped_records(DropReason::kNullKey), 1U);
}

TEST(ForeignKeyJoin, LeftKeepsRowsWithoutAPartner) {
  const auto left_by_key = [](const Table& left, const Table& right) {
    left.left_join(right, before_colon, with_right).to_stream().to("out");
  };
  Joined run(left_by_key);
  run.left.pipe("1", "-", at(0));
  run.left.pipe("1", "x:a", at(0));
  run.right.pipe("x", "X", at(0));
  run.right.pipe("x", std::nullopt, at(0));
  run.left.pipe("1", std::nullopt, at(0));
  EXPECT_THAT(run.results(), ElementsAre(Pair("1", "--"), Pair("1", "x:a-"), Pair("1", "x:aX"), Pair("1", "x:a-"),
                                         Pair("1", std::nullopt)));
  EXPECT_EQ(run.driver.dropped_records(), 0U);
}

TEST(ForeignKeyJoin, TakesTheKeyFromKeyAndValue) {
  const auto by_prefix = [](const Table& left, const Table& right) {
    left.join(
            right, [](const std::string& key, const std::string& value) { return key + value; }, both)
        .to_stream()
        .to("out");
  };
  Joined run(by_prefix);
  run.right.pipe("ab", "X", at(0));
  run.left.pipe("a", "b", at(0));
  EXPECT_THAT(run.results(), ElementsAre(Pair("a", "bX")));
}

TEST(ForeignKeyJoin, RowsOfViewsAreLookedUp) {
  const auto of_views = [](const Table& left, const Table& right) {
    left.filter([](const std::string& value) { return value.size() > 1; })
        .join(right.map_values([](const std::string& value) { return value + "!"; }), before_colon, both)
        .to_stream()
        .to("out");
  };
  Joined run(of_views);
  run.left.pipe("1", "x:a", at(0));
  run.right.pipe("x", "X", at(0));
  EXPECT_THAT(run.results(), ElementsAre(Pair("1", "x:aX!")));
}

}  // namespace
}  // namespace levada
