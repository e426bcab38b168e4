#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/state/change_buffer.h>

#include "tests/state/test_state.h"

namespace levada {
namespace {

using ::levada::testing::Logged;
using ::levada::testing::ms;
using ::levada::testing::TestState;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Buffered {
  ChangeBuffer& buffer() { return state.store<ChangeBuffer>("b"); }

  void put(BytesView key, BytesView after, std::int64_t time, NullableView before = std::nullopt) {
    buffer().put(key, {.before = before, .after = after, .time = ms(time)}, {.timestamp = ms(time), .source = &source});
  }

  std::vector<std::string> evict_until(std::int64_t due) {
    std::vector<std::string> evicted;
    buffer().evict_while([&] { return *buffer().earliest() <= ms(due); },
                         [&](BytesView key, const BufferedChange& change) {
                           evicted.push_back(std::string(key) + "=" + std::string(change.after.value_or("null")));
                         });
    return evicted;
  }

  TopicPartition source = {"in", 0};
  TestState state{{ChangeBuffer::spec("b", {})}};
};

TEST(ChangeBuffer, HandsOutTheLastChangesInTheOrderOfTheFirst) {
  Buffered run;
  run.put("b", "1", 20);
  run.put("a", "2", 30);
  run.put("c", "3", 10);
  run.put("b", "4", 40);
  EXPECT_EQ(run.buffer().earliest(), ms(10));
  EXPECT_EQ(run.buffer().size(), 3U);
  EXPECT_THAT(run.evict_until(25), ElementsAre("c=3", "b=4"));
  EXPECT_THAT(run.evict_until(100), ElementsAre("a=2"));
  EXPECT_EQ(run.buffer().earliest(), std::nullopt);
}

TEST(ChangeBuffer, CountsItsBytes) {
  Buffered run;
  run.put("k", "12345", 1);
  EXPECT_EQ(run.buffer().bytes(), 8U + 1 + 5 + 20 + 2);
  run.put("k", "1", 2);
  EXPECT_EQ(run.buffer().bytes(), 8U + 1 + 1 + 20 + 2);
  run.evict_until(100);
  EXPECT_EQ(run.buffer().bytes(), 0U);
}

TEST(ChangeBuffer, KnowsTheRowFromBefore) {
  Buffered run;
  NullableBytes prior;
  EXPECT_FALSE(run.buffer().get_prior("a", prior));
  run.put("a", "2", 1, "1");
  run.put("a", "3", 2, "2");
  EXPECT_TRUE(run.buffer().get_prior("a", prior));
  EXPECT_EQ(prior, "1");
}

TEST(ChangeBuffer, LogsEachKeyOnceACommitWithoutATime) {
  Buffered run;
  run.put("a", "1", 1);
  run.put("a", "2", 2);
  run.put("b", "3", 9);
  run.evict_until(5);
  const std::vector<Logged> changes = run.state.changes("b");
  ASSERT_EQ(changes.size(), 2U);
  EXPECT_EQ(changes[0], (Logged{"a", std::nullopt, kNoTimestamp}));
  EXPECT_EQ(changes[1].key, "b");
  EXPECT_EQ(read_buffered_change(*changes[1].value).after, "3");
  EXPECT_EQ(run.state.host("b").changelog_headers(), (Headers{{"v", "\3"}}));
}

TEST(ChangeBuffer, IsRestoredFromItsChangelog) {
  Buffered run;
  run.put("a", "1", 1);
  run.put("b", "2", 2);
  const std::vector<Logged> changes = run.state.changes("b");
  run.state.reopen();
  const Headers version = {{"v", "\3"}};
  std::vector<RestoreRecord> records;
  for (const Logged& change : changes) records.push_back({change.key, *change.value, ms(0), &version});
  ASSERT_TRUE(run.state->restore("b", records, 2).ok());
  EXPECT_THAT(run.evict_until(100), ElementsAre("a=1", "b=2"));
}

TEST(ChangeBuffer, TellsAChangelogThatIsNone) {
  Buffered run;
  const Headers version = {{"v", "\3"}};
  const std::vector<RestoreRecord> records = {{"a", "nonsense", ms(0), &version}};
  EXPECT_TRUE(absl::IsDataLoss(run.state->restore("b", records, 1)));
}

TEST(ChangeBuffer, ForgetsWithTheTransaction) {
  Buffered run;
  run.put("a", "1", 1);
  run.state.commit();
  run.put("b", "2", 2);
  run.evict_until(1);
  run.state->discard();
  EXPECT_THAT(run.evict_until(100), ElementsAre("a=1"));
  EXPECT_THAT(run.evict_until(100), IsEmpty());
}

TEST(ChangeBuffer, CountsInTheMemoryBudget) {
  Buffered run;
  run.put("a", std::string(100'000, 'x'), 1);
  run.state.commit();
  run.state->settle_budget();
  EXPECT_GT(run.state.budget.committed_values().used(), 100'000U);
  run.evict_until(100);
  run.state.commit();
  run.state->settle_budget();
  EXPECT_LT(run.state.budget.committed_values().used(), 1'000U);
}

}  // namespace
}  // namespace levada
