// The code of docs/joins.md.
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/levada.h>

namespace levada {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

TEST(Joins, OfTwoStreams) {
  StreamsBuilder builder;
  const auto orders = builder.stream<std::string, std::string>("orders");
  const auto payments = builder.stream<std::string, std::int64_t>("payments");
  orders
      .left_join(payments,
                 [](const std::string& order, const std::optional<std::int64_t>& paid) {
                   return paid ? order + ": " + std::to_string(*paid) : order + ": unpaid";
                 },
                 JoinWindows::of(1h, {.grace = 5min}), {.name = "invoices", .store_name = "invoices"})
      .to("invoices");

  const Topology topology = builder.build().value();
  TopologyTestDriver driver(topology);
  auto order = driver.input<std::string, std::string>("orders");
  order.pipe("o1", "book", Timestamp(0h));
  order.pipe("o2", "pen", Timestamp(1h));
  driver.input<std::string, std::int64_t>("payments").pipe("o2", 3, Timestamp(2h));
  EXPECT_THAT((driver.output<std::string, std::string>("invoices").read_values()),
              ElementsAre("book: unpaid", "pen: 3"));
}

}  // namespace
}  // namespace levada
