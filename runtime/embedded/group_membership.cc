#include <algorithm>
#include <utility>

#include <levada/runtime/embedded/group_membership.h>
#include <levada/runtime/range_assignor.h>

namespace levada::internal::embedded {

void GroupMembership::add(const GroupJoin& join, SteadyTime now) {
  const auto predecessor = static_members_.find(join.instance_id);
  if (predecessor != static_members_.end()) return replace_static(predecessor->second, join, now);
  if (!join.instance_id.empty()) static_members_[join.instance_id] = join.member_id;
  begin_rebalance();
  members_[join.member_id] = {.joined_as = join, .deadline = now + join.session_timeout, .joined = true};
  complete_rebalance_if_all_joined();
}

void GroupMembership::replace_static(const std::string& predecessor, const GroupJoin& join, SteadyTime now) {
  Member member = std::move(members_.extract(predecessor).mapped());
  const bool same_topics = member.joined_as.topics == join.topics;
  member.joined_as = join;
  member.deadline = now + join.session_timeout;
  static_members_[join.instance_id] = join.member_id;
  Member& successor = members_[join.member_id] = std::move(member);
  if (!rebalancing_ && same_topics) return;
  begin_rebalance();
  successor.joined = true;
  complete_rebalance_if_all_joined();
}

MemberStanding GroupMembership::rejoin(const GroupJoin& join, SteadyTime now) {
  const MemberStanding found = standing(join.member_id, join.instance_id);
  if (found == MemberStanding::kUnknown || found == MemberStanding::kFenced) return found;
  begin_rebalance();
  Member& member = members_[join.member_id];
  member.joined_as = join;
  member.deadline = now + join.session_timeout;
  member.joined = true;
  complete_rebalance_if_all_joined();
  return MemberStanding::kCurrent;
}

MemberStanding GroupMembership::heartbeat(const GroupMetadata& who, SteadyTime now) {
  const MemberStanding found = standing(who.member_id, who.instance_id);
  if (found == MemberStanding::kUnknown || found == MemberStanding::kFenced) return found;
  Member& member = members_[who.member_id];
  member.deadline = now + member.joined_as.session_timeout;
  return found;
}

MemberStanding GroupMembership::standing(const std::string& member_id, const std::string& instance_id) const {
  const auto owner = static_members_.find(instance_id);
  if (owner != static_members_.end() && owner->second != member_id) return MemberStanding::kFenced;
  const auto member = members_.find(member_id);
  if (member == members_.end()) return MemberStanding::kUnknown;
  return rebalancing_ && !member->second.joined ? MemberStanding::kRebalancing : MemberStanding::kCurrent;
}

std::optional<GroupAssignment> GroupMembership::assignment_of(const std::string& member_id) const {
  const auto member = members_.find(member_id);
  if (rebalancing_ || member == members_.end()) return std::nullopt;
  return GroupAssignment{.generation = generation_, .partitions = member->second.assignment};
}

void GroupMembership::leave(const std::string& member_id) {
  if (members_.contains(member_id)) remove(member_id);
}

void GroupMembership::expire(SteadyTime now) {
  std::vector<std::string> expired;
  for (const auto& [id, member] : members_) {
    if (member.deadline <= now) expired.push_back(id);
  }
  for (const std::string& id : expired) remove(id);
}

std::optional<SteadyTime> GroupMembership::next_deadline() const {
  std::optional<SteadyTime> next;
  for (const auto& [id, member] : members_) next = std::min(next.value_or(member.deadline), member.deadline);
  return next;
}

void GroupMembership::on_topic_changed(const std::string& topic) {
  for (const auto& [id, member] : members_) {
    const std::vector<std::string>& topics = member.joined_as.topics;
    if (std::find(topics.begin(), topics.end(), topic) != topics.end()) return begin_rebalance();
  }
}

void GroupMembership::remove(const std::string& member_id) {
  static_members_.erase(members_[member_id].joined_as.instance_id);
  members_.erase(member_id);
  begin_rebalance();
  complete_rebalance_if_all_joined();
}

void GroupMembership::begin_rebalance() {
  if (rebalancing_) return;
  rebalancing_ = true;
  for (auto& [id, member] : members_) member.joined = false;
}

void GroupMembership::complete_rebalance_if_all_joined() {
  for (const auto& [id, member] : members_) {
    if (!member.joined) return;
  }
  rebalancing_ = false;
  ++generation_;
  std::vector<RangeMember> range;
  for (const auto& [id, member] : members_)
    range.push_back({id, member.joined_as.instance_id, member.joined_as.topics});
  const auto partition_count = [this](const std::string& topic) { return topics_.partition_count(topic); };
  for (auto& [id, assigned] : range_assign(std::move(range), partition_count)) {
    members_[id].assignment = std::move(assigned);
  }
}

GroupDescription GroupMembership::describe() const {
  GroupDescription description;
  description.state = members_.empty() ? "Empty" : rebalancing_ ? "PreparingRebalance" : "Stable";
  for (const auto& [id, member] : members_) {
    description.members.push_back({.member_id = id,
                                   .client_id = member.joined_as.client_id,
                                   .instance_id = member.joined_as.instance_id,
                                   .assignment = rebalancing_ ? std::vector<TopicPartition>{} : member.assignment});
  }
  return description;
}

}  // namespace levada::internal::embedded
