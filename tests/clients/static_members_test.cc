// Members with a group.instance.id: they keep their place while they are away, and there is one of each.

#include <chrono>
#include <string>

#include "tests/clients/client_test.h"

namespace levada::testing {
namespace {

using ::testing::ElementsAre;

class StaticMembers : public ClientTest {
 protected:
  Member instance(const std::string& group, const std::string& id) {
    return member(group, {{"group.instance.id", id}});
  }
};
INSTANTIATE_TEST_SUITE_P(Clients, StaticMembers, ::testing::ValuesIn(both_clusters()), cluster_name);

TEST_P(StaticMembers, RestartGetsTheSameAndDisturbsNobody) {
  const std::string topic = create_topic(4);
  const std::string group = unique("group");
  Member stays = instance(group, "a");
  Member leaves = instance(group, "b");
  stays.subscribe({topic});
  leaves.subscribe({topic});
  run_until({&stays, &leaves}, [&] { return stays.partitions().size() == 2 && leaves.partitions().size() == 2; });
  const std::vector<std::string> told_before = stays.told;

  leaves.leave();
  Member returns = instance(group, "b");
  returns.subscribe({topic});
  run_until({&stays, &returns}, [&] { return !returns.partitions().empty(); });

  EXPECT_EQ(returns.partitions(), leaves.partitions());
  EXPECT_EQ(stays.told, told_before);
}

TEST_P(StaticMembers, AreAssignedByInstanceId) {
  const std::string topic = create_topic(2);
  const std::string group = unique("group");
  Member second = instance(group, "b");
  Member first = instance(group, "a");

  second.subscribe({topic});
  run_until({&second}, [&] { return second.partitions().size() == 2; });
  first.subscribe({topic});
  run_until({&second, &first}, [&] { return first.partitions().size() == 1 && second.partitions().size() == 1; });

  EXPECT_THAT(first.partitions(), ElementsAre(TopicPartition{topic, 0}));
  EXPECT_THAT(second.partitions(), ElementsAre(TopicPartition{topic, 1}));
}

TEST_P(StaticMembers, SecondOfTheSameNameFencesTheFirst) {
  const std::string topic = create_topic();
  const std::string group = unique("group");
  Member older = instance(group, "same");
  older.subscribe({topic});
  run_until({&older}, [&] { return older.partitions().size() == 1; });

  Member newer = instance(group, "same");
  newer.subscribe({topic});
  run_until({&newer}, [&] { return newer.partitions().size() == 1; });

  absl::Status polled;
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (polled.ok() && std::chrono::steady_clock::now() < deadline) polled = older.poll();
  EXPECT_TRUE(absl::IsFailedPrecondition(polled)) << polled;
  const absl::Status committed = older.consumer().commit({{.partition = {topic, 0}, .offset = 1}});
  EXPECT_TRUE(absl::IsFailedPrecondition(committed)) << committed;
}

TEST_P(StaticMembers, KnowTheirInstanceId) {
  const std::string topic = create_topic();
  Member only = instance(unique("group"), "me");
  only.subscribe({topic});
  run_until({&only}, [&] { return only.partitions().size() == 1; });

  EXPECT_EQ(only.consumer().group_metadata().instance_id, "me");
}

}  // namespace
}  // namespace levada::testing
