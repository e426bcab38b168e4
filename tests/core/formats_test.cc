// The formats of bytes where Kafka's vectors (tests/conformance) do not reach: bytes that are broken.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/core/murmur2.h>
#include <levada/core/offset_metadata.h>
#include <levada/core/outer_join.h>
#include <levada/core/serde_traits.h>
#include <levada/core/value_and_timestamp.h>
#include <levada/core/varint.h>
#include <levada/core/window_key.h>

namespace levada {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

constexpr Timestamp at(std::int64_t millis) { return Timestamp(Duration(millis)); }

TEST(Varint, ReadsWhatItWrites) {
  for (std::int32_t value : {0, 1, -1, 63, 64, -64, -65, 8191, 8192, 1 << 30, INT32_MAX, INT32_MIN}) {
    Bytes bytes;
    append_varint(value, bytes);
    BytesView rest = bytes;
    EXPECT_EQ(read_varint(rest), value);
    EXPECT_TRUE(rest.empty());
  }
}

TEST(Varint, RefusesToRunPastTheEnd) {
  for (BytesView bytes : {BytesView(""), BytesView("\x80"), BytesView("\xff\xff\xff\xff\xff\1")}) {
    EXPECT_THROW(read_varint(bytes), SerdeError);
  }
}

TEST(Murmur2, TakesTheKeyWithoutItsWindow) {
  EXPECT_EQ(partition_for("key12345678", 50, 8), partition_for("key", 50));
  EXPECT_EQ(partition_for("", 1), 0);
}

TEST(WindowKey, SaysWhatIsMissing) {
  EXPECT_THAT([] { read_window_key("short"); },
              ThrowsMessage<SerdeError>(HasSubstr("window key: expected at least 12 bytes, found 5")));
  EXPECT_THROW(read_session_key("0123456789abcde"), SerdeError);
  EXPECT_THROW(read_time_first_window_key(""), SerdeError);
  EXPECT_THAT([] { read_key_first_window_key(Bytes(20, '\7')); },
              ThrowsMessage<SerdeError>(HasSubstr("expected first byte 01, found 07")));
}

// The range of a key holds all its entries, whatever other keys lie between.
TEST(WindowKey, RangesHoldEveryEntryOfTheKey) {
  const std::vector<Bytes> keys = {"", "a", "ab", std::string("a\0", 2), "\xff", "\xff\xff", "a\x7f", "zz\x01"};
  for (const Bytes& key : keys) {
    const KeyRange range = key_range(KeySchema::kWindow, key, at(10), at(1'700'000'000'000));
    for (Timestamp start : {at(10), at(500), at(1'700'000'000'000)}) {
      Bytes entry;
      append_window_key({key, start, 3}, entry);
      EXPECT_LE(*range.lower, entry);
      EXPECT_GE(*range.upper, entry);
    }
  }
}

TEST(ValueAndTimestamp, RefusesFewerThanEightBytes) {
  EXPECT_THAT([] { read_value_and_timestamp("1234567"); },
              ThrowsMessage<SerdeError>(HasSubstr("expected at least 8 bytes, found 7")));
}

TEST(OuterJoin, RefusesBytesThatAreNoEntry) {
  EXPECT_THROW(read_outer_join_key("12345678"), SerdeError);
  EXPECT_THROW(read_outer_join_key("12345678\2key"), SerdeError);
  EXPECT_THROW(read_outer_join_value(""), SerdeError);
  EXPECT_THROW(read_list_value(Bytes("\1\0\0\0\1\xff\xff\xff\xff", 9)), NullValueError);
}

TEST(OffsetMetadata, TakesWhateverItCannotReadForNothingKnown) {
  const std::string good = encode_offset_metadata({.partition_time = at(5), .processor_times = {{"store", at(4)}}});
  ASSERT_EQ(decode_offset_metadata(good).processor_times.at("store"), at(4));
  for (std::size_t size = 1; size < good.size(); ++size) {
    const OffsetMetadata metadata = decode_offset_metadata(good.substr(0, size));
    EXPECT_TRUE(metadata.processor_times.empty()) << size;
  }
}

}  // namespace
}  // namespace levada
