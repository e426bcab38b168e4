#include <chrono>
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

using std::chrono::seconds;

using Text = std::optional<std::string>;
using Number = std::int64_t;
using Order = KStream<std::string, std::string>;
using Payment = KStream<std::string, Number>;

const JoinWindows kTenSeconds = JoinWindows::of(seconds(10));

Timestamp at(std::int64_t s) { return Timestamp(seconds(s)); }

std::string paid(const std::string& order, Number amount) { return order + " paid " + std::to_string(amount); }

std::string perhaps_paid(const std::string& order, const std::optional<Number>& amount) {
  return amount ? paid(order, *amount) : order + " unpaid";
}

std::string either(const Text& order, const std::optional<Number>& amount) {
  return order.value_or("nothing") + " for " + (amount ? std::to_string(*amount) : "nothing");
}

// Orders and payments, joined by `join`, and a driver of it.
template <class Join>
struct Joined {
  explicit Joined(Join join, TestDriverOptions options = {}) : topology(make(join)), driver(topology, options) {}

  static Topology make(Join join) {
    StreamsBuilder builder;
    const Order orders = builder.stream<std::string, std::string>("orders");
    const Payment payments = builder.stream<std::string, Number>("payments");
    join(orders, payments).to("out");
    return builder.build().value();
  }

  void order(const std::string& key, const std::string& value, std::int64_t s) {
    driver.input<std::string, std::string>("orders").pipe(key, value, at(s));
  }
  void payment(const std::string& key, Number value, std::int64_t s) {
    driver.input<std::string, Number>("payments").pipe(key, value, at(s));
  }
  // Since the last call.
  std::vector<std::pair<std::string, std::string>> results() { return out.read_key_values(); }

  Topology topology;
  TopologyTestDriver driver;
  TestOutputTopic<std::string, std::string> out = driver.output<std::string, std::string>("out");
};

auto inner(const JoinWindows& windows) {
  return [windows](const Order& orders, const Payment& payments) { return orders.join(payments, paid, windows); };
}
auto left(const JoinWindows& windows) {
  return [windows](const Order& orders, const Payment& payments) {
    return orders.left_join(payments, perhaps_paid, windows);
  };
}
auto outer(const JoinWindows& windows) {
  return
      [windows](const Order& orders, const Payment& payments) { return orders.outer_join(payments, either, windows); };
}

TEST(StreamJoin, JoinsWhatIsWithinTheWindowOnBothEnds) {
  Joined run(inner(kTenSeconds));
  run.order("o1", "book", 20);
  run.payment("o1", 1, 9);
  run.payment("o1", 2, 10);
  run.payment("o1", 3, 30);
  run.payment("o1", 4, 31);
  EXPECT_THAT(run.results(), ElementsAre(Pair("o1", "book paid 2"), Pair("o1", "book paid 3")));
}

TEST(StreamJoin, WindowsCanBeAsymmetric) {
  Joined run(inner(JoinWindows::of(seconds(0)).after(seconds(5))));
  run.order("o1", "book", 20);
  run.payment("o1", 1, 19);
  run.payment("o1", 2, 20);
  run.payment("o1", 3, 25);
  run.payment("o1", 4, 26);
  EXPECT_THAT(run.results(), ElementsAre(Pair("o1", "book paid 2"), Pair("o1", "book paid 3")));
}

TEST(StreamJoin, WindowsCanLieWhollyBefore) {
  Joined run(inner(JoinWindows::of(seconds(5)).after(seconds(-2))));
  run.order("o1", "book", 20);
  run.payment("o1", 1, 14);
  run.payment("o1", 2, 15);
  run.payment("o1", 3, 18);
  run.payment("o1", 4, 19);
  EXPECT_THAT(run.results(), ElementsAre(Pair("o1", "book paid 2"), Pair("o1", "book paid 3")));
}

TEST(StreamJoin, KeepsDuplicatesOfOneKeyAndTime) {
  Joined run(inner(kTenSeconds));
  run.order("o1", "book", 20);
  run.order("o1", "book", 20);
  run.payment("o1", 1, 20);
  EXPECT_THAT(run.results(), ElementsAre(Pair("o1", "book paid 1"), Pair("o1", "book paid 1")));
}

TEST(StreamJoin, ResultsHaveTheLaterTimestampAndTheHeadersOfTheRecordThatCameLast) {
  Joined run(inner(kTenSeconds));
  run.order("o1", "book", 20);
  run.driver.pipe(
      "payments",
      {.key = "o1", .value = Bytes("\0\0\0\0\0\0\0\1", 8), .timestamp = at(15), .headers = {{"from", "payment"}}});
  const TestBytes result = run.driver.records("out").back();
  EXPECT_EQ(result.timestamp, at(20));
  EXPECT_EQ(result.headers, (Headers{{"from", "payment"}}));
}

