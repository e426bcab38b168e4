// The code of docs/enrichment.md.
#include <chrono>
#include <optional>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/levada.h>

namespace levada {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::Pair;

struct Customer {
  std::string name = {};
  static constexpr auto json_fields() { return levada::json_fields("name", &Customer::name); }
};

struct Article {
  double price = 0;
  static constexpr auto json_fields() { return levada::json_fields("price", &Article::price); }
};

struct Order {
  std::string customer = {};
  std::string article = {};
  double count = 0;
  static constexpr auto json_fields() {
    return levada::json_fields("customer", &Order::customer, "article", &Order::article, "count", &Order::count);
  }
};

Timestamp at(Duration time) { return Timestamp(time); }

TEST(Enrichment, OfAStreamByATable) {
  StreamsBuilder builder;
  auto customers = builder.table<std::string, Customer>("customers");
  builder.stream<std::string, Order>("orders")
      .select_key(&Order::customer)
      .left_join(customers,
                 [](const Order& order, const std::optional<Customer>& customer) {
                   return order.article + " for " + (customer ? customer->name : "somebody");
                 })
      .to("named-orders");
  const Topology topology = builder.build().value();
  TopologyTestDriver driver(topology);
  driver.input<std::string, Customer>("customers").pipe("c", {.name = "Cid"}, at(0s));
  driver.input<std::string, Order>("orders").pipe("1", {.customer = "c", .article = "tea"}, at(1s));
  EXPECT_THAT((driver.output<std::string, std::string>("named-orders").read_key_values()),
              ElementsAre(Pair("c", "tea for Cid")));
}

TEST(Enrichment, OfAStreamByAGlobalTable) {
  StreamsBuilder builder;
  auto articles = builder.global_table<std::string, Article>("articles");
  builder.stream<std::string, Order>("orders")
      .join(articles, &Order::article,
            [](const Order& order, const Article& article) { return order.count * article.price; })
      .to("order-values");
  const Topology topology = builder.build().value();
  TopologyTestDriver driver(topology);
  driver.input<std::string, Article>("articles").pipe("tea", {.price = 3}, at(0s));
  driver.input<std::string, Order>("orders").pipe("1", {.article = "tea", .count = 2}, at(1s));
  EXPECT_THAT((driver.output<std::string, double>("order-values").read_key_values()), ElementsAre(Pair("1", 6.0)));
}

TEST(Enrichment, ByTheVersionOfTheTime) {
  StreamsBuilder builder;
  auto rates = builder.table<std::string, double>("rates", {}, {.store = "rates", .history_retention = 24h});
  builder.stream<std::string, double>("payments")
      .join(rates, [](double payment, double rate) { return payment * rate; }, {.name = "converted", .grace = 10min})
      .to("converted-payments");
  const Topology topology = builder.build().value();
  TopologyTestDriver driver(topology);
  driver.input<std::string, double>("payments").pipe("EUR", 10, at(5min));
  driver.input<std::string, double>("rates").pipe("EUR", 2, at(4min));
  driver.input<std::string, double>("payments").pipe("EUR", 0, at(15min));
  EXPECT_THAT((driver.output<std::string, double>("converted-payments").read_key_values()),
              ElementsAre(Pair("EUR", 20.0)));
}

}  // namespace
}  // namespace levada
