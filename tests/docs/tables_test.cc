// docs/tables.md: its code over three tables.
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/levada.h>

namespace levada {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::Pair;

struct Order {
  std::string customer;
  double amount = 0;
  Timestamp time = {};
  static constexpr auto json_fields() {
    return levada::json_fields("customer", &Order::customer, "amount", &Order::amount, "time", &Order::time);
  }
};

struct Payment {
  double amount = 0;
  static constexpr auto json_fields() { return levada::json_fields("amount", &Payment::amount); }
};

struct Customer {
  std::string name;
  static constexpr auto json_fields() { return levada::json_fields("name", &Customer::name); }
};

std::string with_customer(const Order& order, const Customer& customer) { return customer.name + order.customer; }

// clang-format off
Topology tables() {
  StreamsBuilder builder;
  auto orders = builder.table<std::string, Order>("orders", {.timestamp = &Order::time}, {.store = "orders"});
  auto customers = builder.table<std::string, Customer>("customers");
  auto latest = builder.stream<std::string, Order>("events").select_key(&Order::customer).to_table({.store = "latest"});

  orders.filter([](const Order& order) { return order.amount > 100; })  // orders.filter((k, v) -> v.amount > 100)
      .map_values(&Order::amount, {.store = "amounts"})                 // .mapValues(v -> v.amount, Materialized.as("amounts"))
      .to_stream()                                                      // .toStream()
      .to("large-amounts");                                             // .to("large-amounts")

  orders.group_by([](const Order& order) { return std::pair(order.customer, order.amount); })
      .aggregate(0.0, std::plus<>(), std::minus<>(), {.store = "open-amounts"})
      .to_stream()
      .to("amounts-per-customer");

  auto payments = builder.table<std::string, Payment>("payments");
  orders.left_join(payments, [](const Order& order, const std::optional<Payment>& payment) {
    return order.amount - (payment ? payment->amount : 0);
  }).to_stream().to("due");

  orders.join(customers, &Order::customer, with_customer, {.name = "with-customer"}, {.store = "complete-orders"});
  return builder.build().value();
}
// clang-format on

TEST(Tables, OfThePage) {
  const Topology topology = tables();
  TopologyTestDriver driver(topology);
  driver.input<std::string, Customer>("customers").pipe("c", {.name = "Ann"}, Timestamp{});
  driver.input<std::string, Order>("orders").pipe("o", {.customer = "c", .amount = 150}, Timestamp{});
  driver.input<std::string, Payment>("payments").pipe("o", {.amount = 50}, Timestamp{});
  driver.input<std::string, Order>("events").pipe("e", {.customer = "c"}, Timestamp{});
  EXPECT_THAT((driver.output<std::string, double>("large-amounts").read_key_values()), ElementsAre(Pair("o", 150)));
  EXPECT_THAT((driver.output<std::string, double>("amounts-per-customer").read_key_values()),
              ElementsAre(Pair("c", 150)));
  EXPECT_THAT((driver.output<std::string, double>("due").read_values()), ElementsAre(150, 100));
  const StoreRef<TimestampedKeyValueStore<std::string, std::string>> complete = {"complete-orders"};
  EXPECT_EQ(driver.store(complete).get("o")->value, "Annc");
}

TEST(TablesPage, RowsThatExpire) {
  StreamsBuilder builder;
  // clang-format off
  auto logins = builder.table<std::string, Customer>("logins", {}, {.store = "logins", .ttl = 24h});
  // clang-format on
  logins.to_stream().to("copies");
  EXPECT_EQ(builder.build().value().find_store("logins")->ttl, Duration(24h));
}

}  // namespace
}  // namespace levada
