#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/runtime/embedded/partition_log.h>

namespace levada::internal::embedded {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr Timestamp kNow{Duration(1h)};

// Reads as a consumer does: chunk after chunk, from where it stands.
std::vector<Offset> offsets_from(const PartitionLog& log, Offset from, ReadCursor& cursor) {
  std::vector<Offset> offsets;
  Bytes copy;
  StoredRecord record;
  while (from < log.end()) {
    const LogSlice slice = log.read(from, cursor, copy);
    for (std::size_t at = 0; at < copy.size();) {
      const std::size_t next = decode_record(copy, at, slice.base, record);
      offsets.push_back(record.offset);
      cursor.byte += next - at;
      at = next;
    }
    from = cursor.offset = slice.end;
  }
  return offsets;
}

std::vector<Offset> offsets_from(const PartitionLog& log, Offset from) {
  ReadCursor cursor;
  return offsets_from(log, from, cursor);
}

void append(PartitionLog& log, int count, std::size_t size = 10) {
  const std::string value(size, 'v');
  for (int i = 0; i < count; ++i) log.append({.timestamp = kNow, .key = "k", .value = value});
}

TEST(PartitionLog, CountsOffsetsFromZero) {
  PartitionLog log;

  append(log, 3);

  EXPECT_THAT(offsets_from(log, 0), ElementsAre(0, 1, 2));
  EXPECT_EQ(log.end(), 3);
}

TEST(PartitionLog, IsReadAcrossChunks) {
  PartitionLog log;

  append(log, 10'000, 100);

  const std::vector<Offset> offsets = offsets_from(log, 4'321);
  ASSERT_EQ(offsets.size(), 10'000u - 4'321u);
  EXPECT_EQ(offsets.front(), 4'321);
  EXPECT_EQ(offsets.back(), 9'999);
}

TEST(PartitionLog, CursorGoesOnAfterMoreWasAppended) {
  PartitionLog log;
  ReadCursor cursor;
  append(log, 700, 100);
  EXPECT_EQ(offsets_from(log, 0, cursor).size(), 700u);

  append(log, 700, 100);

  EXPECT_EQ(offsets_from(log, 700, cursor).size(), 700u);
}

TEST(PartitionLog, CursorFindsItsWayAfterRecordsWereDeleted) {
  PartitionLog log;
  ReadCursor cursor;
  append(log, 2'000, 100);
  Bytes copy;
  log.read(0, cursor, copy);

  log.delete_before(1'990);

  EXPECT_EQ(offsets_from(log, 1'990, cursor).size(), 10u);
  EXPECT_EQ(log.range(IsolationLevel::kReadCommitted), (OffsetRange{1'990, 2'000}));
}

TEST(PartitionLog, FreesWhatWasDeleted) {
  PartitionLog log;
  append(log, 10'000, 100);
  const std::size_t before = log.bytes();

  log.delete_before(9'999);

  EXPECT_LT(log.bytes(), before / 10);
}

TEST(PartitionLog, RecordLargerThanAChunkHasOneOfItsOwn) {
  PartitionLog log;
  append(log, 1);
  append(log, 1, 500'000);
  append(log, 1);

  EXPECT_THAT(offsets_from(log, 0), ElementsAre(0, 1, 2));
}

TEST(PartitionLog, EndsForReadersAtTheOldestOpenTransaction) {
  PartitionLog log;
  append(log, 1);
  log.append({.timestamp = kNow, .value = "first", .producer = 1});
  log.append({.timestamp = kNow, .value = "second", .producer = 2});
  EXPECT_EQ(log.visible_end(IsolationLevel::kReadCommitted), 1);
  EXPECT_EQ(log.visible_end(IsolationLevel::kReadUncommitted), 3);

  log.end_transaction(1, TransactionResult::kCommit, kNow);
  EXPECT_EQ(log.visible_end(IsolationLevel::kReadCommitted), 2);

  log.end_transaction(2, TransactionResult::kAbort, kNow);
  EXPECT_EQ(log.visible_end(IsolationLevel::kReadCommitted), 5);
}

TEST(PartitionLog, KeepsRetentionBytesAtAllTimes) {
  PartitionLog log;
  const std::string value(1000, 'v');

  for (int i = 0; i < 10'000; ++i) {
    log.append({.timestamp = kNow, .value = value}, 500'000);
    ASSERT_LT(log.bytes(), 500'000u + 2 * 64 * 1024);
  }

  EXPECT_GT(log.begin(), 9'000);
  EXPECT_EQ(offsets_from(log, log.begin()).back(), 9'999);
}

TEST(PartitionLog, RetentionBytesSpareAnOpenTransaction) {
  PartitionLog log;
  const std::string value(1000, 'v');
  log.append({.timestamp = kNow, .value = value, .producer = 1});

  for (int i = 0; i < 1'000; ++i) log.append({.timestamp = kNow, .value = value}, 1'000);

  EXPECT_EQ(log.begin(), 0);
}

}  // namespace
}  // namespace levada::internal::embedded
