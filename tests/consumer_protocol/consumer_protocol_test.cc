// Groups of Kafka's newer protocol (KIP-848), where the broker assigns, and takes from members only what moves. These
// need librdkafka 2.12 or later.

#include <chrono>
#include <string>
#include <utility>

#include "tests/clients/client_test.h"
#include "tests/clients/worker.h"

namespace levada::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class ConsumerProtocol : public ClientTest {
 protected:
  std::unique_ptr<Consumer> of_group(const std::string& group, ClientProperties properties = {}) {
    properties.insert(properties.end(), {{"group.id", group}, {"group.protocol", "consumer"}});
    return consumer(std::move(properties));
  }
  Member member(const std::string& group, ClientProperties properties = {}) {
    return Member(of_group(group, std::move(properties)));
  }

  static std::function<bool()> share(const Member& a, std::size_t of_a, const Member& b, std::size_t of_b) {
    return [=, &a, &b] { return a.partitions().size() == of_a && b.partitions().size() == of_b; };
  }
  std::vector<GroupMember> members_of(const std::string& group) {
    return admin().describe_group(group, kPatience).value().members;
  }
};
INSTANTIATE_TEST_SUITE_P(Clients, ConsumerProtocol, ::testing::Values("kafka"), cluster_name);

TEST_P(ConsumerProtocol, OnlyMemberReadsEverythingAndCommits) {
  const std::string topic = create_topic(2);
  const std::string group = unique("group");
  send_values(topic, {"a", "b"}, 0);
  send_values(topic, {"c"}, 1);
  Member only = member(group);

  only.subscribe({topic});
  run_until({&only}, [&] { return only.seen.records.size() == 3; });
  const absl::Status committed = only.consumer().commit({{.partition = {topic, 0}, .offset = 2, .metadata = "m"}});

  EXPECT_THAT(only.told, ElementsAre("assigned 2"));
  EXPECT_TRUE(committed.ok()) << committed;
  EXPECT_THAT(only.consumer().committed({{topic, 0}}, kPatience).value(),
              ElementsAre(CommittedOffset{{topic, 0}, 2, "m"}));
  EXPECT_EQ(only.consumer().last_known_end({topic, 0}), 2);
}

TEST_P(ConsumerProtocol, OnlyWhatMovesIsRevoked) {
  const std::string topic = create_topic(4);
  const std::string group = unique("group");
  Member first = member(group);
  first.subscribe({topic});
  run_until({&first}, has(first, 4));

  Member second = member(group);
  second.subscribe({topic});
  run_until({&first, &second}, share(first, 2, second, 2));

  EXPECT_THAT(first.told, ElementsAre("assigned 4", "revoked 2", "assigned 2"));
  EXPECT_EQ(second.told.back(), "assigned 2");
}

TEST_P(ConsumerProtocol, MembersLeaveBeforeTheyKnowWhatTheyWereGiven) {
  const std::string topic = create_topic(2);
  for (int i = 0; i < 10; ++i) {
    const std::string group = unique("group");
    Member unaware = member(group);
    unaware.subscribe({topic});
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (members_of(group).empty() || members_of(group).front().assignment.empty()) {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline);
    }

    unaware.leave();
    while (!members_of(group).empty()) {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline);
    }
  }
}

TEST_P(ConsumerProtocol, MembersGiveBackOnlyWhenTheyHaveBeenTold) {
  const std::string topic = create_topic(2);
  const std::string group = unique("group");
  Member first = member(group);
  Member second = member(group);
  first.subscribe({topic});
  run_until({&first}, has(first, 2));
  bool second_had_any = true;
  first.when_revoked = [&] {
    second_had_any = !second.partitions().empty();
    EXPECT_TRUE(first.consumer().commit({{.partition = {topic, 0}, .offset = 0}}).ok());
  };

  second.subscribe({topic});
  // Changes what it reads meanwhile, again and again: that is no answer to the group.
  for (int i = 0; i < 30; ++i) {
    EXPECT_TRUE(second.poll().ok());
    EXPECT_TRUE(first.consumer().assign({{.partition = {topic, 0}}}).ok());
    EXPECT_THAT(second.partitions(), IsEmpty());
  }
  run_until({&first, &second}, share(first, 1, second, 1));

  EXPECT_FALSE(second_had_any);
}

TEST_P(ConsumerProtocol, MemberThatLeavesIsReplacedBeforeItsSessionEnds) {
  const std::string topic = create_topic(2);
  const std::string group = unique("group");
  Member stays = member(group);
  Member leaves = member(group);
  stays.subscribe({topic});
  leaves.subscribe({topic});
  run_until({&stays, &leaves}, share(stays, 1, leaves, 1));

  leaves.leave();
  EXPECT_THAT(members_of(group), SizeIs(1));
  run_until({&stays}, has(stays, 2));
}

TEST_P(ConsumerProtocol, EachRecordIsReadOnceWhileMembersComeAndGo) {
  constexpr int kRecords = 20'000;
  const std::string topic = create_topic(4);
  const std::string group = unique("group");
  send_many(topic, 4, kRecords);

  expect_each_is_read_once(topic, kRecords, [&] { return of_group(group); });
}

TEST_P(ConsumerProtocol, MemberThatDoesNotPollLosesItsPartitionsAndComesBack) {
  const std::string topic = create_topic();
  const std::string group = unique("group");
  Member only = member(group, {{"max.poll.interval.ms", "1000"}});
  only.subscribe({topic});
  run_until({&only}, has(only, 1));

  while (!members_of(group).empty()) continue;
  const absl::Status refused = only.consumer().commit({{.partition = {topic, 0}, .offset = 1}});
  EXPECT_TRUE(absl::IsFailedPrecondition(refused)) << refused;
  run_until({&only}, [&only] { return only.told.size() == 3; });

  EXPECT_THAT(only.told, ElementsAre("assigned 1", "lost 1", "assigned 1"));
}

