// Each defect is found within some seeds, by one of two topologies.
#include "tests/simulation/defects.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/simulation/topologies.h"

namespace levada::testing {
namespace {

constexpr std::uint64_t kSeeds = 60;

class Simulated : public ::testing::TestWithParam<Defect> {};

absl::Status violation(const Defect& defect, std::uint64_t seed) {
  for (const SimulatedTopology& topology : simulated_topologies()) {
    if (topology.name != "Orders" && topology.name != "Processor") continue;
    const absl::Status found = simulate(topology, seed, defect.guarantee, defect.view).status();
    if (!found.ok()) return found;
  }
  return absl::OkStatus();
}

TEST_P(Simulated, DefectIsFound) {
  absl::Status found;
  for (std::uint64_t seed = 1; found.ok() && seed <= kSeeds; ++seed) found = violation(GetParam(), seed);
  EXPECT_TRUE(absl::IsInternal(found)) << "not within " << kSeeds << " seeds: " << found;
  const std::string message(found.message());
  RecordProperty("violation", message.substr(0, message.find('\n')));
}

INSTANTIATE_TEST_SUITE_P(Defects, Simulated, ::testing::ValuesIn(defects()),
                         [](const auto& each) { return each.param.name; });

}  // namespace
}  // namespace levada::testing
