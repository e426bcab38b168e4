// The simulation itself: that it is the same again, and that it finds what is wrong.
#include <map>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/levada.h>
#include <levada/testing.h>

namespace levada {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::Gt;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

Timestamp at(int i) { return Timestamp(i * 1s); }

Topology counts() {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("in").group_by_key().count({.store = "counts"}).to_stream().to("out");
  return builder.build().value();
}

// Counts in its own memory, of which nobody else knows.
class Forgetful final : public Processor<std::string, std::string, std::string, std::string> {
 public:
  explicit Forgetful(Context&) {}
  void process(const Record& record) override {
    const std::string count = std::to_string(++counts_[record.key]);
    emit(record.with_value(count));
  }

 private:
  std::map<std::string, int> counts_ = {};
};

Topology forgetful() {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("in").process<Forgetful>().to("out");
  return builder.build().value();
}

absl::StatusOr<SimulationReport> run(const Topology& topology, SimulationOptions options) {
  Simulation simulation(topology, std::move(options));
  for (int i = 0; i < 200; ++i)
    simulation.produce<std::string, std::string>("in", "k" + std::to_string(i % 7), "v", at(i));
  return simulation.run();
}

TEST(Simulation, IsTheSameForTheSameSeed) {
  const Topology topology = counts();
  for (const std::uint64_t seed : {1, 2, 3}) {
    const auto once = run(topology, {.seed = seed, .comparison = OutputComparison::kLatestOfEachKey});
    const auto again = run(topology, {.seed = seed, .comparison = OutputComparison::kLatestOfEachKey});
    ASSERT_TRUE(once.ok()) << once.status();
    ASSERT_TRUE(again.ok()) << again.status();
    EXPECT_EQ(once->fingerprint, again->fingerprint);
    EXPECT_EQ(once->to_string(), again->to_string());
    EXPECT_EQ(once->outputs, again->outputs);
  }
}

TEST(Simulation, IsAnotherForAnotherSeed) {
  const Topology topology = counts();
  const auto one = run(topology, {.seed = 1, .comparison = OutputComparison::kLatestOfEachKey});
  const auto other = run(topology, {.seed = 2, .comparison = OutputComparison::kLatestOfEachKey});
  ASSERT_TRUE(one.ok() && other.ok()) << one.status() << other.status();
  EXPECT_NE(one->fingerprint, other->fingerprint);
}

TEST(Simulation, WithoutFaultsHasTheOutputOfARunWithout) {
  const auto report =
      run(counts(), {.faults = SimulationFaults::none(), .settings = {{"statestore.cache.max.bytes", "0"}}});
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_THAT(report->faults, IsEmpty());
  EXPECT_EQ(report->outputs.at("out").size(), 200U);
}

TEST(Simulation, TellsTheSeedTheKeyAndWhatHappenedLast) {
  const Topology topology = forgetful();
  absl::Status found;
  for (std::uint64_t seed = 1; seed < 20 && found.ok(); ++seed) {
    found = run(topology, {.seed = seed, .comparison = OutputComparison::kInOrder}).status();
  }
  EXPECT_TRUE(absl::IsInternal(found));
  EXPECT_THAT(std::string(found.message()),
              AllOf(HasSubstr("simulation with seed "), HasSubstr("output topic out, key \"k"),
                    HasSubstr("what happened last:"), HasSubstr("the faults are over")));
}

TEST(Simulation, FindsATopologyThatFails) {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("in")
      .map_values([](const std::string&) -> std::string { throw std::runtime_error("no such luck"); })
      .to("out");
  const Topology topology = builder.build().value();
  const absl::Status found = run(topology, {}).status();
  EXPECT_THAT(std::string(found.message()), AllOf(HasSubstr("without faults"), HasSubstr("no such luck")));
}

TEST(Simulation, RefusesSettingsThatAreWrong) {
  EXPECT_TRUE(absl::IsInvalidArgument(run(counts(), {.settings = {{"commit.interval", "1"}}}).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(run(counts(), {.instances = 0}).status()));
}

TEST(Simulation, RestoresStoresInMemoryEachTime) {
  std::uint64_t restored = 0;
  const Topology topology = counts();
  for (std::uint64_t seed = 1; seed < 6; ++seed) {
    const auto report =
        run(topology, {.seed = seed, .comparison = OutputComparison::kLatestOfEachKey, .on_disk = false});
    ASSERT_TRUE(report.ok()) << report.status();
    restored += report->restored;
  }
  EXPECT_THAT(restored, Gt(0U));
}

}  // namespace
}  // namespace levada
