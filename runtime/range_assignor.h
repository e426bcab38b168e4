// Kafka's `range` assignor: each topic by itself, its partitions in order, cut into ranges for its members in order,
// the first ones getting one more where it does not divide. Topics with equal partition counts and the same members are
// cut alike, which is what keeps co-partitioned topics together.
//
//   auto assignment = range_assign(members, [&](const std::string& topic) { return topics.partition_count(topic); });
//
// A pure function. Members are ordered as Kafka's Java client does it: those with an instance id first, by that id,
// then the others by member id.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include <levada/core/topic_partition.h>

namespace levada::internal {

struct RangeMember {
  std::string member_id = {};
  std::string instance_id = {};  // empty for a dynamic member
  std::vector<std::string> topics = {};
};

// By member id, sorted by topic and partition; every member has an entry.
using RangeAssignment = std::map<std::string, std::vector<TopicPartition>>;

RangeAssignment range_assign(std::vector<RangeMember> members,
                             const std::function<Partition(const std::string& topic)>& partition_count);

}  // namespace levada::internal
