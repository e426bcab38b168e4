// docs/streams.md.
#include <atomic>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/levada.h>

namespace levada {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

struct Order {
  std::string region;
  double amount = 0;
  std::vector<std::string> items = {};
  Timestamp time = {};
  static constexpr auto json_fields() {
    return levada::json_fields("region", &Order::region, "amount", &Order::amount, "items", &Order::items, "time",
                               &Order::time);
  }
};

struct Seen {
  std::atomic<double> amounts = 0;
  std::atomic<int> orders = 0;
};

// clang-format off
Topology streams(std::atomic<double>& seen, std::atomic<int>& count) {
  StreamsBuilder builder;
  auto orders = builder.stream<std::string, Order>("orders", {.timestamp = &Order::time});
  auto all = builder.stream<std::string, Order>(std::vector<std::string>{"orders-eu", "orders-us"});
  auto recent = builder.stream<std::string, Order>("clicks", {.reset = AutoOffsetReset::latest()});

  orders.to("copies");
  orders.to([](const Order& order) { return "orders-" + order.region; });
  orders.to("by-region", {.partitioner = [](const std::string&, const Order& order, Partition partitions) {
              return static_cast<Partition>(order.region.size()) % partitions;
            }});

  orders.filter([](const Order& order) { return order.amount > 0; })
      .filter_not([](const std::string& id, const Order&) { return id.starts_with("test-"); })
      .map_values(&Order::amount)
      .peek([&seen](double amount) { seen += amount; })
      .to("amounts");

  orders.map([](const std::string& id, const Order& order) { return std::pair(order.region, id); }).to("ids-by-region");
  orders.select_key(&Order::region).to("orders-by-region");
  orders.flat_map_values(&Order::items).to("items");
  orders.flat_map([](const std::string& id, const Order& order) {
          std::vector<std::pair<std::string, std::string>> pairs;
          for (const std::string& item : order.items) pairs.emplace_back(item, id);
          return pairs;
        })
      .to("orders-of-an-item");
  orders.for_each([&count](const Order&) { ++count; });

  auto [large, small, rest] = orders.split([](const Order& order) { return order.amount > 1000; },
                                           [](const Order& order) { return order.amount > 0; });
  auto branches = orders.split({.name = "region-"})
                      .branch([](const Order& order) { return order.region == "eu"; }, {.name = "eu"})
                      .branch([](const Order& order) { return order.region == "us"; }, {.name = "us"})
                      .default_branch({.name = "other"});
  branches.at("region-eu").merge(branches.at("region-us")).to("known-regions");

  orders.repartition({.name = "wide", .partitions = 64}).filter([](const Order& order) { return order.amount > 0; });
  orders.select_key(&Order::region).group_by_key({.name = "per-region"}).count();

  large.to("large");
  small.to("small");
  rest.to("rest");
  all.merge(recent).to("merged");
  return builder.build().value();
}
// clang-format on

TEST(Streams, OfThePage) {
  Seen seen;
  const Topology topology = streams(seen.amounts, seen.orders);
  TopologyTestDriver driver(topology);
  auto orders = driver.input<std::string, Order>("orders");
  orders.pipe("o-1", {.region = "eu", .amount = 1500, .items = {"tea", "rice"}}, Timestamp{});
  orders.pipe("test-2", {.region = "us", .amount = 20}, Timestamp{});
  orders.pipe("o-3", {.region = "none"}, Timestamp{});

  EXPECT_EQ(seen.orders, 3);
  EXPECT_EQ(seen.amounts, 1500);
  const auto texts = [&driver](const char* topic) {
    return driver.output<std::string, std::string>(topic).read_key_values();
  };
  EXPECT_THAT(texts("ids-by-region"), ElementsAre(Pair("eu", "o-1"), Pair("us", "test-2"), Pair("none", "o-3")));
  EXPECT_THAT(texts("items"), ElementsAre(Pair("o-1", "tea"), Pair("o-1", "rice")));
  EXPECT_THAT(texts("orders-of-an-item"), ElementsAre(Pair("tea", "o-1"), Pair("rice", "o-1")));
  const auto keys = [&driver](const char* topic) {
    std::vector<std::string> found;
    for (const auto& [key, order] : driver.output<std::string, Order>(topic).read_key_values()) found.push_back(key);
    return found;
  };
  EXPECT_THAT(keys("large"), ElementsAre("o-1"));
  EXPECT_THAT(keys("small"), ElementsAre("test-2"));
  EXPECT_THAT(keys("rest"), ElementsAre("o-3"));
  EXPECT_THAT(keys("orders-us"), ElementsAre("test-2"));
  EXPECT_THAT(keys("orders-by-region"), ElementsAre("eu", "us", "none"));
  EXPECT_THAT(keys("known-regions"), ElementsAre("o-1", "test-2"));
}

}  // namespace
}  // namespace levada