TEST_P(ConsumerProtocol, StaticMemberThatReturnsGetsTheSameAndDisturbsNobody) {
  const std::string topic = create_topic(4);
  const std::string group = unique("group");
  Member stays = member(group, {{"group.instance.id", "a"}});
  Member leaves = member(group, {{"group.instance.id", "b"}});
  stays.subscribe({topic});
  leaves.subscribe({topic});
  run_until({&stays, &leaves}, share(stays, 2, leaves, 2));
  const std::vector<std::string> told_before = stays.told;
  const std::vector<TopicPartition> had = leaves.partitions();

  leaves.leave();
  Member returns = member(group, {{"group.instance.id", "b"}});
  returns.subscribe({topic});
  run_until({&stays, &returns}, has(returns, 2));

  EXPECT_EQ(returns.partitions(), had);
  EXPECT_EQ(stays.told, told_before);
}

TEST_P(ConsumerProtocol, SecondOfTheSameNameWaitsForTheFirst) {
  const std::string topic = create_topic();
  const std::string group = unique("group");
  Member older = member(group, {{"group.instance.id", "same"}});
  older.subscribe({topic});
  run_until({&older}, has(older, 1));

  Member newer = member(group, {{"group.instance.id", "same"}});
  newer.subscribe({topic});
  const auto later = std::chrono::steady_clock::now() + 2s;  // more than one attempt
  run_until({&older, &newer}, [&] { return std::chrono::steady_clock::now() > later; });
  EXPECT_THAT(older.told, ElementsAre("assigned 1"));
  EXPECT_THAT(newer.told, IsEmpty());

  older.leave();
  run_until({&newer}, has(newer, 1));
}

TEST_P(ConsumerProtocol, PartitionsOfOneNumberGoTogether) {
  const std::string left = create_topic(5);
  const std::string right = create_topic(5);
  const std::string group = unique("group");
  Member a = member(group);
  Member b = member(group);
  Member c = member(group);
  const auto subscribe = [&](Member& member) { member.subscribe({left, right}); };
  subscribe(a);
  subscribe(b);
  run_until({&a, &b}, [&] { return a.partitions().size() + b.partitions().size() == 10 && !b.partitions().empty(); });
  subscribe(c);
  const auto all = [&] { return a.partitions().size() + b.partitions().size() + c.partitions().size() == 10; };
  run_until({&a, &b, &c}, [&] { return all() && !c.partitions().empty(); });

  for (const Member* each : {&a, &b, &c}) {
    for (const TopicPartition& where : each->partitions()) {
      const std::string& other = where.topic == left ? right : left;
      EXPECT_THAT(each->partitions(), Contains(TopicPartition{other, where.partition}));
    }
  }
}

TEST_P(ConsumerProtocol, AnAdminIsToldWhoHasWhat) {
  const std::string topic = create_topic(2);
  const std::string group = unique("group");
  Member only = member(group, {{"group.instance.id", "a"}, {"client.id", "c"}});
  only.subscribe({topic});
  run_until({&only}, has(only, 2));
  const auto settled = [&] {
    const std::vector<GroupMember> members = members_of(group);
    return members.size() == 1 && members[0].assignment.size() == 2;
  };
  run_until({&only}, settled);

  const GroupDescription group_now = admin().describe_group(group, kPatience).value();
  EXPECT_EQ(group_now.state, "Stable");
  EXPECT_EQ(group_now.members[0].member_id, only.consumer().group_metadata().member_id);
  EXPECT_EQ(group_now.members[0].instance_id, "a");
  EXPECT_EQ(group_now.members[0].client_id, "c");
  EXPECT_THAT(group_now.members[0].assignment, ElementsAre(TopicPartition{topic, 0}, TopicPartition{topic, 1}));
}

// How instances of an application change the protocol one after the other.
TEST_P(ConsumerProtocol, MembersOfBothProtocolsShareAGroup) {
  const std::string topic = create_topic(2);
  const std::string group = unique("group");
  Member classic = ClientTest::member(group);
  classic.subscribe({topic});
  run_until({&classic}, has(classic, 2));

  Member newer = member(group);
  newer.subscribe({topic});
  run_until({&classic, &newer}, share(classic, 1, newer, 1));

  classic.leave();
  run_until({&newer}, has(newer, 2));
}

TEST_P(ConsumerProtocol, TransactionsOfAMemberCommitNothingOfWhatItHasNoMore) {
  const std::string topic = create_topic(2);
  const std::string group = unique("group");
  Member first = member(group);
  first.subscribe({topic});
  run_until({&first}, has(first, 2));
  const GroupMetadata before = first.consumer().group_metadata();
  Member second = member(group);
  second.subscribe({topic});
  run_until({&first, &second}, share(first, 1, second, 1));
  const std::unique_ptr<Producer> producer = transactional(unique("id"));
  const auto send_offset = [&](const Member& of, const GroupMetadata& by) {
    EXPECT_TRUE(producer->begin_transaction().ok());
    return producer->send_offsets({{.partition = of.partitions()[0], .offset = 7}}, by, kPatience);
  };

  const absl::Status own = send_offset(first, first.consumer().group_metadata());
  EXPECT_TRUE(own.ok()) << own;
  EXPECT_TRUE(producer->commit_transaction(kPatience).ok());
  EXPECT_EQ(admin().committed(group, {first.partitions()[0]}, kPatience).value()[0].offset, 7);

  const absl::Status others = send_offset(second, before);
  EXPECT_TRUE(absl::IsAborted(others)) << others;
}

}  // namespace
}  // namespace levada::testing
