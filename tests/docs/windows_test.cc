// docs/windows.md.
#include <functional>
#include <string>

#include <gtest/gtest.h>

#include <levada/levada.h>

namespace levada {
namespace {

using namespace std::chrono_literals;

struct Order {
  std::string customer;
  double amount = 0;
  static constexpr auto json_fields() {
    return levada::json_fields("customer", &Order::customer, "amount", &Order::amount);
  }
};

struct Profile {
  double spent = 0;
  std::int64_t visits = 0;
  static constexpr auto json_fields() {
    return levada::json_fields("spent", &Profile::spent, "visits", &Profile::visits);
  }
};

class WindowsPage : public ::testing::Test {
 protected:
  void TearDown() override {
    const absl::StatusOr<Topology> topology = builder.build();
    EXPECT_TRUE(topology.ok()) << topology.status();
  }

  StreamsBuilder builder;
  KGroupedStream<std::string, Order> orders = builder.stream<std::string, Order>("orders").group_by_key();
};

TEST_F(WindowsPage, TimeWindows) {
  // clang-format off
  orders.windowed_by(TimeWindows::of(1h, {.grace = 10min})).count({.store = "orders-per-hour"});
  orders.windowed_by(TimeWindows::of(1h).advance_by(15min)).count();
  // clang-format on
}

TEST_F(WindowsPage, SlidingWindows) {
  // clang-format off
  orders.windowed_by(SlidingWindows::of(10min, {.grace = 1min})).count();
  // clang-format on
}

TEST_F(WindowsPage, Sessions) {
  // clang-format off
  orders.windowed_by(SessionWindows::of(30min, {.grace = 5min})).count({.store = "visits"});
  orders.windowed_by(SessionWindows::of(30min))
      .aggregate(0.0, [](double sum, const Order& order) { return sum + order.amount; }, std::plus<>());
  // clang-format on
}

TEST_F(WindowsPage, UnlimitedWindows) {
  const Timestamp launch(1h);
  orders.windowed_by(UnlimitedWindows::of().start_on(launch)).count();
}

TEST_F(WindowsPage, ResultsAtTheClose) {
  // clang-format off
  orders.windowed_by(TimeWindows::of(1h, {.grace = 10min}))
      .emit_strategy(EmitStrategy::on_window_close())
      .count();
  // clang-format on
}

TEST(WindowsPageOfSilence, InputsThatHaveNothing) {
  StreamsBuilder builder;
  const auto orders = builder.stream<std::string, Order>("orders", {.idle_timeout = 30s});
  orders.to("copies");
  EXPECT_EQ(builder.build().value().nodes.front().idle_timeout, Duration(30s));
}

TEST_F(WindowsPage, SeveralStreams) {
  const auto visits = builder.stream<std::string, std::string>("visits").group_by_key();
  const auto add_order = [](Profile profile, const Order& order) {
    profile.spent += order.amount;
    return profile;
  };
  const auto add_visit = [](Profile profile, const std::string&) {
    ++profile.visits;
    return profile;
  };
  // clang-format off
  orders.cogroup(add_order)
      .cogroup(visits, add_visit)
      .windowed_by(TimeWindows::of(24h))
      .aggregate(Profile{}, {.store = "profiles"});
  // clang-format on
}

}  // namespace
}  // namespace levada
