#include "tools/levada/plan_command.h"

#include <set>
#include <string_view>

#include <levada/core/status_macros.h>

#include "tools/levada/plan.h"
#include "tools/levada/topology_file.h"

namespace levada {

PlanCommand::PlanCommand(CLI::App& program)
    : Command(program, "plan", "Tells what becomes of stores and internal topics when a topology is replaced") {
  command().add_option("OLD", before_, "The saved topology that runs: JSON, or the text of describe()")->required();
  command().add_option("NEW", after_, "The one that shall replace it")->required();
  command()
      .add_option("--allow", allowed_, "Fates that are no reason to stop")
      ->check(CLI::IsMember({"renamed", "rebuilt", "orphaned"}));
  command().footer(
      "Example:\n"
      "  levada plan running.topology.json next.topology.json --allow orphaned\n"
      "Exit codes: 0 nothing is lost; 1 something is renamed, rebuilt or orphaned; 2 a file cannot be read.");
}

absl::StatusOr<int> PlanCommand::run(Surroundings& surroundings) {
  LEVADA_ASSIGN_OR_RETURN(const SavedTopology before, read_topology_file(before_));
  LEVADA_ASSIGN_OR_RETURN(const SavedTopology after, read_topology_file(after_));
  std::set<std::string_view> allowed(allowed_.begin(), allowed_.end());
  allowed.insert({to_string(Fate::kKept), to_string(Fate::kNew)});
  int code = kDone;
  for (const PlannedFate& fate : plan(before, after)) {
    surroundings.out << to_line(fate) << '\n';
    if (!allowed.contains(to_string(fate.fate))) code = kNo;
  }
  return code;
}

}  // namespace levada
