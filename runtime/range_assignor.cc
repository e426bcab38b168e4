#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include <levada/runtime/range_assignor.h>

namespace levada::internal {
namespace {

bool comes_before(const RangeMember& left, const RangeMember& right) {
  const bool left_is_dynamic = left.instance_id.empty();
  const bool right_is_dynamic = right.instance_id.empty();
  return std::tie(left_is_dynamic, left.instance_id, left.member_id) <
         std::tie(right_is_dynamic, right.instance_id, right.member_id);
}

bool wants(const RangeMember& member, const std::string& topic) {
  return std::find(member.topics.begin(), member.topics.end(), topic) != member.topics.end();
}

void assign_topic(const std::string& topic, Partition partitions, const std::vector<RangeMember>& members,
                  RangeAssignment& result) {
  std::vector<const RangeMember*> interested;
  for (const RangeMember& member : members) {
    if (wants(member, topic)) interested.push_back(&member);
  }
  const auto count = static_cast<Partition>(interested.size());
  Partition next = 0;
  for (Partition i = 0; i < count; ++i) {
    const Partition size = partitions / count + (i < partitions % count ? 1 : 0);
    for (const Partition end = next + size; next < end; ++next) {
      result[interested[static_cast<std::size_t>(i)]->member_id].push_back({topic, next});
    }
  }
}

}  // namespace

RangeAssignment range_assign(std::vector<RangeMember> members,
                             const std::function<Partition(const std::string& topic)>& partition_count) {
  std::sort(members.begin(), members.end(), comes_before);
  RangeAssignment result;
  std::set<std::string> topics;
  for (const RangeMember& member : members) {
    result[member.member_id];
    topics.insert(member.topics.begin(), member.topics.end());
  }
  for (const std::string& topic : topics) assign_topic(topic, partition_count(topic), members, result);
  return result;
}

}  // namespace levada::internal
