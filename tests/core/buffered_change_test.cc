#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/core/big_endian.h>
#include <levada/core/buffered_change.h>
#include <levada/core/serde_traits.h>

namespace levada {
namespace {

Timestamp ms(std::int64_t time) { return Timestamp(Duration(time)); }

const TopicPartition kSource = {"in", 3};
const Headers kHeaders = {{"h", "1"}, {"n", std::nullopt}};
const RecordContext kRecord = {.timestamp = ms(7), .source = &kSource, .offset = 42, .headers = &kHeaders};

Bytes sized(NullableView bytes) {
  Bytes out;
  append_big_endian<std::int32_t>(bytes ? static_cast<std::int32_t>(bytes->size()) : -1, out);
  return out + Bytes(bytes.value_or(""));
}

Bytes time_bytes(std::int64_t time) {
  Bytes out;
  append_big_endian(time, out);
  return out;
}

Bytes context_bytes() {
  Bytes out;
  append_record_context(kRecord, out);
  return out;
}

Bytes old_change() { return sized("o") + sized("n"); }

Bytes version_3(NullableView prior) {
  Bytes out;
  append_buffered_change(kRecord, {.prior = prior, .before = "o", .after = "n", .time = ms(9)}, out);
  return out;
}

TEST(BufferedChange, ReadsWhatItWrote) {
  const Bytes bytes = version_3("p");
  const BufferedChange change = read_buffered_change(bytes);
  EXPECT_EQ(change.prior, "p");
  EXPECT_EQ(change.before, "o");
  EXPECT_EQ(change.after, "n");
  EXPECT_EQ(change.time, ms(9));
  EXPECT_EQ(read_buffered_time(bytes), ms(9));
  const StoredContext context = read_record_context(change.context);
  EXPECT_EQ(context.timestamp, ms(7));
  EXPECT_EQ(context.source, kSource);
  EXPECT_EQ(context.offset, 42);
  EXPECT_EQ(context.headers, kHeaders);
}

TEST(BufferedChange, WritesARowThatIsThePriorOneOnce) {
  EXPECT_LT(version_3("o").size(), version_3("p").size() + 1);
  EXPECT_EQ(read_buffered_change(version_3("o")).before, "o");
}

TEST(BufferedChange, UpgradesWhatHasNoVersion) {
  const Bytes upgraded = upgraded_buffered_change(std::nullopt, time_bytes(9) + old_change(), ms(5));
  const BufferedChange change = read_buffered_change(upgraded);
  EXPECT_EQ(change.prior, "o");
  EXPECT_EQ(change.after, "n");
  EXPECT_EQ(change.time, ms(9));
  EXPECT_EQ(read_record_context(change.context).timestamp, ms(5));
}

TEST(BufferedChange, UpgradesVersion1) {
  const Bytes old = time_bytes(9) + context_bytes() + sized(old_change());
  EXPECT_EQ(upgraded_buffered_change("\1", old, ms(5)), version_3("o"));
}

TEST(BufferedChange, UpgradesVersion2) {
  const Bytes old = context_bytes() + sized(old_change()) + sized("p") + time_bytes(9);
  EXPECT_EQ(upgraded_buffered_change("\2", old, ms(5)), version_3("p"));
}

TEST(BufferedChange, Version2MayBeVersion3) {
  EXPECT_EQ(upgraded_buffered_change("\2", version_3("p"), ms(5)), version_3("p"));
}

TEST(BufferedChange, ThrowsForWhatIsNone) {
  EXPECT_THROW(upgraded_buffered_change("\3", "short", ms(5)), SerdeError);
  EXPECT_THROW(upgraded_buffered_change("\4", version_3("p"), ms(5)), SerdeError);
  EXPECT_THROW(upgraded_buffered_change("\3", version_3("p") + "x", ms(5)), SerdeError);
  EXPECT_THROW(upgraded_buffered_change(std::nullopt, "", ms(5)), SerdeError);
}

// 8 for the time, the key, the values, and 8 + 8 + 4 for the context with its topic and headers.
TEST(BufferedChange, CountsItsSizeAsKafkaStreamsDoes) {
  EXPECT_EQ(buffered_change_size("key", version_3("p")), 8U + 3 + 3 + 20 + 2 + 3);
  EXPECT_EQ(buffered_change_size("key", version_3("o")), 8U + 3 + 2 + 20 + 2 + 3);
}

}  // namespace
}  // namespace levada
