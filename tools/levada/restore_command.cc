#include "tools/levada/restore_command.h"

#include <chrono>
#include <cmath>

#include <fmt/format.h>

#include <levada/core/duration_text.h>
#include <levada/core/status_macros.h>

#include "tools/levada/restore_estimate.h"
#include "tools/levada/table.h"
#include "tools/levada/topology_file.h"

namespace levada {
namespace {

std::string time_text(double seconds) {
  constexpr Duration kShown(1000);
  return seconds < 1 ? "< 1s" : format_duration(kShown * std::llround(seconds));
}

std::string text_of(const std::vector<StoreRestore>& restores) {
  Table table({"TASK", "STORE", "CHECKPOINT", "END", "RECORDS", "BYTES", "TIME", "NOTE"});
  std::int64_t records = 0;
  std::int64_t bytes = 0;
  double seconds = 0;
  for (const StoreRestore& each : restores) {
    table.add({each.task, each.store, each.checkpoint ? std::to_string(*each.checkpoint) : "-",
               each.changelog ? std::to_string(each.end) : "-", std::to_string(each.records),
               std::to_string(each.bytes), each.records == 0 ? "-" : time_text(each.seconds), each.note});
    records += each.records;
    bytes += each.bytes;
    seconds += each.seconds;
  }
  return fmt::format("{}in all about {} records, {} bytes, {} in one thread\n", table.text(), records, bytes,
                     records == 0 ? "no time" : time_text(seconds));
}

}  // namespace

RestoreCommand::RestoreCommand(CLI::App& program)
    : Command(program, "restore", "Tells what an instance that starts now would restore, and how long that takes") {
  add_connection_options(command(), connection_);
  command()
      .add_flag("--dry-run", dry_run_, "Has to be given: instances restore by themselves, this only tells")
      ->required();
  command().add_option("--state-dir", state_dir_, "state.dir of the instance; else the setting");
  command().add_flag("--all-tasks", all_tasks_, "Also tasks that are not on this disk, and might come here");
  command().add_option("--topology", topology_, "The saved topology: for stores without a changelog of their own");
  command()
      .add_option("--rate", rate_, "Records a second that one thread restores; the application's log tells its own")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  command().add_flag("--json", json_, "One JSON object a store and line instead of a table");
  command().footer(
      "The instance must not run. Records and bytes are estimated from the first thousand records of each changelog.\n"
      "Examples:\n"
      "  levada restore --dry-run --config orders.properties\n"
      "  levada restore --dry-run --config orders.properties --all-tasks --topology orders.topology.json\n"
      "Exit codes: 0 told; 2 the cluster does not answer, a directory is missing or in use, or a setting is wrong.");
}

absl::StatusOr<int> RestoreCommand::run(Surroundings& surroundings) {
  LEVADA_ASSIGN_OR_RETURN(const Connection connection, Connection::open(connection_, surroundings));
  const std::filesystem::path state_dir =
      state_dir_ ? std::filesystem::path(*state_dir_) : connection.config().state_dir();
  RestoreRequest request = {
      .directory = state_dir / connection.application_id(), .all_tasks = all_tasks_, .rate = rate_};
  if (!topology_.empty()) {
    LEVADA_ASSIGN_OR_RETURN(request.topology, read_topology_file(topology_));
  }
  LEVADA_ASSIGN_OR_RETURN(const std::vector<StoreRestore> restores, estimate_restores(request, connection));
  if (!json_) {
    surroundings.out << text_of(restores);
    return kDone;
  }
  for (const StoreRestore& each : restores) surroundings.out << to_json(each) << '\n';
  return kDone;
}

}  // namespace levada
