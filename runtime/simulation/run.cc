#include <vector>

#include <fmt/format.h>

#include <levada/core/status_macros.h>
#include <levada/runtime/simulation/output_check.h>
#include <levada/runtime/simulation/run.h>
#include <levada/runtime/simulation/state_directories.h>
#include <levada/runtime/simulation/store_check.h>
#include <levada/runtime/simulation/topic_reader.h>
#include <levada/runtime/simulation/world.h>

namespace levada::internal {
namespace {

SimulationOptions without_faults(SimulationOptions options) {
  options.instances = 1;
  options.steps = 0;
  options.faults = SimulationFaults::none();
  options.on_disk = false;
  return options;
}

absl::Status check_options(const SimulationOptions& options) {
  if (options.instances > 0 && options.threads > 0 && options.steps > 0 && options.partitions > 0) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError("simulation: instances, threads, steps and partitions must be more than 0");
}

OutputComparison comparison_of(const SimulationOptions& options, const std::string& topic) {
  const auto own = options.comparisons.find(topic);
  return own == options.comparisons.end() ? options.comparison : own->second;
}

// Somebody who has lost a task and does not know it yet may delete what the next one has put there.
std::vector<TestBytes> without_deletions(std::vector<TestBytes> records) {
  std::erase_if(records, [](const TestBytes& record) { return !record.value; });
  return records;
}

absl::Status check_outputs(const SimulatedWorld& world, const SimulationReport& report) {
  const ProcessingGuarantee guarantee = world.config({}).processing_guarantee();
  for (const auto& [topic, expected] : report.expected) {
    const OutputComparison comparison = comparison_of(world.options(), topic);
    const bool late_deletions = comparison == OutputComparison::kLatestOfEachKey && !world.has_no_zombies();
    const std::vector<TestBytes>& found = report.outputs.at(topic);
    const absl::Status checked =
        check_output(expected, late_deletions ? without_deletions(found) : found, comparison, guarantee);
    if (!checked.ok()) {
      return absl::InternalError(fmt::format("output topic {}, {}", topic, std::string(checked.message())));
    }
  }
  return absl::OkStatus();
}

absl::Status run_and_check(SimulatedWorld& world, SimulationReport& report) {
  LEVADA_RETURN_IF_ERROR(world.run());
  LEVADA_ASSIGN_OR_RETURN(report.outputs, read_topics(world.cluster(), world.outputs()));
  LEVADA_RETURN_IF_ERROR(check_outputs(world, report));
  return check_stores(world);
}

absl::Status violation(SimulatedWorld& world, const absl::Status& what) {
  return absl::InternalError(fmt::format("simulation with seed {}: {}\nwhat happened last:\n{}", world.options().seed,
                                         std::string(what.message()), world.trace().last_steps()));
}

void describe_run(SimulatedWorld& world, SimulationReport& report) {
  report.seed = world.options().seed;
  report.time = world.took();
  report.faults = world.faults();
  for (const auto& instance : world.instances()) report.restored += instance->restored();
  for (const auto& [topic, records] : report.outputs) {
    for (const TestBytes& each : records) world.trace().request(topic, each.key.value_or(""), each.value.value_or(""));
  }
  report.fingerprint = world.trace().fingerprint();
}

}  // namespace

absl::StatusOr<SimulationReport> run_simulation(const Simulation& simulation, const ClusterView& view) {
  const SimulationOptions& options = simulation.options();
  LEVADA_RETURN_IF_ERROR(check_options(options));
  const SimulationDirectory directory;
  SimulationReport report;
  SimulatedWorld calm(simulation.topology(), without_faults(options), simulation.input(),
                      directory.path() / "without-faults");
  LEVADA_RETURN_IF_ERROR(calm.prepare());
  const absl::Status as_it_should = calm.run();
  if (!as_it_should.ok())
    return violation(calm, absl::InternalError(fmt::format("without faults: {}", std::string(as_it_should.message()))));
  LEVADA_ASSIGN_OR_RETURN(report.expected, read_topics(calm.cluster(), calm.outputs()));

  SimulatedWorld world(simulation.topology(), options, simulation.input(), directory.path());
  LEVADA_RETURN_IF_ERROR(world.prepare());
  world.set_view(view);
  const absl::Status checked = run_and_check(world, report);
  if (!checked.ok()) return violation(world, checked);
  describe_run(world, report);
  return report;
}

}  // namespace levada::internal
