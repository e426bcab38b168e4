// At-least-once without a repartition topic, and with disks that stay: whatever crashes, state has every record once.
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <levada/levada.h>
#include <levada/testing.h>

namespace levada::testing {
namespace {

constexpr std::uint64_t kSeeds = 40;
constexpr int kRecords = 300;
constexpr int kKeys = 12;

Topology counts() {
  StreamsBuilder builder;
  const auto by_key = builder.stream<std::string, std::string>("events").group_by_key();
  by_key.count({.store = "counts"}).to_stream().to("counts");
  by_key.windowed_by(TimeWindows::of(std::chrono::minutes(1), {.grace = std::chrono::hours(1)}))
      .count({.store = "minutes"})
      .to_stream()
      .to("minutes");
  return builder.build().value();
}

std::map<NullableBytes, NullableBytes> latest(const std::vector<TestBytes>& records) {
  std::map<NullableBytes, NullableBytes> latest;
  for (const TestBytes& record : records) latest[record.key] = record.value;
  return latest;
}

TEST(AtLeastOnce, StateHasEveryRecordOnceWhereTheDiskStays) {
  const Topology topology = counts();
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    SimulationOptions options{.seed = seed, .instances = 1, .settings = {{"processing.guarantee", "at_least_once"}}};
    options.faults.torn_directories = options.faults.damaged_directories = options.faults.lost_directories = 0;
    options.comparison = OutputComparison::kLatestOfEachKey;
    Simulation simulation(topology, options);
    for (int i = 0; i < kRecords; ++i) {
      simulation.produce<std::string, std::string>("events", "k" + std::to_string(i % kKeys), "v",
                                                   Timestamp(std::chrono::seconds(i)));
    }
    const auto report = simulation.run();
    ASSERT_TRUE(report.ok()) << report.status();
    for (const std::string topic : {"counts", "minutes"}) {
      EXPECT_EQ(latest(report->outputs.at(topic)), latest(report->expected.at(topic)))
          << topic << ": " << report->to_string();
    }
  }
}

}  // namespace
}  // namespace levada::testing
