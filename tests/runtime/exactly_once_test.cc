// What exactly-once promises, against one thing that goes wrong.
#include <string>

#include "tests/runtime/exactly_once_world.h"

namespace levada::testing {
namespace {

using ::testing::IsEmpty;
using ::testing::Lt;
using ::testing::SizeIs;

constexpr const char* kGivenUp = "warn: the transaction is given up";

TEST(ExactlyOnce, NothingIsSeenBeforeItIsCommitted) {
  World world;
  auto& instance = world.add("a");
  world.run_until([&] { return instance.state() == ThreadState::kRunning; });
  world.send();
  world.run_until([&] { return world.read("copies", "read_uncommitted").size() == kBatch; });
  EXPECT_THAT(world.read("copies"), IsEmpty());
  world.run_until_done();
  world.expect_exact();
}

TEST(ExactlyOnce, StoresAreTheFoldOfTheirChangelogs) {
  World world;
  auto& instance = world.add("a");
  world.send();
  world.run_until_done();
  world.send();
  world.run_until_done();
  instance.stop();
  world.expect_stores_are_the_fold_of_their_changelogs(instance);
  EXPECT_EQ(world.stored(instance), world.truth());
}

// Each request of a commit, and how it may fail.
struct Failure {
  std::string what;
  absl::StatusCode code;
};

std::string name_of(const ::testing::TestParamInfo<Failure>& failure) {
  return failure.param.what + "_" + absl::StatusCodeToString(failure.param.code);
}

class ExactlyOnceAfter : public ::testing::TestWithParam<Failure> {};

TEST_P(ExactlyOnceAfter, AFailureTheWorkIsDoneAgain) {
  World world;
  auto& instance = world.add("a");
  world.send();
  world.run_until_done();
  instance.fail_once(GetParam().what, GetParam().code);
  world.send();
  world.run_until_done();
  world.expect_exact();
  world.send();
  world.run_until_done();
  EXPECT_THAT(instance.restored(), Lt(kKeys + 1U));
  instance.stop();
  world.expect_exact();
  world.expect_stores_are_the_fold_of_their_changelogs(instance);
}

using Code = absl::StatusCode;
INSTANTIATE_TEST_SUITE_P(
    Requests, ExactlyOnceAfter,
    ::testing::Values(Failure{"send", Code::kAborted}, Failure{"send", Code::kFailedPrecondition},
                      Failure{"flush", Code::kAborted}, Failure{"flush", Code::kDeadlineExceeded},
                      Failure{"flush", Code::kFailedPrecondition}, Failure{"send_offsets", Code::kAborted},
                      Failure{"send_offsets", Code::kUnavailable}, Failure{"send_offsets", Code::kFailedPrecondition},
                      Failure{"commit_transaction", Code::kAborted}, Failure{"commit_transaction", Code::kUnavailable},
                      Failure{"commit_transaction", Code::kDeadlineExceeded},
                      Failure{"commit_transaction", Code::kFailedPrecondition}, Failure{"answer", Code::kUnavailable},
                      Failure{"answer", Code::kDeadlineExceeded}),
    name_of);

Topology copies() {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("in").to("copies");
  return builder.build().value();
}

// The tasks of this one process records as they come, before the thread has asked how its producer is.
TEST(ExactlyOnce, WhatFailedAsItCameIsNotCommittedWhenTheGroupChanges) {
  World world(copies(), {});
  auto& first = world.add("a");
  world.send();
  world.run_until([&] { return world.read("copies").size() == kBatch; });
  int sends = 0;
  first.cluster().set_fault([&sends](const Request& request) {
    const bool fails = request.what == "send" && ++sends == kBatch / 2;
    return fails ? absl::AbortedError("as the test wants it") : absl::OkStatus();
  });
  world.send();
  for (int i = 0; i < 100 && sends < kBatch / 2; ++i) first.round();
  ASSERT_EQ(sends, kBatch / 2);
  world.add("b").round();
  world.run_until([&] { return world.read("copies").size() >= 2 * kBatch; });
  world.run(100);
  world.expect_copied();
}

// How often an instance commits that is run a round each ten milliseconds.
class ExactlyOnceCommits : public ::testing::Test {
 protected:
  ExactlyOnceCommits() {
    world_.run_until([this] { return instance_.state() == ThreadState::kRunning; });
    instance_.cluster().set_fault([this](const Request& request) {
      if (request.what == "commit_transaction") ++commits_;
      return absl::OkStatus();
    });
  }

