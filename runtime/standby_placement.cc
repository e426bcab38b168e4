#include <algorithm>
#include <iterator>
#include <string_view>

#include <levada/runtime/range_assignor.h>
#include <levada/runtime/standby_placement.h>

namespace levada {
namespace {

using Tasks = std::set<TaskId>;

constexpr std::string_view kThread = "-StreamThread-";
constexpr std::string_view kDigits = "0123456789";

Tasks tasks_in_both(const Tasks& left, const Tasks& right) {
  Tasks both;
  std::ranges::set_intersection(left, right, std::inserter(both, both.end()));
  return both;
}

class Placer {
 public:
  Placer(const ApplicationPlan& plan, const std::vector<GroupMember>& members) : plan_(plan), members_(members) {
    for (const auto& planned : plan.sub_topologies()) {
      for (const std::string& anchor : planned.anchors) partitions_[anchor] = planned.tasks;
    }
    for (const GroupMember& member : members) processes_[member.member_id] = process_of(member);
  }

  StandbyPlacement place(int replicas) {
    std::map<std::string, Tasks> owned;
    for (const GroupMember& member : members_) owned[processes_.at(member.member_id)].merge(tasks(member.assignment));
    for (const auto& [process, tasks] : owned) spread(tasks, {process}, replicas);
    return std::move(placement_);
  }

 private:
  // These tasks, if all processes that have them were gone.
  void spread(const Tasks& lost, const std::set<std::string>& gone, int replicas) {
    if (lost.empty() || replicas == 0) return;
    std::map<std::string, Tasks> found;
    for (const auto& [member, partitions] : assignment_without(gone)) {
      const Tasks taken = tasks_in_both(tasks(partitions), lost);
      if (taken.empty()) continue;
      placement_[member].insert(taken.begin(), taken.end());
      found[processes_.at(member)].insert(taken.begin(), taken.end());
    }
    for (const auto& [process, tasks] : found) {
      std::set<std::string> then_gone = gone;
      then_gone.insert(process);
      spread(tasks, then_gone, replicas - 1);
    }
  }

  internal::RangeAssignment assignment_without(const std::set<std::string>& gone) const {
    std::vector<internal::RangeMember> rest;
    for (const GroupMember& member : members_) {
      if (gone.contains(processes_.at(member.member_id))) continue;
      rest.push_back({.member_id = member.member_id, .instance_id = member.instance_id, .topics = topics()});
    }
    return internal::range_assign(std::move(rest), [this](const std::string& topic) { return partitions_.at(topic); });
  }

  std::vector<std::string> topics() const {
    std::vector<std::string> topics;
    for (const auto& [topic, partitions] : partitions_) topics.push_back(topic);
    return topics;
  }

  Tasks tasks(const std::vector<TopicPartition>& partitions) const {
    const std::vector<TaskId> tasks = plan_.tasks_of(partitions);
    return {tasks.begin(), tasks.end()};
  }

  const ApplicationPlan& plan_;
  const std::vector<GroupMember>& members_;
  std::map<std::string, Partition> partitions_ = {};   // of the topics that tasks go by
  std::map<std::string, std::string> processes_ = {};  // of each member
  StandbyPlacement placement_ = {};
};

}  // namespace

StandbyPlacement place_standbys(const ApplicationPlan& plan, const std::vector<GroupMember>& members, int replicas) {
  return Placer(plan, members).place(replicas);
}

std::string process_of(const GroupMember& member) {
  if (member.instance_id.empty()) return member.client_id.substr(0, member.client_id.rfind(kThread));
  const std::size_t last = member.instance_id.find_last_not_of(kDigits);
  const bool numbered =
      last != std::string::npos && last > 0 && member.instance_id[last] == '-' && last + 1 < member.instance_id.size();
  return numbered ? member.instance_id.substr(0, last) : member.instance_id;
}

}  // namespace levada
