#include "tools/levada/reset_command.h"

#include <fmt/format.h>

#include <levada/core/duration_text.h>
#include <levada/core/iso8601.h>
#include <levada/core/status_macros.h>

#include "tools/levada/member_removal.h"
#include "tools/levada/topology_file.h"

namespace levada {
namespace {

void tell_members(const ResetPlan& plan, std::ostream& out) {
  out << fmt::format("group {} has {} members:\n", plan.application_id, plan.members.size());
  for (const GroupMember& member : plan.members) {
    out << fmt::format("  {} ({})\n", member.client_id,
                       member.instance_id.empty() ? member.member_id : "static, instance id " + member.instance_id);
  }
}

}  // namespace

ResetCommand::ResetCommand(CLI::App& program)
    : Command(program, "reset", "Takes a stopped application back to a place in its input, without its state") {
  add_connection_options(command(), connection_);
  add_targets();
  CLI::App& options = command();
  options
      .add_option("--input-topics", input_topics_,
                  "a,b,c; else those of --topology, and all that are not internal and have offsets of the group")
      ->delimiter(',');
  auto* internal =
      options
          .add_option("--internal-topics", internal_topics_,
                      "a,b,c: changelogs and repartition topics to delete; else those of --topology, or all that are "
                      "called as this application calls them")
          ->delimiter(',');
  options.add_flag("--keep-internal-topics", keep_internal_topics_, "Delete none")->excludes(internal);
  options.add_option("--topology", topology_, "The saved topology, which tells all topics exactly");
  options.add_option("--state-dir", state_dir_,
                     "state.dir of this machine: the application's directory in it goes, too");
  options.add_flag("--execute", execute_, "Do it; without this it is only said what would be done");
  options.add_flag("--force", force_,
                   "With members in the group, whose instances are gone: static ones are replaced, others waited for");
  options.add_option("--force-timeout", force_timeout_, "How long for")->capture_default_str();
  options.footer(
      "Stop all instances first. Without a target the input is read from its beginning.\n"
      "Examples:\n"
      "  levada reset --bootstrap-server localhost:9092 --application-id orders\n"
      "  levada reset --config orders.properties --topology orders.topology.json --state-dir /var/lib/orders "
      "--execute\n"
      "  levada reset --config orders.properties --to-datetime 2026-01-31T00:00:00Z --execute\n"
      "  levada reset --config orders.properties --input-topics orders --shift-by -1000 --keep-internal-topics\n"
      "Exit codes: 0 done, or only said; 1 refused, since the group has members; 2 something is wrong or fails.");
}

void ResetCommand::add_targets() {
  CLI::Option_group& targets = *command().add_option_group("Target", "Where the input is read from then");
  targets.add_flag("--to-earliest", to_earliest_, "The beginning (the default)");
  targets.add_flag("--to-latest", to_latest_, "The end");
  targets.add_option("--to-datetime", to_datetime_, "The first record of that time or later: 2026-01-31T12:30:00Z");
  targets.add_option("--to-offset", to_offset_, "This offset in each partition");
  targets.add_option("--shift-by", shift_by_, "So many records on, or back if negative");
  targets.require_option(0, 1);
}

absl::StatusOr<ResetTarget> ResetCommand::target() const {
  if (to_latest_) return ResetTarget{.kind = ResetTarget::Kind::kLatest};
  if (to_offset_) return ResetTarget{.kind = ResetTarget::Kind::kOffset, .offset = *to_offset_};
  if (shift_by_) return ResetTarget{.kind = ResetTarget::Kind::kShift, .offset = *shift_by_};
  if (!to_datetime_) return ResetTarget{};
  const std::optional<Timestamp> time = parse_iso8601(*to_datetime_);
  if (time) return ResetTarget{.kind = ResetTarget::Kind::kTime, .time = *time};
  return absl::InvalidArgumentError(fmt::format(
      "--to-datetime '{}' is no time such as 2026-01-31T12:30:00Z or 2026-01-31T13:30+01:00", *to_datetime_));
}

absl::StatusOr<ResetRequest> ResetCommand::request(const std::string& application_id) const {
  ResetRequest request = {.application_id = application_id, .state_dir = state_dir_};
  LEVADA_ASSIGN_OR_RETURN(request.target, target());
  if (!input_topics_.empty()) request.input_topics = input_topics_;
  if (!internal_topics_.empty() || keep_internal_topics_) request.internal_topics = internal_topics_;
  if (!topology_.empty()) {
    LEVADA_ASSIGN_OR_RETURN(request.topology, read_topology_file(topology_));
  }
  return request;
}

absl::StatusOr<int> ResetCommand::run(Surroundings& surroundings) {
  LEVADA_RETURN_IF_ERROR(target().status());
  LEVADA_ASSIGN_OR_RETURN(const Connection connection, Connection::open(connection_, surroundings));
  LEVADA_ASSIGN_OR_RETURN(const ResetRequest request, this->request(connection.application_id()));
  LEVADA_ASSIGN_OR_RETURN(const ResetPlan plan, plan_reset(request, connection.admin(), connection.timeout()));
  surroundings.out << to_text(plan);
  const bool refused = !plan.members.empty() && !force_;
  if (!plan.members.empty()) tell_members(plan, surroundings.out);
  if (refused) {
    surroundings.out << "Refused: stop all instances first; --force if they are gone, and their sessions are not.\n";
    return kNo;
  }
  if (execute_) return carry_out_now(plan, connection, surroundings);
  surroundings.out << "Nothing was changed: this was a dry run. Do it with --execute.\n";
  return kDone;
}

absl::StatusOr<int> ResetCommand::carry_out_now(const ResetPlan& plan, const Connection& connection,
                                                Surroundings& surroundings) {
  absl::Status status = plan.members.empty() ? absl::OkStatus() : make_members_leave(plan, connection);
  if (status.ok()) status = carry_out(plan, connection.admin(), connection.timeout());
  if (absl::IsFailedPrecondition(status)) {
    surroundings.out << "Refused: " << std::string(status.message()) << '\n';
    return kNo;
  }
  LEVADA_RETURN_IF_ERROR(status);
  surroundings.out << "Done.\n";
  return kDone;
}

absl::Status ResetCommand::make_members_leave(const ResetPlan& plan, const Connection& connection) const {
  LEVADA_ASSIGN_OR_RETURN(const Duration patience, parse_duration(force_timeout_));
  return remove_members(plan.application_id, patience, connection);
}

}  // namespace levada
