// The rule by which standbys are placed, against every failure of one process or thread.
#include <algorithm>
#include <functional>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/dsl/streams_builder.h>
#include <levada/runtime/range_assignor.h>
#include <levada/runtime/standby_placement.h>

namespace levada {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

using Text = std::string;
using Members = std::vector<GroupMember>;
using Counts = std::map<std::string, Partition>;

constexpr int kMostMembers = 8;

// Three parts: one topic with a repartition topic behind it, and two topics of different widths in one task.
Topology three_parts() {
  StreamsBuilder builder;
  builder.stream<Text, Text>("a").group_by([](const Text& value) { return value; }).count().to_stream().to("out");
  builder.stream<Text, Text>("b").merge(builder.stream<Text, Text>("c")).to("out");
  return builder.build().value();
}

// Threads as a group knows them.
enum class Membership { kDynamic, kStatic };
GroupMember member(int process, int thread, Membership membership) {
  const std::string client = fmt::format("app-p{}-StreamThread-{}-consumer", process, thread);
  GroupMember member{.member_id = fmt::format("{}-{}", client, (process * 7 + thread * 5) % 11), .client_id = client};
  if (membership == Membership::kStatic) member.instance_id = fmt::format("i{}-{}", process, thread);
  return member;
}

Members group(const std::vector<int>& threads_of_processes, Membership membership) {
  Members members;
  for (int process = 0; process < std::ssize(threads_of_processes); ++process) {
    for (int thread = 1; thread <= threads_of_processes[process]; ++thread) {
      members.push_back(member(process, thread, membership));
    }
  }
  return members;
}

class StandbyPlacementTest : public ::testing::TestWithParam<Membership> {
 protected:
  void set_partitions(Partition a, Partition b, Partition c) {
    plan_ = ApplicationPlan::make(topology_, {.application_id = "app"}, {{"a", a}, {"b", b}, {"c", c}}).value();
  }

  // As the leader of the group does.
  void share_out(Members& members) const {
    Counts counts;
    for (const auto& planned : plan_->sub_topologies()) {
      for (const SourceTopic& source : planned.sources) counts[source.name] = source.partitions;
    }
    std::vector<internal::RangeMember> range;
    for (const GroupMember& each : members) range.push_back({each.member_id, each.instance_id, plan_->source_topics()});
    const auto assignment = internal::range_assign(range, [&](const std::string& topic) { return counts.at(topic); });
    for (GroupMember& each : members) each.assignment = assignment.at(each.member_id);
  }

  Members shared_out(const std::vector<int>& threads_of_processes) const {
    Members members = group(threads_of_processes, GetParam());
    share_out(members);
    return members;
  }

  static std::string process_at(const Members& members, const std::string& id) {
    return process_of(*std::ranges::find(members, id, &GroupMember::member_id));
  }

  // By task, the member that has it.
  std::map<TaskId, std::string> owners(const Members& members) const {
    std::map<TaskId, std::string> owners;
    for (const GroupMember& each : members) {
      for (const TaskId& task : plan_->tasks_of(each.assignment)) owners[task] = each.member_id;
    }
    return owners;
  }

  // By task, the processes whose disks have it.
  std::map<TaskId, std::multiset<std::string>> disks(const Members& members, int replicas) const {
    std::map<TaskId, std::multiset<std::string>> disks;
    const StandbyPlacement standbys = place_standbys(*plan_, members, replicas);
    for (const GroupMember& each : members) {
      for (const TaskId& task : plan_->tasks_of(each.assignment)) disks[task].insert(process_of(each));
      const auto placed = standbys.find(each.member_id);
      if (placed == standbys.end()) continue;
      for (const TaskId& task : placed->second) disks[task].insert(process_of(each));
    }
    return disks;
  }

  // Each task that comes to a process it was not at, neither as a task nor as a standby.
  std::vector<std::string> cold_tasks(const Members& before, const Members& after) const {
    std::vector<std::string> cold;
    const auto warm = disks(before, 1);
    for (const GroupMember& each : after) {
      for (const TaskId& task : plan_->tasks_of(each.assignment)) {
        if (!warm.at(task).contains(process_of(each))) cold.push_back(task.to_string() + " at " + each.member_id);
      }
    }
    return cold;
  }

  Members without(Members members, const std::function<bool(const GroupMember&)>& gone) const {
    std::erase_if(members, gone);
    share_out(members);
    return members;
  }
  Members without_process(const Members& members, const std::string& process) const {
    return without(members, [&](const GroupMember& each) { return process_of(each) == process; });
  }
  Members without_member(const Members& members, const std::string& id) const {
    return without(members, [&](const GroupMember& each) { return each.member_id == id; });
  }

