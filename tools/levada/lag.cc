#include "tools/levada/lag.h"

#include <algorithm>
#include <map>

#include <levada/core/status_macros.h>

namespace levada {
namespace {

std::string name_of(const GroupMember& member) {
  return member.instance_id.empty() ? member.client_id : member.instance_id;
}

absl::Status measure(PartitionLag& lag, Admin& admin, Duration timeout) {
  LEVADA_ASSIGN_OR_RETURN(const OffsetRange range, admin.offsets({lag.topic, lag.partition}, timeout));
  lag.end = range.end;
  lag.lag = std::max<Offset>(0, range.end - std::max(range.begin, lag.committed.value_or(range.begin)));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<GroupLag> lag_of(const std::string& group, Admin& admin, Duration timeout) {
  LEVADA_ASSIGN_OR_RETURN(const GroupDescription description, admin.describe_group(group, timeout));
  LEVADA_ASSIGN_OR_RETURN(const std::vector<CommittedOffset> offsets, admin.all_committed(group, timeout));
  std::map<TopicPartition, PartitionLag> partitions;
  const auto at = [&](const TopicPartition& where) -> PartitionLag& {
    return partitions.try_emplace(where, PartitionLag{.topic = where.topic, .partition = where.partition})
        .first->second;
  };
  for (const CommittedOffset& each : offsets) at(each.partition).committed = each.offset;
  for (const GroupMember& member : description.members) {
    for (const TopicPartition& where : member.assignment) at(where).member = name_of(member);
  }
  GroupLag lag = {
      .group = group, .state = description.state, .members = static_cast<std::int32_t>(description.members.size())};
  for (auto& [where, each] : partitions) {
    LEVADA_RETURN_IF_ERROR(measure(each, admin, timeout));
    lag.lag += each.lag;
    lag.partitions.push_back(each);
  }
  return lag;
}

}  // namespace levada
