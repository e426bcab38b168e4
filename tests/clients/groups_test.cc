// Groups: who reads what, and what a group remembers.

#include <algorithm>
#include <chrono>
#include <string>

#include "tests/clients/client_test.h"

namespace levada::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

class Groups : public ClientTest {
 protected:
  std::unique_ptr<Consumer> outsider(const std::string& group) { return consumer({{"group.id", group}}); }
};
INSTANTIATE_TEST_SUITE_P(Clients, Groups, ::testing::ValuesIn(both_clusters()), cluster_name);

TEST_P(Groups, RememberOffsetsWithTheirMetadata) {
  const std::string topic = create_topic(2);
  const std::unique_ptr<Consumer> from = outsider(unique("group"));

  const absl::Status committed = from->commit({{.partition = {topic, 1}, .offset = 42, .metadata = "meta\xc3\xa9"}});

  ASSERT_TRUE(committed.ok()) << committed;
  EXPECT_THAT(from->committed({{topic, 1}}, kPatience).value(),
              ElementsAre(CommittedOffset{{topic, 1}, 42, "meta\xc3\xa9"}));
}

TEST_P(Groups, KnowNothingOfWhatWasNeverCommitted) {
  const std::string topic = create_topic(2);
  const std::unique_ptr<Consumer> from = outsider(unique("group"));
  ASSERT_TRUE(from->commit({{.partition = {topic, 1}, .offset = 1}}).ok());

  EXPECT_THAT(from->committed({{topic, 0}, {topic, 1}}, kPatience).value(),
              ElementsAre(CommittedOffset{{topic, 0}, kUnknownOffset, ""}, CommittedOffset{{topic, 1}, 1, ""}));
}

TEST_P(Groups, LaterCommitReplacesTheEarlierOne) {
  const std::string topic = create_topic();
  const std::unique_ptr<Consumer> from = outsider(unique("group"));
  ASSERT_TRUE(from->commit({{.partition = {topic, 0}, .offset = 9, .metadata = "old"}}).ok());

  ASSERT_TRUE(from->commit({{.partition = {topic, 0}, .offset = 3}}).ok());

  EXPECT_THAT(from->committed({{topic, 0}}, kPatience).value(), ElementsAre(CommittedOffset{{topic, 0}, 3, ""}));
}

TEST_P(Groups, DoNotShareOffsets) {
  const std::string topic = create_topic();
  ASSERT_TRUE(outsider(unique("group"))->commit({{.partition = {topic, 0}, .offset = 9}}).ok());

  EXPECT_THAT(outsider(unique("group"))->committed({{topic, 0}}, kPatience).value(),
              ElementsAre(CommittedOffset{{topic, 0}, kUnknownOffset, ""}));
}

TEST_P(Groups, TellAnAdminTheirOffsets) {
  const std::string topic = create_topic();
  const std::string group = unique("group");
  ASSERT_TRUE(outsider(group)->commit({{.partition = {topic, 0}, .offset = 9, .metadata = "m"}}).ok());

  EXPECT_THAT(admin().committed(group, {{topic, 0}}, kPatience).value(),
              ElementsAre(CommittedOffset{{topic, 0}, 9, "m"}));
}

TEST_P(Groups, TellAnAdminAllTheyHaveCommitted) {
  const std::string a = create_topic(2);
  const std::string b = create_topic();
  const std::string group = unique("group");
  ASSERT_TRUE(outsider(group)->commit({{.partition = {b, 0}, .offset = 9, .metadata = "m"}}).ok());
  ASSERT_TRUE(outsider(group)->commit({{.partition = {a, 1}, .offset = 3}}).ok());

  EXPECT_THAT(admin().all_committed(group, kPatience).value(),
              UnorderedElementsAre(CommittedOffset{{a, 1}, 3, ""}, CommittedOffset{{b, 0}, 9, "m"}));
  EXPECT_THAT(admin().all_committed(unique("nobody"), kPatience).value(), IsEmpty());
}

TEST_P(Groups, WithoutMembersTakeOffsetsFromAnAdmin) {
  const std::string topic = create_topic(2);
  const std::string group = unique("group");
  ASSERT_TRUE(outsider(group)->commit({{.partition = {topic, 0}, .offset = 9, .metadata = "m"}}).ok());

  const std::vector<CommittedOffset> offsets = {{.partition = {topic, 0}, .offset = 2},
                                                {.partition = {topic, 1}, .offset = 5}};
  const absl::Status set = admin().set_committed(group, offsets, kPatience);

  ASSERT_TRUE(set.ok()) << set;
  EXPECT_EQ(outsider(group)->committed({{topic, 0}, {topic, 1}}, kPatience).value(), offsets);
}

TEST_P(Groups, WithMembersTakeNoOffsetsFromAnAdmin) {
  const std::string topic = create_topic();
  const std::string group = unique("group");
  Member only = member(group);
  only.subscribe({topic});
  run_until({&only}, has(only, 1));

  const absl::Status set = admin().set_committed(group, {{.partition = {topic, 0}, .offset = 0}}, kPatience);

  EXPECT_EQ(set.code(), absl::StatusCode::kFailedPrecondition) << set;
}