  const Topology topology_ = three_parts();
  std::optional<ApplicationPlan> plan_ = std::nullopt;
};
INSTANTIATE_TEST_SUITE_P(Memberships, StandbyPlacementTest,
                         ::testing::Values(Membership::kDynamic, Membership::kStatic),
                         [](const auto& each) { return each.param == Membership::kStatic ? "Static" : "Dynamic"; });

const std::vector<std::vector<Partition>> kPartitions = {{1, 1, 1}, {2, 3, 1},  {4, 4, 2},   {5, 7, 3},
                                                         {8, 9, 8}, {6, 12, 4}, {13, 16, 2}, {17, 24, 23}};

TEST_P(StandbyPlacementTest, WhicheverProcessOrThreadGoesEveryTaskComesToItsStandby) {
  for (int threads = 1; threads <= 4; ++threads) {
    for (int processes = 2; processes * threads <= kMostMembers; ++processes) {
      for (const std::vector<Partition>& counts : kPartitions) {
        set_partitions(counts[0], counts[1], counts[2]);
        const Members before = shared_out(std::vector<int>(processes, threads));
        SCOPED_TRACE(fmt::format("{} processes of {} threads, {} partitions", processes, threads, counts[0]));
        for (const GroupMember& each : before) {
          EXPECT_THAT(cold_tasks(before, without_process(before, process_of(each))), IsEmpty()) << process_of(each);
          EXPECT_THAT(cold_tasks(before, without_member(before, each.member_id)), IsEmpty()) << each.member_id;
        }
      }
    }
  }
}

// Threads as they come: 1 to 3 in each process.
std::vector<std::vector<int>> uneven_groups() {
  std::vector<std::vector<int>> groups;
  for (int pattern = 0; pattern < 81; ++pattern) {
    const std::vector<int> threads = {1 + pattern % 3, 1 + pattern / 3 % 3, 1 + pattern / 9 % 3, 1 + pattern / 27};
    if (std::accumulate(threads.begin(), threads.end(), 0) <= kMostMembers) groups.push_back(threads);
  }
  return groups;
}

TEST_P(StandbyPlacementTest, TheStandbyIsAtTheMemberThatTakesOver) {
  for (const std::vector<int>& threads : uneven_groups()) {
    for (const std::vector<Partition>& counts : kPartitions) {
      set_partitions(counts[0], counts[1], counts[2]);
      const Members before = shared_out(threads);
      const StandbyPlacement standbys = place_standbys(*plan_, before, 1);
      const auto owners_before = owners(before);
      for (int process = 0; process < std::ssize(threads); ++process) {
        const std::string gone = process_of(member(process, 1, GetParam()));
        for (const auto& [task, owner] : owners(without_process(before, gone))) {
          if (process_at(before, owners_before.at(task)) != gone) continue;
          ASSERT_TRUE(standbys.contains(owner) && standbys.at(owner).contains(task)) << task.to_string();
        }
      }
    }
  }
}

TEST_P(StandbyPlacementTest, NoProcessHasATaskTwice) {
  for (const std::vector<int>& threads : uneven_groups()) {
    for (const std::vector<Partition>& counts : {kPartitions[1], kPartitions[6]}) {
      set_partitions(counts[0], counts[1], counts[2]);
      const Members members = shared_out(threads);
      for (int replicas = 0; replicas <= 4; ++replicas) {
        for (const auto& [task, processes] : disks(members, replicas)) {
          const std::set<std::string> different(processes.begin(), processes.end());
          ASSERT_EQ(different.size(), processes.size()) << task.to_string();
          ASSERT_EQ(std::ssize(processes), std::min(replicas + 1, static_cast<int>(threads.size())));
        }
      }
    }
  }
}

TEST_P(StandbyPlacementTest, TheSecondStandbyIsForWhenTheFirstGoesToo) {
  set_partitions(8, 12, 5);
  const Members before = shared_out({2, 1, 2, 1});
  const auto warm = disks(before, 2);
  const auto owners_before = owners(before);
  for (const GroupMember& first : before) {
    const Members one_less = without_process(before, process_of(first));
    const auto owners_then = owners(one_less);
    for (const GroupMember& second : one_less) {
      const Members after = without_process(one_less, process_of(second));
      for (const auto& [task, owner] : owners(after)) {
        if (process_at(before, owners_before.at(task)) != process_of(first)) continue;
        if (process_at(before, owners_then.at(task)) != process_of(second)) continue;
        EXPECT_TRUE(warm.at(task).contains(process_at(before, owner))) << task.to_string();
      }
    }
  }
}

TEST(StandbyPlacement, OfThreeMembersEachHasTheNextOnesLast) {
  StreamsBuilder builder;
  builder.stream<Text, Text>("in").to("out");
  const Topology topology = builder.build().value();
  const auto plan = ApplicationPlan::make(topology, {.application_id = "app"}, {{"in", 6}}).value();
  const Members members = {{.member_id = "a", .client_id = "a", .assignment = {{"in", 0}, {"in", 1}}},
                           {.member_id = "b", .client_id = "b", .assignment = {{"in", 2}, {"in", 3}}},
                           {.member_id = "c", .client_id = "c", .assignment = {{"in", 4}, {"in", 5}}}};
  EXPECT_THAT(place_standbys(plan, members, 1),
              ElementsAre(Pair("a", ElementsAre(TaskId{0, 2})),
                          Pair("b", ElementsAre(TaskId{0, 0}, TaskId{0, 1}, TaskId{0, 4}, TaskId{0, 5})),
                          Pair("c", ElementsAre(TaskId{0, 3}))));
}

TEST(StandbyPlacement, AProcessIsKnownByItsClientIdOrInstanceId) {
  EXPECT_EQ(process_of({.client_id = "app-6f1b-StreamThread-12-consumer"}), "app-6f1b");
  EXPECT_EQ(process_of({.client_id = "of-somebody-else"}), "of-somebody-else");
  EXPECT_EQ(process_of({.client_id = "app-6f1b-StreamThread-1-consumer", .instance_id = "eu-3-12"}), "eu-3");
  EXPECT_EQ(process_of({.client_id = "app-6f1b-StreamThread-1-consumer", .instance_id = "eu3"}), "eu3");
}

}  // namespace
}  // namespace levada
