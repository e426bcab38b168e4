#include <utility>

#include <fmt/format.h>

#include <levada/core/status_macros.h>
#include <levada/runtime/embedded/group_session.h>

namespace levada::internal::embedded {

GroupSession::GroupSession(const ClientSettings& settings)
    : settings_(settings), metadata_{.group_id = settings.group_id, .instance_id = settings.instance_id} {}

void GroupSession::subscribe(const std::vector<std::string>& topics) {
  topics_ = topics;
  subscription_changed_ = true;
  if (state_ == State::kUnsubscribed) state_ = State::kOutside;
}

absl::StatusOr<GroupEvent> GroupSession::advance(BrokerAccess& access) {
  if (state_ == State::kUnsubscribed) return GroupEvent{};
  LEVADA_RETURN_IF_ERROR(fenced());
  LEVADA_RETURN_IF_ERROR(report_missing_topics(access.topics()));
  if (state_ == State::kMember) {
    GroupEvent event = check_membership(access);
    if (event.kind != GroupEvent::Kind::kNone) return event;
  }
  if (state_ == State::kOutside) join(access);
  GroupEvent event = state_ == State::kJoining ? await_assignment(access) : GroupEvent{};
  LEVADA_RETURN_IF_ERROR(fenced());
  return event;
}

GroupEvent GroupSession::check_membership(BrokerAccess& access) {
  switch (access.groups().heartbeat(metadata_, access.now().steady)) {
    case MemberStanding::kCurrent:
      if (!subscription_changed_) return {};
      state_ = State::kOutside;
      return give_up(GroupEvent::Kind::kRevoked);
    case MemberStanding::kRebalancing:
      state_ = State::kOutside;
      return give_up(GroupEvent::Kind::kRevoked);
    case MemberStanding::kUnknown:
      state_ = State::kOutside;
      metadata_.member_id.clear();
      return give_up(GroupEvent::Kind::kLost);
    case MemberStanding::kFenced:
      state_ = State::kFenced;
      return give_up(GroupEvent::Kind::kLost);
  }
  return {};
}

// Until it has joined again the member keeps its identity: what it did so far can be committed while it is told.
GroupEvent GroupSession::give_up(GroupEvent::Kind kind) {
  if (owned_.empty()) return {};
  return {.kind = kind, .partitions = std::exchange(owned_, {})};
}

void GroupSession::join(BrokerAccess& access) {
  const GroupJoin request = {.member_id = metadata_.member_id,
                             .client_id = settings_.client_id,
                             .instance_id = settings_.instance_id,
                             .topics = topics_,
                             .session_timeout = settings_.session_timeout};
  const GroupCoordinator::JoinAnswer answer = access.groups().join(settings_.group_id, request, access.now().steady);
  switch (answer.standing) {
    case MemberStanding::kCurrent:
    case MemberStanding::kRebalancing:
      metadata_.member_id = answer.member_id;
      subscription_changed_ = false;
      state_ = State::kJoining;
      access.announce();
      return;
    case MemberStanding::kUnknown:
      metadata_.member_id.clear();
      metadata_.generation = -1;
      return join(access);
    case MemberStanding::kFenced:
      state_ = State::kFenced;
      return;
  }
}

GroupEvent GroupSession::await_assignment(BrokerAccess& access) {
  switch (access.groups().heartbeat(metadata_, access.now().steady)) {
    case MemberStanding::kCurrent:
      break;
    case MemberStanding::kUnknown:
      metadata_.member_id.clear();
      [[fallthrough]];
    case MemberStanding::kRebalancing:
      join(access);
      break;
    case MemberStanding::kFenced:
      state_ = State::kFenced;
      return {};
  }
  std::optional<GroupAssignment> assignment = access.groups().assignment_of(metadata_);
  if (!assignment) return {};
  metadata_.generation = assignment->generation;
  owned_ = assignment->partitions;
  state_ = State::kMember;
  return {.kind = GroupEvent::Kind::kAssigned, .partitions = std::move(assignment->partitions)};
}

absl::Status GroupSession::report_missing_topics(const Topics& topics) {
  for (const std::string& topic : topics_) {
    if (topics.find(topic) != nullptr) {
      reported_missing_.erase(topic);
    } else if (reported_missing_.insert(topic).second) {
      return no_such_topic(topic);
    }
  }
  return absl::OkStatus();
}

absl::Status GroupSession::fenced() const {
  if (state_ != State::kFenced) return absl::OkStatus();
  return absl::FailedPreconditionError(fmt::format("group {}: member {} was fenced by a newer one with instance id {}",
                                                   settings_.group_id, metadata_.member_id, settings_.instance_id));
}

void GroupSession::heartbeat(BrokerAccess& access) {
  if (state_ == State::kMember || state_ == State::kJoining) access.groups().heartbeat(metadata_, access.now().steady);
}

void GroupSession::leave(BrokerAccess& access) {
  const bool present = !metadata_.member_id.empty() && state_ != State::kFenced;
  if (!present || !settings_.instance_id.empty()) return;
  access.groups().leave(metadata_);
  access.announce();
}

}  // namespace levada::internal::embedded
