// Some hundred seeds over all topologies. `simulate` runs as many as there is time for.
#include <algorithm>
#include <string>
#include <tuple>

#include <gtest/gtest.h>

#include "tests/simulation/topologies.h"

namespace levada::testing {
namespace {

constexpr std::uint64_t kSeedsOfATest = 10;
// Of each topology and guarantee. Sanitizers, without optimisation, take ten times as long, and see with few seeds what
// they see with many.
#ifdef NDEBUG
constexpr std::uint64_t kTests = 4;
#else
constexpr std::uint64_t kTests = 1;
#endif

using Case = std::tuple<const SimulatedTopology*, ProcessingGuarantee, std::uint64_t>;

class Seeds : public ::testing::TestWithParam<Case> {};

std::vector<const SimulatedTopology*> pointers() {
  std::vector<const SimulatedTopology*> all;
  for (const SimulatedTopology& each : simulated_topologies()) all.push_back(&each);
  return all;
}

TEST_P(Seeds, HoldWhatIsPromised) {
  const auto& [topology, guarantee, part] = GetParam();
  for (std::uint64_t i = 0; i < kSeedsOfATest; ++i) {
    const auto report = simulate(*topology, part * kSeedsOfATest + i + 1, guarantee);
    ASSERT_TRUE(report.ok()) << topology->name << ": " << report.status();
  }
}

// Which only a long search found to violate something.
TEST(SeedsOnceFound, HoldWhatIsPromised) {
  const auto topology = std::ranges::find(simulated_topologies(), "UpstreamTime", &SimulatedTopology::name);
  ASSERT_NE(topology, simulated_topologies().end());
  const auto report = simulate(*topology, 30107, ProcessingGuarantee::kExactlyOnceV2);
  EXPECT_TRUE(report.ok()) << report.status();
}

std::string name_of(const ::testing::TestParamInfo<Case>& info) {
  const auto& [topology, guarantee, part] = info.param;
  const std::string promise = guarantee == ProcessingGuarantee::kExactlyOnceV2 ? "ExactlyOnce" : "AtLeastOnce";
  return topology->name + promise + "From" + std::to_string(part * kSeedsOfATest + 1);
}

INSTANTIATE_TEST_SUITE_P(ExactlyOnce, Seeds,
                         ::testing::Combine(::testing::ValuesIn(pointers()),
                                            ::testing::Values(ProcessingGuarantee::kExactlyOnceV2),
                                            ::testing::Range(std::uint64_t{0}, kTests)),
                         name_of);
INSTANTIATE_TEST_SUITE_P(AtLeastOnce, Seeds,
                         ::testing::Combine(::testing::ValuesIn(pointers()),
                                            ::testing::Values(ProcessingGuarantee::kAtLeastOnce),
                                            ::testing::Range(std::uint64_t{0}, std::uint64_t{1})),
                         name_of);

}  // namespace
}  // namespace levada::testing