TEST(StreamJoin, JoinersMayTakeTheKey) {
  const auto with_key = [](const Order& orders, const Payment& payments) {
    return orders.join(
        payments, [](const std::string& key, const std::string& order, Number) { return key + ":" + order; },
        kTenSeconds);
  };
  Joined run(with_key);
  run.order("o1", "book", 0);
  run.payment("o1", 1, 0);
  EXPECT_THAT(run.results(), ElementsAre(Pair("o1", "o1:book")));
}

TEST(StreamJoin, LeftJoinEmitsWhatFoundNoPartnerWhenTheWindowHasClosed) {
  Joined run(left(JoinWindows::of(seconds(10), {.grace = seconds(5)})));
  run.order("o1", "book", 0);
  run.payment("o2", 1, 15);
  EXPECT_THAT(run.results(), IsEmpty());
  run.payment("o2", 2, 16);
  EXPECT_THAT(run.results(), ElementsAre(Pair("o1", "book unpaid")));
  EXPECT_EQ(run.driver.records("out").back().timestamp, at(0));
}

TEST(StreamJoin, LeftJoinEmitsALateRecordAtOnce) {
  Joined run(left(kTenSeconds));
  run.payment("o2", 1, 100);
  run.order("o1", "book", 50);
  EXPECT_THAT(run.results(), ElementsAre(Pair("o1", "book unpaid")));
}

TEST(StreamJoin, LeftJoinEmitsNoPartnerlessRecordOfTheRight) {
  Joined run(left(kTenSeconds));
  run.payment("o1", 1, 0);
  run.order("o2", "book", 100);
  EXPECT_THAT(run.results(), IsEmpty());
}

TEST(StreamJoin, AMatchForgetsWhatHasWaited) {
  Joined run(left(kTenSeconds));
  run.order("o1", "book", 0);
  run.payment("o1", 1, 5);
  run.payment("o2", 1, 100);
  EXPECT_THAT(run.results(), ElementsAre(Pair("o1", "book paid 1")));
}

TEST(StreamJoin, OuterJoinEmitsBothSidesInTheOrderOfTime) {
  Joined run(outer(kTenSeconds));
  run.order("o1", "book", 2);
  run.payment("o2", 7, 1);
  run.order("o3", "pen", 100);
  EXPECT_THAT(run.results(), ElementsAre(Pair("o2", "nothing for 7"), Pair("o1", "book for nothing")));
}

TEST(StreamJoin, OuterJoinOfAnAsymmetricWindowWaitsForEachSideAsLongAsItsPartnersMayCome) {
  Joined run(outer(JoinWindows::of(seconds(0)).after(seconds(60))));
  run.payment("o1", 7, 10);
  run.order("o2", "book", 10);
  run.payment("o3", 8, 11);
  EXPECT_THAT(run.results(), ElementsAre(Pair("o1", "nothing for 7")));
  run.order("o4", "pen", 71);
  EXPECT_THAT(run.results(), ElementsAre(Pair("o2", "book for nothing"), Pair("o3", "nothing for 8")));
}

// What Kafka Streams emits for the same records: of a window that looks far back and little ahead, whose sides close at
// different times.
TEST(StreamJoin, OuterJoinOfAnAsymmetricWindowEmitsWhenKafkaStreamsDoes) {
  Joined run(outer(JoinWindows::of(seconds(30)).after(seconds(5))));
  run.order("a", "A", 10);
  run.payment("b", 2, 11);
  run.order("c", "C", 12);
  run.payment("d", 4, 20);
  EXPECT_THAT(run.results(), IsEmpty());
  run.order("e", "E", 21);
  EXPECT_THAT(run.results(), ElementsAre(Pair("a", "A for nothing"), Pair("c", "C for nothing")));
  run.payment("f", 6, 41);
  EXPECT_THAT(run.results(), IsEmpty());
  run.order("g", "G", 42);
  EXPECT_THAT(run.results(), ElementsAre(Pair("b", "nothing for 2"), Pair("e", "E for nothing")));
  run.payment("h", 8, 60);
  EXPECT_THAT(run.results(), IsEmpty());
  run.order("i", "I", 50);
  EXPECT_THAT(run.results(), ElementsAre(Pair("i", "I for nothing")));
  run.payment("j", 10, 90);
  EXPECT_THAT(run.results(),
              ElementsAre(Pair("d", "nothing for 4"), Pair("f", "nothing for 6"), Pair("g", "G for nothing")));
}

// The changelog of a store behind a join has the time of the result, not that of the record that made it due.
TEST(StreamJoin, StoresBelowLogTheTimeOfTheResult) {
  Joined run([](const Order& orders, const Payment& payments) {
    const Order unpaid = orders.left_join(payments, perhaps_paid, kTenSeconds);
    return unpaid.join(payments, paid, kTenSeconds, {.store_name = "below"});
  });
  run.order("o1", "book", 0);
  run.payment("o2", 1, 11);
  const auto& logged = run.driver.records("app-below-this-join-store-changelog");
  ASSERT_EQ(logged.size(), 1U);
  EXPECT_EQ(logged[0].timestamp, at(0));
}

struct NullKeys {
  explicit NullKeys(bool is_outer) : topology(make(is_outer)), driver(topology) {}

