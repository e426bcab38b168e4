#include <fmt/format.h>
#include <fmt/ranges.h>

#include <levada/runtime/simulation.h>
#include <levada/runtime/simulation/run.h>

namespace levada {

std::string SimulationReport::to_string() const {
  std::vector<std::string> kinds;
  for (const auto& [kind, times] : faults) kinds.push_back(fmt::format("{} {}", times, kind));
  return fmt::format("seed {}: {} s, {} records restored, {}, fingerprint {:016x}", seed,
                     std::chrono::floor<std::chrono::seconds>(time).count(), restored,
                     kinds.empty() ? std::string("no faults") : fmt::format("{}", fmt::join(kinds, ", ")), fingerprint);
}

Simulation::Simulation(const Topology& topology, SimulationOptions options)
    : topology_(topology), options_(std::move(options)) {}

absl::StatusOr<SimulationReport> Simulation::run() const { return internal::run_simulation(*this); }

}  // namespace levada
