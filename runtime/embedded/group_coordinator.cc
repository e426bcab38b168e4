#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include <levada/core/status_macros.h>
#include <levada/runtime/embedded/group_coordinator.h>

namespace levada::internal::embedded {
namespace {

absl::Status refused(const GroupMetadata& who, const std::string& why) {
  return absl::FailedPreconditionError(fmt::format("group {}: commit of member \"{}\" in generation {} refused: {}",
                                                   who.group_id, who.member_id, who.generation, why));
}

template <typename Offsets>
void store(absl::Span<const CommittedOffset> offsets, Offsets& into) {
  for (const CommittedOffset& each : offsets) into[each.partition] = {each.offset, each.metadata};
}

}  // namespace

GroupCoordinator::JoinAnswer GroupCoordinator::join(const std::string& group_id, GroupJoin join, SteadyTime now) {
  std::sort(join.topics.begin(), join.topics.end());
  GroupMembership& membership = group(group_id).membership;
  if (!join.member_id.empty()) return {membership.rejoin(join, now), join.member_id};
  join.member_id =
      fmt::format("{}-{:09}", join.instance_id.empty() ? join.client_id : join.instance_id, ++members_made_);
  membership.add(join, now);
  return {MemberStanding::kCurrent, join.member_id};
}

MemberStanding GroupCoordinator::heartbeat(const GroupMetadata& who, SteadyTime now) {
  return group(who.group_id).membership.heartbeat(who, now);
}

std::optional<GroupAssignment> GroupCoordinator::assignment_of(const GroupMetadata& who) const {
  const Group* found = find(who.group_id);
  return found == nullptr ? std::nullopt : found->membership.assignment_of(who.member_id);
}

void GroupCoordinator::leave(const GroupMetadata& who) { group(who.group_id).membership.leave(who.member_id); }

absl::Status GroupCoordinator::commit(const GroupMetadata& who, absl::Span<const CommittedOffset> offsets) {
  LEVADA_RETURN_IF_ERROR(check_commit(who, offsets));
  const Group* found = find(who.group_id);
  const bool outsider = who.generation < 0 && who.member_id.empty() && who.instance_id.empty();
  if (outsider && found != nullptr && !found->membership.empty()) return refused(who, "the group has members");
  store(offsets, group(who.group_id).offsets);
  return absl::OkStatus();
}

absl::Status GroupCoordinator::commit_in_transaction(ProducerId producer, const GroupMetadata& who,
                                                     absl::Span<const CommittedOffset> offsets) {
  LEVADA_RETURN_IF_ERROR(check_commit(who, offsets));
  store(offsets, group(who.group_id).in_transaction[producer]);
  return absl::OkStatus();
}

absl::Status GroupCoordinator::check_commit(const GroupMetadata& who, absl::Span<const CommittedOffset> offsets) const {
  for (const CommittedOffset& each : offsets) {
    LEVADA_RETURN_IF_ERROR(topics_.get(each.partition));
  }
  return check_membership(who);
}

// Who names neither a generation nor a member commits from outside the group: what Kafka lets pass, passes here.
absl::Status GroupCoordinator::check_membership(const GroupMetadata& who) const {
  const Group* found = find(who.group_id);
  const bool empty = found == nullptr || found->membership.empty();
  if (who.generation < 0 && (empty || (who.member_id.empty() && who.instance_id.empty()))) return absl::OkStatus();
  if (empty) return refused(who, "the group has no members");
  switch (found->membership.standing(who.member_id, who.instance_id)) {
    case MemberStanding::kUnknown:
      return refused(who, "it is not, or no longer, a member");
    case MemberStanding::kFenced:
      return refused(who, fmt::format("fenced by a newer member with the instance id {}", who.instance_id));
    case MemberStanding::kCurrent:
    case MemberStanding::kRebalancing:
      break;
  }
  const std::int32_t current = found->membership.generation();
  if (who.generation != current) return refused(who, fmt::format("the group is in generation {}", current));
  return absl::OkStatus();
}

void GroupCoordinator::end_transaction(ProducerId producer, TransactionResult result) {
  for (auto& [id, each] : groups_) {
    auto ended = each.in_transaction.extract(producer);
    if (ended.empty() || result == TransactionResult::kAbort) continue;
    for (auto& [partition, value] : ended.mapped()) each.offsets[partition] = std::move(value);
  }
}

std::vector<CommittedOffset> GroupCoordinator::committed(const std::string& group_id,
                                                         absl::Span<const TopicPartition> partitions) const {
  const Group* found = find(group_id);
  std::vector<CommittedOffset> result;
  for (const TopicPartition& partition : partitions) {
    CommittedOffset& committed = result.emplace_back(CommittedOffset{.partition = partition});
    if (found == nullptr) continue;
    const auto value = found->offsets.find(partition);
    if (value == found->offsets.end()) continue;
    committed.offset = value->second.offset;
    committed.metadata = value->second.metadata;
  }
  return result;
}

std::vector<CommittedOffset> GroupCoordinator::all_committed(const std::string& group_id) const {
  std::vector<CommittedOffset> result;
  const Group* found = find(group_id);
  if (found == nullptr) return result;
  for (const auto& [partition, value] : found->offsets) {
    result.push_back({.partition = partition, .offset = value.offset, .metadata = value.metadata});
  }
  return result;
}

bool GroupCoordinator::awaits_transaction(const std::string& group_id,
                                          absl::Span<const TopicPartition> partitions) const {
  const Group* found = find(group_id);
  if (found == nullptr) return false;
  for (const auto& [producer, offsets] : found->in_transaction) {
    for (const TopicPartition& partition : partitions) {
      if (offsets.contains(partition)) return true;
    }
  }
  return false;
}

GroupDescription GroupCoordinator::describe(const std::string& group_id) const {
  const Group* found = find(group_id);
  return found == nullptr ? GroupDescription{.state = "Dead"} : found->membership.describe();
}

absl::Status GroupCoordinator::remove(const std::string& group_id) {
  const Group* found = find(group_id);
  if (found == nullptr) return absl::NotFoundError(fmt::format("group {} does not exist", group_id));
  if (!found->membership.empty()) return absl::FailedPreconditionError(fmt::format("group {} has members", group_id));
  groups_.erase(group_id);
  return absl::OkStatus();
}

void GroupCoordinator::expire(SteadyTime now) {
  for (auto& [id, each] : groups_) each.membership.expire(now);
}

std::optional<SteadyTime> GroupCoordinator::next_deadline() const {
  std::optional<SteadyTime> next;
  for (const auto& [id, each] : groups_) {
    const std::optional<SteadyTime> deadline = each.membership.next_deadline();
    if (deadline) next = std::min(next.value_or(*deadline), *deadline);
  }
  return next;
}

void GroupCoordinator::on_topic_created(const std::string& topic) {
  for (auto& [id, each] : groups_) each.membership.on_topic_changed(topic);
}

void GroupCoordinator::on_topic_deleted(const std::string& topic) {
  const auto belongs = [&topic](const auto& entry) { return entry.first.topic == topic; };
  for (auto& [id, each] : groups_) {
    std::erase_if(each.offsets, belongs);
    for (auto& [producer, offsets] : each.in_transaction) std::erase_if(offsets, belongs);
    each.membership.on_topic_changed(topic);
  }
}

GroupCoordinator::Group& GroupCoordinator::group(const std::string& group_id) {
  return groups_.try_emplace(group_id, topics_).first->second;
}

const GroupCoordinator::Group* GroupCoordinator::find(const std::string& group_id) const {
  const auto found = groups_.find(group_id);
  return found == groups_.end() ? nullptr : &found->second;
}

}  // namespace levada::internal::embedded