  static Topology make(bool is_outer) {
    StreamsBuilder builder;
    const auto l = builder.stream<Text, Text>("l");
    const auto r = builder.stream<Text, Text>("r");
    const auto join = [](const Text& a, const Text& b) { return a.value_or("-") + b.value_or("-"); };
    if (is_outer) {
      l.outer_join(r, join, kTenSeconds).to("out");
    } else {
      l.join(r, join, kTenSeconds).to("out");
    }
    return builder.build().value();
  }

  void pipe(const std::string& topic, const Text& key, const Text& value) {
    driver.input<Text, Text>(topic).pipe(key, value, at(0));
  }

  Topology topology;
  TopologyTestDriver driver;
};

TEST(StreamJoin, DropsAndCountsNullKeysAndValues) {
  NullKeys run(false);
  run.pipe("l", std::nullopt, "a");
  run.pipe("r", "k", std::nullopt);
  EXPECT_EQ(run.driver.dropped_records(DropReason::kNullKey), 1U);
  EXPECT_EQ(run.driver.dropped_records(DropReason::kNullValue), 1U);
  EXPECT_THAT(run.driver.records("out"), IsEmpty());
}

TEST(StreamJoin, OuterJoinEmitsNullKeysAtOnce) {
  NullKeys run(true);
  run.pipe("l", std::nullopt, "a");
  run.pipe("r", std::nullopt, "b");
  EXPECT_THAT((run.driver.output<Text, std::string>("out").read_key_values()),
              ElementsAre(Pair(std::nullopt, "a-"), Pair(std::nullopt, "-b")));
  EXPECT_EQ(run.driver.dropped_records(), 0U);
}

TEST(StreamJoin, MemoryAndRocksDbGiveTheSameResults) {
  for (const StoreEngine engine : {StoreEngine::kInMemory, StoreEngine::kRocksDb}) {
    Joined run([engine](const Order& orders, const Payment& payments) {
      return orders.outer_join(payments, either, kTenSeconds, {.engine = engine});
    });
    run.order("o1", "book", 0);
    run.payment("o1", 1, 1);
    run.order("o2", "pen", 2);
    run.payment("o3", 3, 50);
    EXPECT_THAT(run.results(), ElementsAre(Pair("o1", "book for 1"), Pair("o2", "pen for nothing")));
  }
}

TEST(StreamJoin, RepartitionsBothSidesWhereKeysChanged) {
  StreamsBuilder builder;
  const auto orders =
      builder.stream<std::string, std::string>("orders").select_key([](const std::string& order) { return order; });
  orders.join(builder.stream<std::string, Number>("payments"), paid, kTenSeconds, {.name = "j"}).to("out");
  const Topology topology = builder.build().value();
  EXPECT_THAT(describe(topology), HasSubstr("Source: j-left-repartition-source (topics: [j-left-repartition])"));
  EXPECT_THAT(topology.copartition_groups, ElementsAre(ElementsAre("j-left-repartition", "payments")));
}

TEST(StreamJoin, StreamsWhoseKeysChangedHaveOneRepartitionForAllTheirJoins) {
  StreamsBuilder builder;
  const auto orders =
      builder.stream<std::string, std::string>("orders").select_key([](const std::string& order) { return order; });
  const auto payments = builder.stream<std::string, Number>("payments");
  orders.join(payments, paid, kTenSeconds).to("a");
  orders.join(payments, paid, kTenSeconds).to("b");
  EXPECT_EQ(builder.build().value().repartition_topics.size(), 1U);
}

TEST(StreamJoin, TellsWindowsThatContainNothing) {
  StreamsBuilder builder;
  const auto orders = builder.stream<std::string, std::string>("orders");
  orders.join(builder.stream<std::string, Number>("payments"), paid, JoinWindows::of(seconds(1)).after(seconds(-2)))
      .to("out");
  EXPECT_THAT(builder.build().status().message(), HasSubstr("the end lies before the start"));
}

TEST(StreamJoin, TellsStreamsOfDifferentBuilders) {
  StreamsBuilder builder;
  StreamsBuilder other;
  builder.stream<std::string, std::string>("orders")
      .join(other.stream<std::string, Number>("payments"), paid, kTenSeconds)
      .to("out");
  EXPECT_THAT(builder.build().status().message(), HasSubstr("different builders"));
}

TEST(StreamJoin, NothingExpiresByANullValue) {
  StreamsBuilder builder;
  const auto in = builder.stream<std::string, Text>("in");
  in.outer_join(
        in, [](const Text& a, const Text& b) { return a.value_or("~") + b.value_or("~"); }, JoinWindows::of(seconds(1)))
      .to("out");
  const Topology topology = builder.build().value();
  TopologyTestDriver driver(topology);
  auto records = driver.input<std::string, Text>("in");
  records.pipe("b", std::nullopt, at(23));
  records.pipe("a", "x", at(20));
  EXPECT_THAT((driver.output<std::string, std::string>("out").read_values()), ElementsAre("x~", "xx"));
}

}  // namespace
}  // namespace levada