  World world_{copies(), {{"commit.interval.ms", "1000"}, {"levada.idle.commit.interval.ms", "50"}}};
  World::Instance& instance_ = world_.add("a");
  int commits_ = 0;
};

TEST_F(ExactlyOnceCommits, WaitForTheIntervalWhileThereIsSomethingToProcess) {
  for (int round = 0; round < 500; ++round) {
    world_.send(1);
    world_.run();
  }
  EXPECT_EQ(commits_, 5);
  world_.run(6);
  EXPECT_EQ(commits_, 6);
  world_.expect_copied();
}

TEST_F(ExactlyOnceCommits, ComeSoonWhenThereIsNothingElseToDo) {
  for (int i = 1; i <= 10; ++i) {
    world_.send(1);
    world_.run(10);
    EXPECT_EQ(commits_, i);
    world_.expect_copied();
  }
  world_.run(500);
  EXPECT_EQ(commits_, 10);
}

TEST(ExactlyOnce, WhatCachesHoldBackIsCommittedSoonToo) {
  World world(StoreEngine::kRocksDb, {{"commit.interval.ms", "9000"}, {"levada.idle.commit.interval.ms", "50"}});
  auto& instance = world.add("a");
  world.run_until([&] { return instance.state() == ThreadState::kRunning; });
  world.send();
  world.run(100);
  world.expect_exact();
  EXPECT_THAT(world.read("counts"), SizeIs(::testing::Lt(kBatch)));
}

TEST(ExactlyOnce, ABrokenTransactionIsToldInTheLog) {
  World world;
  auto& instance = world.add("a");
  world.run_until([&] { return instance.state() == ThreadState::kRunning; });
  instance.fail_once("send_offsets", absl::StatusCode::kAborted);
  world.send();
  world.run_until_done();
  EXPECT_EQ(world.log().count(kGivenUp), 1) << world.log().text();
  EXPECT_EQ(world.log().count("reason=send_offsets: as the test wants it"), 2);
  EXPECT_EQ(world.log().count("info: has succeeded what=transaction"), 1);
}

// Brokers take offsets of nobody as those of somebody who needs no group.
TEST(ExactlyOnce, WhoIsNoMemberOfItsGroupCommitsNothing) {
  World world;
  auto& instance = world.add("a");
  world.send();
  world.run_until_done();
  instance.fail_once("group_metadata", absl::StatusCode::kUnavailable);
  world.send();
  world.run_until([&] { return world.log().count(kGivenUp) >= 1; });
  EXPECT_THAT(world.read("copies"), SizeIs(kBatch));
  world.run_until_done();
  world.expect_exact();
}

TEST(ExactlyOnce, ATransactionThatCannotBeAbortedIsLeftToAnotherProducer) {
  World world;
  auto& instance = world.add("a");
  world.send();
  world.run_until_done();
  instance.cluster().set_fault([](const Request& request) {
    const bool fails = request.what == "flush" || request.what == "abort_transaction";
    return fails ? absl::AbortedError("no") : absl::OkStatus();
  });
  world.send();
  world.run_until([&] { return world.log().count(kGivenUp) >= 2; });
  instance.cluster().clear_fault();
  world.run_until_done();
  world.expect_exact();
}

TEST(ExactlyOnce, ABrokerThatDoesNotAnswerIsWaitedFor) {
  World world;
  auto& instance = world.add("a");
  instance.cluster().set_fault([](const Request& request) {
    return request.what == "init_transactions" ? absl::UnavailableError("nobody") : absl::OkStatus();
  });
  world.send();
  world.run(500);
  EXPECT_THAT(world.read("copies", "read_uncommitted"), IsEmpty());
  EXPECT_EQ(world.log().count("warn"), 1) << world.log().text();
  instance.cluster().clear_fault();
  world.run_until_done();
  world.expect_exact();
}

TEST(ExactlyOnce, ATransactionThatTookTooLongIsDoneAgain) {
  World world;
  auto& instance = world.add("a");
  world.send();
  world.run_until_done();
  instance.cluster().set_fault([](const Request& request) {
    return request.what == "flush" ? absl::DeadlineExceededError("slow") : absl::OkStatus();
  });
  world.send();
  world.run(1200);
  instance.cluster().clear_fault();
  world.run_until_done();
  EXPECT_GE(world.log().count(kGivenUp), 1) << world.log().text();
  world.expect_exact();
}

TEST(ExactlyOnce, AProducerThatIsFencedIsReplaced) {
  World world;
  world.add("a");
  world.send();
  world.run_until_done();
  const auto other = world.broker().producer({{"transactional.id", "app-a-1"}}).value();
  ASSERT_TRUE(other->init_transactions(1s).ok());
  world.send();
  world.run_until_done();
  EXPECT_EQ(world.log().count(kGivenUp), 1) << world.log().text();
  world.expect_exact();
}

TEST(ExactlyOnce, AKilledInstanceGoesOnWhereItCommitted) {
  World world;
  auto& instance = world.add("a");
  world.send();
  world.run_until_done();
  world.send();
  world.run_until([&] { return world.read("copies", "read_uncommitted").size() > kBatch; });
  instance.kill();
  EXPECT_THAT(world.read("copies"), SizeIs(kBatch));
  instance.start();
  world.run_until_done();
  world.expect_exact();
  EXPECT_EQ(instance.restored(), 0U);
}

// Under at-least-once, too, the disk knows with each commit where it stands.
TEST(AtLeastOnce, AKilledInstanceRestoresNothingThatWasCommitted) {
  World world(StoreEngine::kRocksDb, {{"processing.guarantee", "at_least_once"}, {"commit.interval.ms", "100"}});
  auto& instance = world.add("a");
  for (int i = 0; i < 3; ++i) {
    world.send();
    world.run_until_done();
  }
  instance.kill();
  instance.start();
  world.send();
  world.run_until_done();
  EXPECT_EQ(instance.restored(), 0U);
  world.expect_exact();
}

TEST(ExactlyOnce, AfterAKillBetweenTransactionAndDiskOnlyThatTransactionIsRestored) {
  World world;
  auto& instance = world.add("a");
  for (int i = 0; i < 10; ++i) {
    world.send();
    world.run_until_done();
  }
  world.send(5);
  // The broker has committed the transaction, and the disk has nothing of it.
  bool killed = false;
  instance.cluster().set_fault([&](const Request& request) {
    if (request.what != "answer" || world.counts() != world.truth()) return absl::OkStatus();
    killed = true;
    return absl::UnavailableError("killed");
  });
  world.run_until([&] { return killed; });
  instance.kill();
  instance.start();
  world.send();
  world.run_until_done();
  world.expect_exact();
  EXPECT_EQ(instance.restored(), 5U);
}

TEST(ExactlyOnce, AStoppedInstanceRestoresNothing) {
  World world;
  auto& instance = world.add("a");
  world.send();
  world.run_until_done();
  world.send();
  world.run(3);
  instance.stop();
  instance.start();
  world.run_until_done();
  EXPECT_EQ(instance.restored(), 0U);
  world.expect_exact();
}

TEST(ExactlyOnce, AnotherInstanceTakesOverFromOneThatWasKilled) {
  World world;
  auto& first = world.add("a");
  world.send();
  world.run_until_done();
  world.send();
  world.run_until([&] { return world.read("copies", "read_uncommitted").size() > kBatch; });
  first.kill();
  auto& second = world.add("b");
  world.run_until_done();
  world.expect_exact();
  EXPECT_EQ(second.restored(), kKeys);
  second.stop();
  world.expect_stores_are_the_fold_of_their_changelogs(second);
}

// Somebody who had a task before has sent the offsets of one record more, and not yet what that record changes.
TEST(ExactlyOnce, ARestoreWaitsForATransactionThatIsAboutToCommit) {
  World world;
  auto& first = world.add("a");
  world.send();
  world.run_until_done();
  first.stop();
  const Bytes key = "k0";
  const Partition partition = partition_for(key, kPartitions);
  const TopicPartition input{"app-counts-repartition", partition};
  const Offset end = world.admin().offsets(input, 1s).value().end;
  world.append(input.topic, key, "0");
  const auto owner = world.broker().producer({{"transactional.id", "app-owner-1"}}).value();
  ASSERT_TRUE(owner->init_transactions(1s).ok());
  ASSERT_TRUE(owner->begin_transaction().ok());
  const std::vector<CommittedOffset> offsets = {{.partition = input, .offset = end + 1}};
  ASSERT_TRUE(owner->send_offsets(offsets, {.group_id = "app"}, 1s).ok());

  auto& second = world.add("b");
  world.run_until([&] { return world.log().count("warn: does not succeed yet and is tried again") > 0; });
  const Bytes count = world.encoded(world.truth().at(key) + 1);
  ASSERT_TRUE(world.append(*owner, "app-counts-changelog", key, count).ok());
  ASSERT_TRUE(owner->commit_transaction(1s).ok());
  world.send();
  Counts expected = world.truth();
  ++expected.at(key);
  world.run_until([&] { return world.counts() == expected; });
  second.stop();
  world.expect_stores_are_the_fold_of_their_changelogs(second);
}

TEST(ExactlyOnce, WhatAnInstanceDoesThatIsNoMemberAnyMoreHasNoEffect) {
  World world;
  auto& zombie = world.add("a");
  world.send();
  world.run_until_done();
  world.send();
  world.run_until([&] { return world.read("copies", "read_uncommitted").size() > kBatch; });
  // It sleeps until another one has done its work.
  World::Instance other(world, "b");
  const auto run_other = [&] {
    world.clock().advance(kRound);
    other.round();
  };
  for (int i = 0; i < 20'000 && world.counts() != world.truth(); ++i) run_other();
  EXPECT_EQ(world.counts(), world.truth());
  world.run(100);
  world.send();
  for (int i = 0; i < 20'000 && world.counts() != world.truth(); ++i) {
    run_other();
    world.run();
  }
  world.expect_exact();
  zombie.stop();
  other.stop();
  world.expect_exact();
}

TEST(ExactlyOnce, TasksMoveToAnInstanceThatJoins) {
  World world;
  auto& first = world.add("a");
  world.send();
  world.run_until_done();
  world.send();
  world.run(3);
  auto& second = world.add("b");
  world.send();
  world.run_until_done();
  world.run_until([&] { return second.state() == ThreadState::kRunning; });
  world.send();
  world.run_until_done();
  EXPECT_GT(second.processed(), 0U);
  first.stop();
  world.send();
  world.run_until_done();
  world.expect_exact();
}

}  // namespace
}  // namespace levada::testing
