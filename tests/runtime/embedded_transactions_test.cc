// Transactions against a clock of one's own.

#include <string>

#include "tests/runtime/embedded_test_clients.h"

namespace levada::testing {
namespace {

using ::testing::ElementsAre;

class EmbeddedTransactions : public ::testing::Test {
 protected:
  void SetUp() override {
    world.create("t");
    writer = world.cluster.producer({{"transactional.id", "x"}, {"transaction.timeout.ms", "10000"}}).value();
    ASSERT_TRUE(writer->init_transactions(1s).ok());
    ASSERT_TRUE(writer->begin_transaction().ok());
  }

  EmbeddedWorld world;
  std::unique_ptr<Producer> writer;
};

TEST_F(EmbeddedTransactions, ThatTakeTooLongAreAbortedAndTheirProducerFenced) {
  EmbeddedWorld::send(*writer, "t", {.value = "slow"});
  world.send("t", {.value = "after"});

  world.clock.advance(11s);

  EXPECT_THAT(world.read("t").values, ElementsAre("after"));
  const absl::Status late = writer->commit_transaction(1s);
  EXPECT_TRUE(absl::IsFailedPrecondition(late)) << late;
}

TEST_F(EmbeddedTransactions, TimeRunsFromTheFirstRecord) {
  world.clock.advance(11s);
  EmbeddedWorld::send(*writer, "t", {.value = "first"});
  world.clock.advance(9s);

  EXPECT_TRUE(writer->commit_transaction(1s).ok());
}

TEST_F(EmbeddedTransactions, FencedProducerCanSendNoMore) {
  const std::unique_ptr<Producer> successor = world.cluster.producer({{"transactional.id", "x"}}).value();
  ASSERT_TRUE(successor->init_transactions(1s).ok());

  const absl::Status sent = writer->send({.topic = writer->topic("t", 1s).value(), .partition = 0, .value = "zombie"});

  EXPECT_TRUE(absl::IsFailedPrecondition(sent)) << sent;
  EXPECT_EQ(world.range("t"), (OffsetRange{0, 0}));
}

TEST_F(EmbeddedTransactions, OffsetsAboutToChangeAreNotToldToWhoReadsCommitted) {
  const GroupMetadata group = {.group_id = "g"};
  ASSERT_TRUE(writer->send_offsets({{.partition = {"t", 0}, .offset = 5}}, group, 1s).ok());
  const std::unique_ptr<Consumer> committed = world.cluster.consumer({{"group.id", "g"}}).value();
  const std::unique_ptr<Consumer> uncommitted =
      world.cluster.consumer({{"group.id", "g"}, {"isolation.level", "read_uncommitted"}}).value();

  EXPECT_TRUE(absl::IsDeadlineExceeded(committed->committed({{"t", 0}}, 1s).status()));
  EXPECT_EQ(uncommitted->committed({{"t", 0}}, 1s).value()[0].offset, kUnknownOffset);
  ASSERT_TRUE(writer->commit_transaction(1s).ok());
  EXPECT_EQ(committed->committed({{"t", 0}}, 1s).value()[0].offset, 5);
}

TEST_F(EmbeddedTransactions, MustBeAbortedAfterTheirOffsetsWereRefused) {
  const GroupMetadata stranger = {.group_id = "g", .generation = 7, .member_id = "stranger"};
  EXPECT_TRUE(absl::IsAborted(writer->send_offsets({{.partition = {"t", 0}, .offset = 5}}, stranger, 1s)));

  EXPECT_TRUE(absl::IsAborted(writer->commit_transaction(1s)));
  EXPECT_TRUE(writer->abort_transaction(1s).ok());
  EXPECT_TRUE(writer->begin_transaction().ok());
}

TEST_F(EmbeddedTransactions, EndInATopicThatWasDeletedMeanwhile) {
  EmbeddedWorld::send(*writer, "t", {});

  ASSERT_TRUE(world.admin->delete_topics({"t"}, 1s).ok());

  EXPECT_TRUE(writer->commit_transaction(1s).ok());
}

TEST_F(EmbeddedTransactions, CallsOutOfTurnSayWhatIsMissing) {
  EXPECT_THAT(std::string(writer->begin_transaction().message()), ::testing::HasSubstr("a transaction is open"));
  ASSERT_TRUE(writer->commit_transaction(1s).ok());
  EXPECT_THAT(std::string(writer->commit_transaction(1s).message()), ::testing::HasSubstr("no transaction has begun"));
  EXPECT_THAT(std::string(world.producer->begin_transaction().message()),
              ::testing::HasSubstr("transactional.id is not set"));
}

}  // namespace
}  // namespace levada::testing