TEST_P(Groups, OnlyMemberGetsEverything) {
  const std::string topic = create_topic(3);
  Member only = member(unique("group"));

  only.subscribe({topic});
  run_until({&only}, has(only, 3));

  EXPECT_THAT(only.partitions(),
              ElementsAre(TopicPartition{topic, 0}, TopicPartition{topic, 1}, TopicPartition{topic, 2}));
  EXPECT_THAT(only.told, ElementsAre("assigned 3"));
}

TEST_P(Groups, MemberReadsWhatItWasGiven) {
  const std::string topic = create_topic(2);
  send_values(topic, {"a"}, 0);
  send_values(topic, {"b"}, 1);
  Member only = member(unique("group"));

  only.subscribe({topic});
  run_until({&only}, [&only] { return only.seen.records.size() == 2; });

  EXPECT_THAT(values_of(only.seen.records), UnorderedElementsAre("a", "b"));
}

TEST_P(Groups, NothingIsReadBeforeTheMemberAssigns) {
  const std::string topic = create_topic();
  send_values(topic, {"a"});
  Member only = member(unique("group"));
  only.assigns = false;
  only.subscribe({topic});
  run_until({&only}, has(only, 1));

  for (int i = 0; i < 5; ++i) ASSERT_TRUE(only.poll().ok());
  EXPECT_THAT(only.seen.records, IsEmpty());

  ASSERT_TRUE(only.consumer().assign({{.partition = {topic, 0}}}).ok());
  run_until({&only}, [&only] { return !only.seen.records.empty(); });
}

TEST_P(Groups, TwoMembersShareByRangeAndKeepCopartitionedTopicsTogether) {
  const std::string left = create_topic(3);
  const std::string right = create_topic(3);
  const std::string group = unique("group");
  Member a = member(group);
  Member b = member(group);

  a.subscribe({left, right});
  b.subscribe({left, right});
  run_until({&a, &b}, [&] { return has(a, 4)() ? has(b, 2)() : has(a, 2)() && has(b, 4)(); });

  std::vector<TopicPartition> low = a.partitions();
  std::vector<TopicPartition> high = b.partitions();
  if (low.size() < high.size()) std::swap(low, high);
  EXPECT_THAT(low, UnorderedElementsAre(TopicPartition{left, 0}, TopicPartition{left, 1}, TopicPartition{right, 0},
                                        TopicPartition{right, 1}));
  EXPECT_THAT(high, UnorderedElementsAre(TopicPartition{left, 2}, TopicPartition{right, 2}));
}

TEST_P(Groups, WhoLeavesHandsOverAtOnce) {
  const std::string topic = create_topic(2);
  const std::string group = unique("group");
  Member stays = member(group);
  Member leaves = member(group);
  stays.subscribe({topic});
  leaves.subscribe({topic});
  run_until({&stays, &leaves}, [&] { return has(stays, 1)() && has(leaves, 1)(); });
  const auto left = std::chrono::steady_clock::now();

  leaves.leave();
  run_until({&stays}, has(stays, 2));

  EXPECT_LT(std::chrono::steady_clock::now() - left, 5s) << "the session of 6 s must not have been waited for";
}

TEST_P(Groups, MemberGivesBackBeforeItIsGivenAnew) {
  const std::string topic = create_topic(2);
  const std::string group = unique("group");
  Member first = member(group);
  Member second = member(group);
  first.subscribe({topic});
  run_until({&first}, has(first, 2));

  second.subscribe({topic});
  run_until({&first, &second}, has(second, 1));
  run_until({&first}, has(first, 1));

  EXPECT_THAT(first.told, ElementsAre("assigned 2", "revoked 2", "assigned 1"));
}

TEST_P(Groups, OffsetsCanBeCommittedWhileGivingBack) {
  const std::string topic = create_topic(2);
  const std::string group = unique("group");
  Member first = member(group);
  Member second = member(group);
  absl::Status committed = absl::UnknownError("never revoked");
  first.when_revoked = [&] { committed = first.consumer().commit({{.partition = {topic, 0}, .offset = 7}}); };
  first.subscribe({topic});
  run_until({&first}, has(first, 2));

  second.subscribe({topic});
  run_until({&first, &second}, has(second, 1));

  EXPECT_TRUE(committed.ok()) << committed;
  EXPECT_EQ(second.consumer().committed({{topic, 0}}, kPatience).value()[0].offset, 7);
}

TEST_P(Groups, CommitOfAnOutsiderIsRefusedWhileThereAreMembers) {
  const std::string topic = create_topic();
  const std::string group = unique("group");
  Member inside = member(group);
  inside.subscribe({topic});
  run_until({&inside}, has(inside, 1));

  const absl::Status committed = outsider(group)->commit({{.partition = {topic, 0}, .offset = 1}});

  EXPECT_TRUE(absl::IsFailedPrecondition(committed)) << committed;
}

TEST_P(Groups, WhoIsDestroyedIsToldNothingMore) {
  const std::string topic = create_topic();
  Member only = member(unique("group"));
  only.subscribe({topic});
  run_until({&only}, has(only, 1));

  only.leave();

  EXPECT_THAT(only.told, ElementsAre("assigned 1"));
}

