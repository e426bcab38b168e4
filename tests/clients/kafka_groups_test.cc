// Membership with librdkafka: what it does on its own, and what must not slip through when assignments change.

#include <chrono>
#include <string>

#include "tests/clients/client_test.h"
#include "tests/clients/worker.h"

namespace levada::testing {
namespace {

using ::testing::ElementsAre;

class KafkaGroups : public ClientTest {
 protected:
  std::size_t members_of(const std::string& group) {
    return admin().describe_group(group, kPatience).value().members.size();
  }
  void wait_until_group_is(const std::string& group, const std::string& state) {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (admin().describe_group(group, kPatience).value().state != state) {
      ASSERT_LT(std::chrono::steady_clock::now(), deadline) << group << " is not " << state;
    }
  }
};
INSTANTIATE_TEST_SUITE_P(Clients, KafkaGroups, ::testing::Values("kafka"), cluster_name);

TEST_P(KafkaGroups, EachRecordIsReadOnceWhileMembersComeAndGo) {
  constexpr int kRecords = 20'000;
  const std::string topic = create_topic(4);
  const std::string group = unique("group");
  send_many(topic, 4, kRecords);

  // On a busy machine a member may leave between the two requests that joining takes: the group waits for it then until
  // its session is over.
  expect_each_is_read_once(topic, kRecords, [&] {
    return consumer({{"group.id", group}, {"heartbeat.interval.ms", "100"}, {"session.timeout.ms", "6000"}});
  });
}

TEST_P(KafkaGroups, AssigningAnywhereReadsFromThereOnAndNothingElse) {
  constexpr Offset kRecords = 50'000;
  const std::string topic = create_topic();
  send_many(topic, 1, kRecords);
  const std::unique_ptr<Consumer> from = consumer();

  for (const Offset start : {0, 40'000, 17, 49'000, 48'000, 3, 4, 25'000, 24'999, 0}) {
    ASSERT_TRUE(from->assign({{.partition = {topic, 0}, .start = start}}).ok());
    Collector collector;
    read_until(*from, collector, [&] { return collector.records.size() >= 900; });
    for (std::size_t i = 0; i < collector.records.size(); ++i) {
      ASSERT_EQ(collector.records[i].offset, start + static_cast<Offset>(i)) << "assigned at " << start;
    }
  }
}

TEST_P(KafkaGroups, MemberThatDoesNotAssignKeepsItsPlace) {
  const std::string topic = create_topic();
  const std::string group = unique("group");
  Member only = member(group, {{"session.timeout.ms", "1000"}});
  only.assigns = false;
  only.subscribe({topic});
  run_until({&only}, [&only] { return only.partitions().size() == 1; });

  const auto long_after = std::chrono::steady_clock::now() + 2500ms;  // more than two sessions
  run_until({&only}, [&] { return std::chrono::steady_clock::now() > long_after; });

  EXPECT_THAT(only.told, ElementsAre("assigned 1"));
  EXPECT_EQ(members_of(group), 1u);
  EXPECT_TRUE(only.consumer().commit({{.partition = {topic, 0}, .offset = 5}}).ok());
}

TEST_P(KafkaGroups, MemberThatDoesNotPollLosesItsPartitionsAndComesBack) {
  const std::string topic = create_topic();
  const std::string group = unique("group");
  Member only = member(group, {{"session.timeout.ms", "1000"}, {"max.poll.interval.ms", "1000"}});
  only.subscribe({topic});
  run_until({&only}, [&only] { return only.partitions().size() == 1; });

  while (members_of(group) == 1) continue;
  const absl::Status refused = only.consumer().commit({{.partition = {topic, 0}, .offset = 1}});
  EXPECT_TRUE(absl::IsFailedPrecondition(refused)) << refused;
  run_until({&only}, [&only] { return only.told.size() == 3; });

  EXPECT_THAT(only.told, ElementsAre("assigned 1", "lost 1", "assigned 1"));
}

// What the group has to say waits in librdkafka then, and must not be answered too late.
TEST_P(KafkaGroups, MembersLeaveBeforeTheyKnowWhatTheyWereGiven) {
  const std::string topic = create_topic(2);
  for (int i = 0; i < 40; ++i) {
    const std::string group = unique("group");
    Member unaware = member(group);
    unaware.subscribe({topic});
    wait_until_group_is(group, "Stable");

    unaware.leave();

    ASSERT_EQ(members_of(group), 0u);
  }
}

TEST_P(KafkaGroups, MembersLeaveBeforeTheyKnowWhatTheyAreToGiveBack) {
  const std::string topic = create_topic(2);
  for (int i = 0; i < 10; ++i) {
    const std::string group = unique("group");
    Member unaware = member(group, {{"heartbeat.interval.ms", "20"}});
    unaware.subscribe({topic});
    run_until({&unaware}, [&] { return unaware.partitions().size() == 2; });
    Member joins = member(group);
    joins.subscribe({topic});
    wait_until_group_is(group, "PreparingRebalance");

    unaware.leave();
    run_until({&joins}, [&] { return joins.partitions().size() == 2; });

    ASSERT_EQ(members_of(group), 1u);
  }
}

TEST_P(KafkaGroups, ExceptionsOfAListenerPassThroughPoll) {
  const std::string topic = create_topic();
  const std::string group = unique("group");
  Member first = member(group);
  Member second = member(group);
  first.when_revoked = [] { throw std::runtime_error("the disk is full"); };
  first.subscribe({topic});
  run_until({&first}, [&first] { return first.partitions().size() == 1; });

  second.subscribe({topic});
  const auto poll_until_it_throws = [&] { run_until({&second, &first}, [] { return false; }); };

  EXPECT_THROW(poll_until_it_throws(), std::runtime_error);
}

}  // namespace
}  // namespace levada::testing
