#include "tools/levada/lag_command.h"

#include <fmt/format.h>

#include <levada/core/status_macros.h>

#include "tools/levada/lag.h"
#include "tools/levada/table.h"

namespace levada {
namespace {

std::string text_of(const GroupLag& lag) {
  Table table({"TOPIC", "PARTITION", "COMMITTED", "END", "LAG", "MEMBER"});
  for (const PartitionLag& each : lag.partitions) {
    table.add({each.topic, std::to_string(each.partition), each.committed ? std::to_string(*each.committed) : "-",
               std::to_string(each.end), std::to_string(each.lag), each.member.value_or("-")});
  }
  return fmt::format("{}group {}: {}, {} members, lag {}\n", table.empty() ? "" : table.text(), lag.group, lag.state,
                     lag.members, lag.lag);
}

}  // namespace

LagCommand::LagCommand(CLI::App& program)
    : Command(program, "lag", "How far an application is behind, for each partition it reads") {
  add_connection_options(command(), connection_);
  command().add_flag("--json", json_, "One JSON object instead of a table");
  command().add_option("--limit", limit_, "Exit code 1 if more records than this are waiting in all");
  command().footer(
      "Examples:\n"
      "  levada lag --bootstrap-server localhost:9092 --application-id orders\n"
      "  levada lag --config orders.properties --json\n"
      "  levada lag --config orders.properties --limit 100000 || page-somebody\n"
      "Exit codes: 0 told; 1 the lag is above --limit; 2 the cluster does not answer, or a setting is wrong.");
}

absl::StatusOr<int> LagCommand::run(Surroundings& surroundings) {
  LEVADA_ASSIGN_OR_RETURN(const Connection connection, Connection::open(connection_, surroundings));
  LEVADA_ASSIGN_OR_RETURN(const GroupLag lag,
                          lag_of(connection.application_id(), connection.admin(), connection.timeout()));
  surroundings.out << (json_ ? to_json(lag) + '\n' : text_of(lag));
  return limit_ && lag.lag > *limit_ ? kNo : kDone;
}

}  // namespace levada
