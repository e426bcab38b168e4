#include "tools/levada/dlq_command.h"

#include <fmt/format.h>

#include <levada/core/iso8601.h>
#include <levada/core/status_macros.h>

#include "tools/levada/table.h"

namespace levada {
namespace {

absl::StatusOr<std::optional<Timestamp>> time_of(const char* option, const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  const std::optional<Timestamp> time = parse_iso8601(*text);
  if (time) return time;
  return absl::InvalidArgumentError(
      fmt::format("{} '{}' is no time such as 2026-01-31T12:30:00Z or 2026-01-31T13:30+01:00", option, *text));
}

void tell(const DlqReplay& replay, std::ostream& out) {
  Table table({"TOPIC", "EXCEPTION", "LETTERS"});
  for (const auto& [group, count] : replay.groups()) table.add({group.first, group.second, std::to_string(count)});
  if (!table.empty()) out << table.text();
  out << fmt::format("{} letters to put back, {} of no record, {} others\n", replay.letters(), replay.without_record(),
                     replay.filtered_out());
}

}  // namespace

DlqCommand::DlqCommand(CLI::App& program) : Command(program, "dlq", "Works with the letters of a dead-letter topic") {
  command().require_subcommand(1);
  CLI::App& replay = *command().add_subcommand("replay", "Puts letters back to the topics they came from");
  add_connection_options(replay, connection_);
  replay.add_option("TOPIC", topic_, "The dead-letter topic")->required();
  replay.add_option("--exception", exceptions_, "Only letters because of these types, with their namespace or without")
      ->delimiter(',');
  replay.add_option("--topic", topics_, "Only letters from these topics")->delimiter(',');
  replay.add_option("--from", from_, "Only letters of that time or later: 2026-01-31T12:30:00Z");
  replay.add_option("--until", until_, "Only letters of before");
  replay.add_option("--rate", rate_, "So many records a second; else as fast as it goes");
  replay.add_flag("--execute", execute_, "Do it; without this it is only said what would be done");
  replay.footer(
      "Letters go back as their records were, to the partitions they came from. They stay in the dead-letter topic as\n"
      "well: who does it twice puts them back twice.\n"
      "Examples:\n"
      "  levada dlq replay orders-dlq --bootstrap-server localhost:9092\n"
      "  levada dlq replay orders-dlq --bootstrap-server localhost:9092 --exception UnknownProduct --rate 100 "
      "--execute\n"
      "  levada dlq replay orders-dlq --config orders.properties --topic orders --from 2026-01-31T00:00:00Z --execute\n"
      "Exit codes: 0 done, or only said; 2 something is wrong or fails.");
}

absl::StatusOr<DlqFilter> DlqCommand::filter() const {
  DlqFilter filter{.exceptions = {exceptions_.begin(), exceptions_.end()}, .topics = {topics_.begin(), topics_.end()}};
  LEVADA_ASSIGN_OR_RETURN(filter.from, time_of("--from", from_));
  LEVADA_ASSIGN_OR_RETURN(filter.until, time_of("--until", until_));
  return filter;
}

absl::StatusOr<int> DlqCommand::run(Surroundings& surroundings) {
  LEVADA_ASSIGN_OR_RETURN(DlqFilter filter, this->filter());
  LEVADA_ASSIGN_OR_RETURN(const Connection connection, Connection::open(connection_, surroundings));
  const StreamsConfig& config = connection.config();
  LEVADA_ASSIGN_OR_RETURN(DlqReplay replay,
                          DlqReplay::read(connection.cluster(),
                                          {.consumer = config.client_properties(ClientRole::kRestoreConsumer),
                                           .producer = config.client_properties(ClientRole::kProducer),
                                           .admin = config.client_properties(ClientRole::kAdmin)},
                                          {.topic = topic_}, std::move(filter)));
  tell(replay, surroundings.out);
  if (!execute_) {
    surroundings.out << "Nothing was changed: this was a dry run. Do it with --execute.\n";
    return kDone;
  }
  LEVADA_RETURN_IF_ERROR(replay.put_back({.records_per_second = rate_}));
  surroundings.out << "Done.\n";
  return kDone;
}

}  // namespace levada
