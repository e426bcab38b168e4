#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/state/memory_store.h>
#include <levada/state/write_buffer.h>

namespace levada {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

using Entries = std::vector<std::pair<Bytes, Bytes>>;

Entries walk(const WriteBuffer& buffer, const ByteRange& range = {}, Direction direction = Direction::kForward) {
  Entries entries;
  for (auto at = buffer.range(range, direction); at->valid(); at->next()) {
    entries.emplace_back(at->key(), at->value());
  }
  return entries;
}

std::vector<Bytes> unlogged(WriteBuffer& buffer) {
  std::vector<Bytes> keys;
  buffer.for_each_unlogged([&](const WriteBuffer::Entry& entry) { keys.emplace_back(entry.key); });
  return keys;
}

class WriteBufferTest : public ::testing::Test {
 protected:
  WriteBufferTest() {
    engine.put("a", "old a");
    engine.put("c", "old c");
  }

  NullableBytes get(BytesView key) const {
    Bytes value;
    return buffer.get(key, value) ? NullableBytes(value) : std::nullopt;
  }

  MemoryStore engine;
  RecordContext context;
  WriteBuffer buffer{engine};
};

TEST_F(WriteBufferTest, ReadsTheEngineWhereNothingWasWritten) {
  EXPECT_EQ(get("a"), "old a");
  EXPECT_EQ(get("b"), std::nullopt);
}

TEST_F(WriteBufferTest, ReadsItsOwnWrites) {
  buffer.put("a", "new a", context);
  EXPECT_EQ(get("a"), "new a");
}

TEST_F(WriteBufferTest, HidesTheEngineBehindATombstone) {
  buffer.put("a", std::nullopt, context);
  EXPECT_EQ(get("a"), std::nullopt);
  EXPECT_THAT(walk(buffer), ElementsAre(Pair("c", "old c")));
}

TEST_F(WriteBufferTest, KeepsEmptyApartFromNull) {
  buffer.put("a", "", context);
  EXPECT_EQ(get("a"), "");
}

TEST_F(WriteBufferTest, WalksBothAsOneMap) {
  buffer.put("b", "new b", context);
  buffer.put("c", "new c", context);
  EXPECT_THAT(walk(buffer), ElementsAre(Pair("a", "old a"), Pair("b", "new b"), Pair("c", "new c")));
}

TEST_F(WriteBufferTest, WalksBackwards) {
  buffer.put("b", "new b", context);
  EXPECT_THAT(walk(buffer, {}, Direction::kBackward),
              ElementsAre(Pair("c", "old c"), Pair("b", "new b"), Pair("a", "old a")));
}

TEST_F(WriteBufferTest, WalksFromInclusiveToExclusive) {
  buffer.put("b", "new b", context);
  EXPECT_THAT(walk(buffer, {.from = "a", .to = "b"}), ElementsAre(Pair("a", "old a")));
  EXPECT_THAT(walk(buffer, {.from = "b", .to = "c"}, Direction::kBackward), ElementsAre(Pair("b", "new b")));
  EXPECT_THAT(walk(buffer, {.from = "c", .to = "a"}), IsEmpty());
}

TEST_F(WriteBufferTest, OrdersBytesUnsigned) {
  buffer.put("\xff", "high", context);
  buffer.put(BytesView("a\0", 2), "longer", context);
  EXPECT_THAT(walk(buffer), ElementsAre(Pair("a", "old a"), Pair(Bytes("a\0", 2), "longer"), Pair("c", "old c"),
                                        Pair("\xff", "high")));
}

TEST_F(WriteBufferTest, OrdersLongKeysWithACommonBeginning) {
  const Bytes common(40, 'k');
  buffer.put(common + "2", "two", context);
  buffer.put(common + "1", "one", context);
  EXPECT_THAT(walk(buffer, {.from = "k"}), ElementsAre(Pair(common + "1", "one"), Pair(common + "2", "two")));
}

TEST_F(WriteBufferTest, AWalkSeesWhatIsWrittenAhead) {
  auto at = buffer.range({}, Direction::kForward);
  buffer.put("b", "new b", context);
  at->next();
  EXPECT_EQ(at->key(), "b");
}

TEST_F(WriteBufferTest, AWalkMayEraseWhatItStandsOn) {
  buffer.put("b", "new b", context);
  std::size_t steps = 0;
  for (auto at = buffer.range({}, Direction::kForward); at->valid(); at->next(), ++steps) {
    buffer.put(Bytes(at->key()), std::nullopt, context);
  }
  EXPECT_EQ(steps, 3);
  EXPECT_THAT(walk(buffer), IsEmpty());
}

TEST_F(WriteBufferTest, AWalkGoesOnAfterACommit) {
  buffer.put("b", "new b", context);
  auto forward = buffer.range({}, Direction::kForward);
  auto backward = buffer.range({}, Direction::kBackward);
  engine.put("b", "new b");
  buffer.clear();
  forward->next();
  backward->next();
  EXPECT_EQ(forward->key(), "b");
  EXPECT_EQ(backward->key(), "b");
}

TEST_F(WriteBufferTest, AWalkStandsOnCopies) {
  buffer.put("b", "before", context);
  auto at = buffer.range({.from = "b"}, Direction::kForward);
  buffer.put("b", "a longer value that needs memory of its own", context);
  EXPECT_EQ(at->value(), "before");
}

TEST_F(WriteBufferTest, LogsInTheOrderOfTheLastWrite) {
  buffer.put("a", "1", context);
  buffer.put("b", "2", context);
  buffer.put("a", "3", context);
  EXPECT_THAT(unlogged(buffer), ElementsAre("b", "a"));
}

TEST_F(WriteBufferTest, LogsEachWriteOnce) {
  buffer.put("a", "1", context);
  unlogged(buffer);
  EXPECT_THAT(unlogged(buffer), IsEmpty());
  buffer.put("a", "2", context);
  EXPECT_THAT(unlogged(buffer), ElementsAre("a"));
}

TEST_F(WriteBufferTest, AWriteThatTheLogRefusesStaysUnlogged) {
  buffer.put("a", "1", context);
  EXPECT_THROW(buffer.for_each_unlogged([](const WriteBuffer::Entry&) { throw std::runtime_error("full"); }),
               std::runtime_error);
  EXPECT_THAT(unlogged(buffer), ElementsAre("a"));
}

TEST_F(WriteBufferTest, StoresInTheOrderOfKeys) {
  buffer.put("b", "2", context);
  buffer.put("a", std::nullopt, context);
  std::vector<std::pair<Bytes, bool>> stored;
  buffer.for_each_stored([&](BytesView key, NullableView value) { stored.emplace_back(key, value.has_value()); });
  EXPECT_THAT(stored, ElementsAre(Pair("a", false), Pair("b", true)));
}

TEST_F(WriteBufferTest, LogOnlyEntriesAreLoggedAndNeverStored) {
  buffer.put_log_only("b", "2", context);
  EXPECT_EQ(get("b"), std::nullopt);
  EXPECT_THAT(unlogged(buffer), ElementsAre("b"));
  buffer.for_each_stored([](BytesView, NullableView) { FAIL(); });
}

TEST_F(WriteBufferTest, KeepsTheContextOfTheLastWrite) {
  const TopicPartition source{"orders", 3};
  Headers headers = {{"id", "7"}};
  buffer.put("a", "1", {.timestamp = Timestamp(Duration(1))});
  buffer.put("a", "2", {.timestamp = Timestamp(Duration(2)), .source = &source, .offset = 5, .headers = &headers});
  headers.clear();
  buffer.for_each_unlogged([&](const WriteBuffer::Entry& entry) {
    const RecordContext kept = entry.context();
    EXPECT_EQ(kept.timestamp, Timestamp(Duration(2)));
    EXPECT_EQ(*kept.source, source);
    EXPECT_EQ(kept.offset, 5);
    EXPECT_THAT(*kept.headers, ElementsAre(Header{"id", "7"}));
  });
}

TEST_F(WriteBufferTest, CountsBytesUpAndDown) {
  const std::size_t empty = buffer.bytes();
  buffer.put("a", Bytes(1000, 'x'), context);
  EXPECT_GT(buffer.bytes(), 1000);
  buffer.put("a", "x", context);
  EXPECT_LT(buffer.bytes(), 1000);
  buffer.clear();
  EXPECT_EQ(buffer.bytes(), empty);
}

TEST_F(WriteBufferTest, ClearingForgetsTheChanges) {
  buffer.put("a", "1", context);
  buffer.clear();
  EXPECT_EQ(get("a"), "old a");
  EXPECT_THAT(unlogged(buffer), IsEmpty());
}

TEST_F(WriteBufferTest, WhatWasCommittedIsReadWithoutTheEngine) {
  buffer.put("a", "1", context);
  buffer.set_committed(true);
  EXPECT_EQ(get("a"), "1");  // the engine still has "old a"
  EXPECT_THAT(walk(buffer), ElementsAre(Pair("a", "1"), Pair("c", "old c")));
}

TEST_F(WriteBufferTest, ACommittedDeletionIsReadWithoutTheEngine) {
  buffer.put("a", std::nullopt, context);
  buffer.put_log_only("b", "2", context);
  buffer.set_committed(true);
  EXPECT_EQ(get("a"), std::nullopt);
  EXPECT_EQ(get("b"), std::nullopt);
}

TEST_F(WriteBufferTest, WhatWasCommittedIsNoChange) {
  buffer.put("a", "1", context);
  buffer.set_committed(true);
  EXPECT_TRUE(buffer.empty());
  EXPECT_EQ(buffer.bytes(), 0);
  EXPECT_GT(buffer.committed_bytes(), 0);
  EXPECT_THAT(unlogged(buffer), IsEmpty());
  buffer.for_each_stored([](BytesView, NullableView) { FAIL(); });
}

TEST_F(WriteBufferTest, WhatWasCommittedMayChangeAgain) {
  buffer.put("a", "1", context);
  buffer.put("b", "2", context);
  buffer.set_committed(true);
  buffer.put("a", "3", context);
  EXPECT_EQ(get("a"), "3");
  EXPECT_THAT(unlogged(buffer), ElementsAre("a"));
  std::vector<std::pair<Bytes, NullableBytes>> stored;
  buffer.for_each_stored([&](BytesView key, NullableView value) { stored.emplace_back(key, value); });
  EXPECT_THAT(stored, ElementsAre(Pair("a", "3")));
}

TEST_F(WriteBufferTest, ACommitThatKeepsNothingForgetsOlderOnesToo) {
  buffer.put("a", "1", context);
  buffer.set_committed(true);
  buffer.put("c", "3", context);
  buffer.set_committed(false);
  EXPECT_EQ(get("a"), "old a");
  EXPECT_EQ(get("c"), "old c");
  EXPECT_EQ(buffer.committed_bytes(), 0);
}

TEST_F(WriteBufferTest, AnAbortForgetsWhatWasCommitted) {
  buffer.put("a", "1", context);
  buffer.set_committed(true);
  engine.put("a", "1");
  buffer.put("a", "2", context);
  buffer.clear();
  EXPECT_EQ(get("a"), "1");
}

TEST_F(WriteBufferTest, ARestoreForgetsWhatWasCommitted) {
  buffer.put("a", "1", context);
  buffer.set_committed(true);
  buffer.engine_changed();
  EXPECT_EQ(get("a"), "old a");
}

TEST_F(WriteBufferTest, AWalkGoesOnAfterACommitThatKeeps) {
  buffer.put("b", "new b", context);
  auto forward = buffer.range({}, Direction::kForward);
  engine.put("b", "new b");
  buffer.set_committed(true);
  forward->next();
  EXPECT_EQ(forward->key(), "b");
  forward->next();
  EXPECT_EQ(forward->key(), "c");
}

TEST_F(WriteBufferTest, CountsEntriesOnce) {
  buffer.put("a", "1", context);
  buffer.put("b", "2", context);
  buffer.put("c", std::nullopt, context);
  EXPECT_EQ(buffer.approximate_num_entries(), 2);
}

}  // namespace
}  // namespace levada
