// README.md: the first program, and its topology in a test.
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

// The program is compiled, and not run: it wants a broker on port 9092. Its main() gets another name.
#define main first_program
// clang-format off
#include <iostream>

#include <levada/levada.h>

using namespace std::chrono_literals;

struct Order {
  std::string type;
  levada::Timestamp time;
  static constexpr auto json_fields() { return levada::json_fields("type", &Order::type, "time", &Order::time); }
};

int main() {
  levada::StreamsBuilder builder;
  builder.stream<std::string, Order>("orders", {.timestamp = &Order::time})
      .group_by(&Order::type)
      .windowed_by(levada::TimeWindows::of(1h, {.grace = 10min}))
      .count({.store = "orders-per-hour"})
      .to_stream()
      .to("order-counts");

  levada::StreamsConfig config;
  config.set("application.id", "first");
  config.set("bootstrap.servers", "localhost:9092");
  absl::StatusOr<levada::StreamsApp> app = levada::StreamsApp::start(builder.build(), config);
  const absl::Status ended = app.ok() ? app->wait_for_signal() : app.status();  // SIGTERM: finish, commit, leave
  if (!ended.ok()) std::cerr << ended << '\n';
  return ended.ok() ? 0 : 1;
}
// clang-format on
#undef main

namespace {

TEST(Readme, TopologyInATest) {
  levada::StreamsBuilder builder;
  builder.stream<std::string, Order>("orders", {.timestamp = &Order::time})
      .group_by(&Order::type)
      .windowed_by(levada::TimeWindows::of(1h, {.grace = 10min}))
      .count({.store = "orders-per-hour"})
      .to_stream()
      .to("order-counts");

  // clang-format off
  const absl::StatusOr<levada::Topology> topology = builder.build();
  levada::TopologyTestDriver driver(*topology);
  auto orders = driver.input<std::string, Order>("orders");
  auto counts = driver.output<levada::Windowed<std::string>, std::int64_t>("order-counts",
                                                                           levada::time_windowed_serde<std::string>(1h));
  const levada::Timestamp time(5min);
  orders.pipe("o-1", {.type = "OrderCreated", .time = time}, time);
  EXPECT_EQ(counts.read_values(), std::vector<std::int64_t>{1});
  // clang-format on
}

}  // namespace
