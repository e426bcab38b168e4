// What needs a clock of one's own to be seen: sessions that expire, and members that come back.

#include <string>

#include "tests/runtime/embedded_test_clients.h"

namespace levada::testing {
namespace {

using ::testing::ElementsAre;

ClientProperties group(const ClientProperties& more = {}) {
  ClientProperties properties = {{"group.id", "g"}, {"session.timeout.ms", "10000"}};
  properties.insert(properties.end(), more.begin(), more.end());
  return properties;
}

class EmbeddedGroups : public ::testing::Test {
 protected:
  void SetUp() override { world.create("t", 2); }

  void join(EmbeddedMember& member) {
    ASSERT_TRUE(member.consumer->subscribe({"t"}, member).ok());
    poll({&member});
  }
  // Often enough for a rebalance to come to its end.
  static void poll(const std::vector<EmbeddedMember*>& members) {
    for (int i = 0; i < 3; ++i) {
      for (EmbeddedMember* member : members) {
        const absl::Status polled = member->poll();
        ASSERT_TRUE(polled.ok()) << polled;
      }
    }
  }

  EmbeddedWorld world;
};

TEST_F(EmbeddedGroups, MemberThatIsSilentForASessionIsReplaced) {
  EmbeddedMember silent(world.cluster, group());
  EmbeddedMember lively(world.cluster, group());
  join(silent);
  join(lively);
  poll({&silent, &lively});
  ASSERT_EQ(lively.partitions.size(), 1u);

  world.clock.advance(6s);
  poll({&lively});
  world.clock.advance(6s);
  poll({&lively});

  EXPECT_EQ(lively.partitions.size(), 2u);
}

TEST_F(EmbeddedGroups, MemberThatWasGivenUpHasLostAndJoinsAnew) {
  EmbeddedMember only(world.cluster, group());
  join(only);
  const std::string before = only.consumer->group_metadata().member_id;

  world.clock.advance(11s);
  poll({&only});

  EXPECT_THAT(only.told, ElementsAre("assigned 2", "lost 2", "assigned 2"));
  EXPECT_NE(only.consumer->group_metadata().member_id, before);
}

TEST_F(EmbeddedGroups, CommitOfAMemberThatWasGivenUpIsRefused) {
  EmbeddedMember only(world.cluster, group());
  join(only);

  world.clock.advance(11s);

  EXPECT_TRUE(absl::IsFailedPrecondition(only.consumer->commit({{.partition = {"t", 0}, .offset = 1}})));
}

TEST_F(EmbeddedGroups, CommitInAnEarlierGenerationIsRefused) {
  EmbeddedMember first(world.cluster, group());
  EmbeddedMember second(world.cluster, group());
  join(first);
  const GroupMetadata before = first.consumer->group_metadata();
  join(second);
  poll({&first, &second});
  const std::unique_ptr<Producer> writer = world.cluster.producer({{"transactional.id", "x"}}).value();
  ASSERT_TRUE(writer->init_transactions(1s).ok());
  ASSERT_TRUE(writer->begin_transaction().ok());

  const absl::Status sent = writer->send_offsets({{.partition = {"t", 0}, .offset = 1}}, before, 1s);

  EXPECT_TRUE(absl::IsAborted(sent)) << sent;
  EXPECT_THAT(std::string(sent.message()), ::testing::HasSubstr("the group is in generation 2"));
}

TEST_F(EmbeddedGroups, CommitKeepsASessionAlive) {
  EmbeddedMember only(world.cluster, group());
  join(only);

  for (int i = 0; i < 3; ++i) {
    world.clock.advance(6s);
    EXPECT_TRUE(only.consumer->commit({{.partition = {"t", 0}, .offset = i}}).ok());
  }
}

TEST_F(EmbeddedGroups, StaticMemberThatStaysAwayLosesItsPlace) {
  EmbeddedMember stays(world.cluster, group({{"group.instance.id", "a"}}));
  {
    EmbeddedMember leaves(world.cluster, group({{"group.instance.id", "b"}}));
    join(stays);
    join(leaves);
    poll({&stays, &leaves});
  }
  world.clock.advance(6s);
  poll({&stays});
  EXPECT_EQ(stays.partitions.size(), 1u);

  world.clock.advance(6s);
  poll({&stays});

  EXPECT_EQ(stays.partitions.size(), 2u);
}

TEST_F(EmbeddedGroups, TopicThatIsMadeLaterIsSharedOut) {
  EmbeddedMember only(world.cluster, group());
  ASSERT_TRUE(only.consumer->subscribe({"later"}, only).ok());
  EXPECT_TRUE(absl::IsNotFound(only.poll()));
  poll({&only});
  EXPECT_THAT(only.told, ElementsAre("assigned 0"));

  world.create("later", 3);
  poll({&only});

  EXPECT_THAT(only.told, ElementsAre("assigned 0", "assigned 3"));
}

TEST_F(EmbeddedGroups, TopicThatIsDeletedIsTakenAwayWithItsOffsets) {
  EmbeddedMember only(world.cluster, group());
  join(only);
  ASSERT_TRUE(only.consumer->commit({{.partition = {"t", 0}, .offset = 1}}).ok());

  ASSERT_TRUE(world.admin->delete_topics({"t"}, 1s).ok());
  EXPECT_TRUE(absl::IsNotFound(only.poll()));
  poll({&only});

  EXPECT_THAT(only.told, ElementsAre("assigned 2", "revoked 2", "assigned 0"));
  EXPECT_EQ(world.admin->committed("g", {{"t", 0}}, 1s).value()[0].offset, kUnknownOffset);
}

TEST_F(EmbeddedGroups, MemberIdsAndAssignmentsRepeatFromRunToRun) {
  const auto run = [] {
    EmbeddedWorld each;
    each.create("t", 5);
    EmbeddedMember a(each.cluster, group());
    EmbeddedMember b(each.cluster, group());
    EXPECT_TRUE(a.consumer->subscribe({"t"}, a).ok());
    EXPECT_TRUE(b.consumer->subscribe({"t"}, b).ok());
    poll({&a, &b});
    return std::pair(a.consumer->group_metadata().member_id, a.partitions);
  };

  EXPECT_EQ(run(), run());
}

TEST_F(EmbeddedGroups, PollDoesNotWaitForAClockThatStandsStill) {
  EmbeddedMember only(world.cluster, group());
  join(only);

  EXPECT_TRUE(only.consumer->poll(24h, 10, only.collector).ok());
}

TEST_F(EmbeddedGroups, HandlerMayAssignWhileItIsCalled) {
  world.send("t", {.value = "a"});
  world.send("t", {.value = "b"});
  world.send("t", {.value = "c", .partition = 1});
  const std::unique_ptr<Consumer> reader = world.cluster.consumer({}).value();
  struct Switching final : RecordHandler {
    void on_record(std::size_t, const LogRecord& record) override {
      values.push_back(std::string(record.value.value()));
      if (values.size() > 1) return;
      EXPECT_TRUE(consumer->assign({{.partition = {"t", 1}}}).ok());
    }
    void on_end_of_partition(std::size_t, Offset) override {}
    Consumer* consumer = nullptr;
    std::vector<std::string> values;
  } handler;
  handler.consumer = reader.get();
  ASSERT_TRUE(reader->assign({{.partition = {"t", 0}}}).ok());

  for (int i = 0; i < 3; ++i) ASSERT_TRUE(reader->poll(0ms, 10, handler).ok());

  EXPECT_THAT(handler.values, ElementsAre("a", "c"));
}

}  // namespace
}  // namespace levada::testing
