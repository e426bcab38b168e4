#include <optional>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/dsl/streams_builder.h>
#include <levada/runtime/topology_test_driver.h>

namespace levada {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

using Text = std::string;
using Nullable = std::optional<std::string>;
using Prices = KeyValueStore<Text, std::int64_t>;

Timestamp at(std::int64_t time) { return Timestamp(Duration(time)); }

// Keeps what costs something.
class KeepPrices final : public Terminal<Text, std::int64_t> {
 public:
  KeepPrices(Context& context, const StoreRef<Prices>& prices) : prices_(context.store(prices)) {}
  void process(const Record<Text, std::int64_t>& record) override {
    if (record.value > 0) prices_.put(record.key, record.value);
  }

 private:
  Prices& prices_;
};

class AddPrice final : public Processor<Text, Text, Text, std::int64_t> {
 public:
  AddPrice(Context& context, const StoreRef<Prices>& prices) : prices_(context.store(prices)) {}
  void process(const Record& record) override {
    const std::int64_t price = prices_.get(record.value).value_or(0);
    emit(record.with_value(price));
  }

 private:
  Prices& prices_;
};

class SetPrice final : public Terminal<Text, Text> {
 public:
  SetPrice(Context& context, const StoreRef<Prices>& prices) : prices_(context.store(prices)) {}
  void process(const Record<Text, Text>& record) override { prices_.put(record.key, 1); }

 private:
  Prices& prices_;
};

TEST(GlobalStore, IsReadByProcessorsOfOtherTopics) {
  StreamsBuilder builder;
  const auto prices = builder.add_global_store<Prices, KeepPrices>("prices", "price-topic");
  builder.stream<Text, Text>("orders").process<AddPrice>(prices).to("out");
  const Topology topology = builder.build().value();
  TopologyTestDriver driver(topology);
  driver.input<Text, std::int64_t>("price-topic").pipe("tea", 3, at(1));
  driver.input<Text, std::int64_t>("price-topic").pipe("tea", -1, at(2));
  driver.input<Text, Text>("orders").pipe("o-1", "tea", at(0));
  EXPECT_THAT((driver.output<Text, std::int64_t>("out").read_key_values()), ElementsAre(Pair("o-1", 3)));
  EXPECT_EQ(driver.store(prices).get("tea"), 3);
}

TEST(GlobalStore, MayBeAllThatATopologyHas) {
  StreamsBuilder builder;
  const auto prices = builder.add_global_store<Prices, KeepPrices>("prices", "price-topic");
  const Topology topology = builder.build().value();
  TopologyTestDriver driver(topology);
  driver.input<Text, std::int64_t>("price-topic").pipe("tea", 3, at(1));
  driver.advance_wall_clock_time(Duration(1));
  EXPECT_EQ(driver.store(prices).get("tea"), 3);
}

TEST(GlobalStore, CannotBeWrittenByOthers) {
  StreamsBuilder builder;
  const auto prices = builder.add_global_store<Prices, KeepPrices>("prices", "price-topic");
  builder.stream<Text, Text>("orders").process<SetPrice>(prices);
  const Topology topology = builder.build().value();
  TopologyTestDriver driver(topology);
  try {
    driver.input<Text, Text>("orders").pipe("o-1", "tea", at(0));
    FAIL() << "written";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(),
                HasSubstr("store prices is global: only the processor it was added with may write to it"));
  }
}

TEST(GlobalStore, HasNoTimeToLive) {
  StreamsBuilder builder;
  builder.add_global_store<Prices, KeepPrices>("prices", "price-topic", {.ttl = Duration(1)});
  EXPECT_THAT(builder.build().status().message(),
              HasSubstr("global store prices: a .ttl needs the time of a task, which a global store has not"));
}

TEST(GlobalStore, MayBeInMemory) {
  StreamsBuilder builder;
  const auto prices =
      builder.add_global_store<Prices, KeepPrices>("prices", "price-topic", {.engine = StoreEngine::kInMemory});
  builder.stream<Text, Text>("orders").process<AddPrice>(prices).to("out");
  const Topology topology = builder.build().value();
  TopologyTestDriver driver(topology);
  driver.input<Text, std::int64_t>("price-topic").pipe("tea", 3, at(1));
  driver.input<Text, Text>("orders").pipe("o-1", "tea", at(0));
  EXPECT_THAT((driver.output<Text, std::int64_t>("out").read_key_values()), ElementsAre(Pair("o-1", 3)));
}

TEST(GlobalTable, JoinsUnderTheKeyThatAFunctionFinds) {
  StreamsBuilder builder;
  const auto customers = builder.global_table<Text, Text>("customers");
  builder.stream<Text, Text>("orders")
      .left_join(
          customers, [](const Text& order) { return order.substr(0, 1); },
          [](const Text& id, const Text& order, const Nullable& name) { return id + order + name.value_or("-"); })
      .to("out");
  const Topology topology = builder.build().value();
  TopologyTestDriver driver(topology);
  driver.input<Text, Nullable>("customers").pipe("a", "Ann", at(1));
  driver.input<Text, Text>("orders").pipe("1", "a", at(0));
  driver.input<Text, Nullable>("customers").pipe("a", std::nullopt, at(2));
  driver.input<Text, Text>("orders").pipe("2", "a", at(3));
  EXPECT_THAT((driver.output<Text, Text>("out").read_key_values()), ElementsAre(Pair("1", "1aAnn"), Pair("2", "2a-")));
}

TEST(GlobalTable, LeftJoinWantsRecordsWithoutKeysFromRepartitionsAbove) {
  StreamsBuilder builder;
  const auto customers = builder.global_table<Text, Text>("customers");
  builder.stream<Nullable, Text>("orders")
      .repartition({.name = "again"})
      .left_join(
          customers, [](const Text& order) { return order; },
          [](const Text& order, const Nullable& name) { return order + name.value_or("-"); })
      .to("out");
  const Topology topology = builder.build().value();
  TopologyTestDriver driver(topology);
  driver.input<Nullable, Text>("orders").pipe(std::nullopt, "a", at(0));
  EXPECT_THAT((driver.output<Nullable, Text>("out").read_values()), ElementsAre("a-"));
}

TEST(GlobalTable, HasNoChangelog) {
  StreamsBuilder builder;
  const auto customers = builder.global_table<Text, Text>("customers");
  builder.stream<Text, Text>("orders")
      .join(
          customers, [](const Text& order) { return order; }, [](const Text&, const Text& name) { return name; })
      .to("out");
  const Topology topology = builder.build().value();
  ASSERT_EQ(topology.stores.size(), 1U);
  EXPECT_FALSE(topology.stores[0].logging);
  EXPECT_TRUE(sub_topologies(topology)[0].global);
  EXPECT_FALSE(sub_topologies(topology)[1].global);
}

}  // namespace
}  // namespace levada