TEST_P(Groups, NewSubscriptionReplacesTheOldOne) {
  const std::string before = create_topic();
  const std::string after = create_topic();
  Member only = member(unique("group"));
  only.subscribe({before});
  run_until({&only}, has(only, 1));

  only.subscribe({after});
  run_until({&only}, [&] { return only.partitions() == std::vector<TopicPartition>{{after, 0}}; });

  EXPECT_THAT(only.told, ElementsAre("assigned 1", "revoked 1", "assigned 1"));
}

TEST_P(Groups, MemberKnowsWhoItIs) {
  const std::string topic = create_topic();
  const std::string group = unique("group");
  Member only = member(group);
  only.subscribe({topic});
  run_until({&only}, has(only, 1));

  const GroupMetadata me = only.consumer().group_metadata();

  EXPECT_EQ(me.group_id, group);
  EXPECT_EQ(me.instance_id, "");
}

TEST_P(Groups, MembersKnowTheirGeneration) {
  const std::string topic = create_topic(2);
  const std::string group = unique("group");
  Member first = member(group);
  first.subscribe({topic});
  run_until({&first}, has(first, 2));
  const GroupMetadata before = first.consumer().group_metadata();
  std::int32_t at_revocation = -1;
  first.when_revoked = [&] { at_revocation = first.consumer().group_metadata().generation; };
  Member second = member(group);
  second.subscribe({topic});
  run_until({&first, &second}, [&] { return first.partitions().size() == 1 && second.partitions().size() == 1; });

  const GroupMetadata after = first.consumer().group_metadata();

  EXPECT_EQ(before.generation, 1);
  EXPECT_EQ(at_revocation, 1);
  EXPECT_EQ(after.generation, 2);
  EXPECT_EQ(second.consumer().group_metadata().generation, 2);
  EXPECT_EQ(after.member_id, before.member_id);
}

TEST_P(Groups, AreDescribedWithMembersAndAssignments) {
  const std::string topic = create_topic(2);
  const std::string group = unique("group");
  Member only = member(group, {{"client.id", "somebody"}});
  only.subscribe({topic});
  run_until({&only}, has(only, 2));

  const GroupDescription described = admin().describe_group(group, kPatience).value();

  EXPECT_EQ(described.state, "Stable");
  ASSERT_THAT(described.members, SizeIs(1));
  EXPECT_EQ(described.members[0].client_id, "somebody");
  EXPECT_THAT(described.members[0].assignment,
              UnorderedElementsAre(TopicPartition{topic, 0}, TopicPartition{topic, 1}));
}

TEST_P(Groups, AreServedByAPollThatWantsNoRecords) {
  const std::string topic = create_topic(2);
  const std::string group = unique("group");
  Member first = member(group);
  first.subscribe({topic});
  run_until({&first}, has(first, 2));
  send_values(topic, {"0", "1", "2"});
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  const auto serve_first = [&first, deadline] {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline);
    const absl::Status polled = first.consumer().poll(50ms, 0, first.seen);
    ASSERT_TRUE(polled.ok()) << polled;
  };
  Member second = member(group);
  second.subscribe({topic});

  while (first.partitions().size() != 1 || second.partitions().size() != 1) {
    ASSERT_NO_FATAL_FAILURE(serve_first());
    ASSERT_TRUE(second.poll().ok());
  }

  EXPECT_THAT(values_of(first.seen.records), IsEmpty());
  run_until({&first, &second}, [&] { return first.seen.records.size() + second.seen.records.size() == 3; });
}

TEST_P(Groups, ThatNobodyKnowsAreDead) {
  EXPECT_EQ(admin().describe_group(unique("nobody"), kPatience).value().state, "Dead");
}

TEST_P(Groups, CanBeDeletedOnceEmpty) {
  const std::string topic = create_topic();
  const std::string group = unique("group");
  ASSERT_TRUE(outsider(group)->commit({{.partition = {topic, 0}, .offset = 9}}).ok());

  const absl::Status deleted = admin().delete_group(group, kPatience);

  ASSERT_TRUE(deleted.ok()) << deleted;
  EXPECT_EQ(admin().committed(group, {{topic, 0}}, kPatience).value()[0].offset, kUnknownOffset);
}

TEST_P(Groups, CannotBeDeletedWhileTheyHaveMembers) {
  const std::string topic = create_topic();
  const std::string group = unique("group");
  Member inside = member(group);
  inside.subscribe({topic});
  run_until({&inside}, has(inside, 1));

  const absl::Status deleted = admin().delete_group(group, kPatience);

  EXPECT_TRUE(absl::IsFailedPrecondition(deleted)) << deleted;
}

TEST_P(Groups, SubscriptionToATopicThatDoesNotExistIsReported) {
  Member only = member(unique("group"));
  only.subscribe({unique("nowhere")});
  absl::Status polled;

  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (polled.ok() && std::chrono::steady_clock::now() < deadline) polled = only.poll();

  EXPECT_TRUE(absl::IsNotFound(polled)) << polled;
}

}  // namespace
}  // namespace levada::testing
