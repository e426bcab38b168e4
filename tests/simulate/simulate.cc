// Simulates the topologies of tests/simulation with many seeds.
//
//   simulate --seeds 10000                        # seeds 1 to 10000 of each topology
//   simulate --from 4711 --seeds 1 --topology Orders --verbose
//
// Goes on after a violation, which it prints. The exit code says whether there was one.
#include <chrono>
#include <cstdio>
#include <map>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "tests/simulation/topologies.h"

namespace levada::testing {
namespace {

struct Options {
  std::uint64_t from = 1;
  std::uint64_t seeds = 100;
  std::string topology = {};  // empty: all
  std::string guarantee = {};
  int most_violations = 10;
  bool verbose = false;
};

class Run {
 public:
  explicit Run(const Options& options) : options_(options) {}

  int run() {
    for (std::uint64_t seed = options_.from; seed < options_.from + options_.seeds; ++seed) {
      for (const SimulatedTopology& topology : simulated_topologies()) {
        if (!options_.topology.empty() && options_.topology != topology.name) continue;
        if (options_.guarantee != "at_least_once") run_one(topology, seed, ProcessingGuarantee::kExactlyOnceV2);
        if (options_.guarantee != "exactly_once") run_one(topology, seed, ProcessingGuarantee::kAtLeastOnce);
        if (violations_ >= options_.most_violations) return finish();
      }
      if ((seed - options_.from + 1) % 100 == 0) report();
    }
    return finish();
  }

 private:
  void run_one(const SimulatedTopology& topology, std::uint64_t seed, ProcessingGuarantee guarantee) {
    const auto report = simulate(topology, seed, guarantee);
    ++runs_;
    const char* promise = guarantee == ProcessingGuarantee::kExactlyOnceV2 ? "exactly once" : "at least once";
    if (!report.ok()) {
      ++violations_;
      fmt::print("{}, {}: {}\n\n", topology.name, promise, std::string(report.status().message()));
    } else {
      for (const auto& [kind, times] : report->faults) faults_[kind] += times;
      if (options_.verbose) fmt::print("{}, {}: {}\n", topology.name, promise, report->to_string());
    }
    std::fflush(stdout);
  }
  void report() const {
    fmt::print("{} runs, {} violations", runs_, violations_);
    for (const auto& [kind, times] : faults_) fmt::print(", {} {}", times, kind);
    fmt::print("\n");
    std::fflush(stdout);
  }
  int finish() const {
    report();
    return violations_ == 0 ? 0 : 1;
  }

  const Options options_;
  int runs_ = 0;
  int violations_ = 0;
  std::map<std::string, int> faults_ = {};
};

}  // namespace
}  // namespace levada::testing

int main(int argc, char** argv) {
  levada::testing::Options options;
  CLI::App app("Simulates topologies with everything that can go wrong");
  app.add_option("--from", options.from, "the first seed");
  app.add_option("--seeds", options.seeds, "how many");
  app.add_option("--topology", options.topology, "one of them only");
  app.add_option("--guarantee", options.guarantee, "exactly_once or at_least_once only");
  app.add_option("--most-violations", options.most_violations, "ends after so many");
  app.add_flag("--verbose", options.verbose, "a line for each run");
  CLI11_PARSE(app, argc, argv);
  return levada::testing::Run(options).run();
}
