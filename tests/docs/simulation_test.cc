// The code of docs/simulation.md.
#include <chrono>
#include <string>

#include <gtest/gtest.h>

#include <levada/levada.h>
// clang-format off
#include <levada/testing.h>
// clang-format on

namespace levada {
namespace {

using namespace std::chrono_literals;

TEST(SimulationPage, ATopologyOnItsWorstDays) {
  // clang-format off
  levada::StreamsBuilder builder;
  builder.stream<std::string, std::string>("orders")
      .group_by_key()
      .count({.store = "orders-per-customer"})
      .to_stream()
      .to("counts");
  const levada::Topology topology = builder.build().value();

  levada::Simulation simulation(topology, {.seed = 4711, .comparison = levada::OutputComparison::kLatestOfEachKey});
  for (int i = 0; i < 200; ++i) {
    simulation.produce<std::string, std::string>("orders", "customer-" + std::to_string(i % 9), "an order",
                                                 levada::Timestamp(i * 1s));
  }
  const absl::StatusOr<levada::SimulationReport> report = simulation.run();
  EXPECT_TRUE(report.ok()) << report.status();
  // clang-format on
  ASSERT_TRUE(report.ok());
  // clang-format off
  EXPECT_EQ(report->outputs.at("counts").empty(), report->expected.at("counts").empty());
  // clang-format on
}

TEST(SimulationPage, ManySeeds) {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("orders").group_by_key().count().to_stream().to("counts");
  const Topology topology = builder.build().value();
  // clang-format off
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    levada::Simulation simulation(topology, {.seed = seed,
                                             .instances = 2,
                                             .comparison = levada::OutputComparison::kLatestOfEachKey,
                                             .faults = {.crashes = 10, .damaged_directories = 0},
                                             .settings = {{"statestore.cache.max.bytes", "0"}}});
    simulation.produce<std::string, std::string>("orders", "customer-1", "an order", levada::Timestamp(1s));
    EXPECT_TRUE(simulation.run().ok());
  }
  // clang-format on
}

}  // namespace
}  // namespace levada
