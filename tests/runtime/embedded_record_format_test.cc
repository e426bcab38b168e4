#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/runtime/embedded/record_format.h>

namespace levada::internal::embedded {
namespace {

using namespace std::chrono_literals;

constexpr ChunkBase kBase = {.offset = 100, .timestamp = Timestamp(1000ms)};

StoredRecord round_trip(const StoredRecord& record, Bytes& chunk) {
  chunk = "already there";
  const std::size_t at = chunk.size();
  encode_record(record, kBase, chunk);
  StoredRecord decoded;
  EXPECT_EQ(decode_record(chunk, at, kBase, decoded), chunk.size());
  EXPECT_LE(chunk.size() - at, max_encoded_size(record));
  return decoded;
}

TEST(RecordFormat, KeepsEverythingOfARecord) {
  Bytes chunk;
  const StoredRecord decoded = round_trip({.offset = 1'000'000,
                                           .timestamp = Timestamp(5ms),
                                           .key = "key",
                                           .value = "value",
                                           .headers = "headers",
                                           .producer = 300,
                                           .delete_horizon = Timestamp(1h)},
                                          chunk);

  EXPECT_EQ(decoded.offset, 1'000'000);
  EXPECT_EQ(decoded.timestamp, Timestamp(5ms));
  EXPECT_EQ(decoded.key, "key");
  EXPECT_EQ(decoded.value, "value");
  EXPECT_EQ(decoded.headers, "headers");
  EXPECT_EQ(decoded.producer, 300);
  EXPECT_EQ(decoded.delete_horizon, Timestamp(1h));
  EXPECT_FALSE(decoded.control);
  EXPECT_FALSE(decoded.aborted);
}

TEST(RecordFormat, TellsNullFromEmpty) {
  Bytes chunk;

  EXPECT_EQ(round_trip({.offset = 100, .key = "", .value = std::nullopt}, chunk).key, "");
  EXPECT_EQ(round_trip({.offset = 100, .key = "", .value = std::nullopt}, chunk).value, std::nullopt);
  EXPECT_EQ(round_trip({.offset = 100, .key = std::nullopt, .value = ""}, chunk).key, std::nullopt);
  EXPECT_EQ(round_trip({.offset = 100, .key = std::nullopt, .value = ""}, chunk).value, "");
}

TEST(RecordFormat, CanBeMarkedAbortedInPlace) {
  Bytes chunk;
  encode_record({.offset = 100, .timestamp = kBase.timestamp, .value = "v", .producer = 0}, kBase, chunk);

  mark_aborted(chunk, 0);

  StoredRecord decoded;
  decode_record(chunk, 0, kBase, decoded);
  EXPECT_TRUE(decoded.aborted);
  EXPECT_EQ(decoded.value, "v");
}

TEST(RecordFormat, IsSmallForSmallRecords) {
  Bytes chunk;

  encode_record({.offset = 101, .timestamp = kBase.timestamp + 50ms, .key = "k", .value = "v"}, kBase, chunk);

  EXPECT_EQ(chunk.size(), 1u + 1 + 1 + 1 + 1 + 2);  // flags, offset, timestamp, two sizes, key and value
}

TEST(RecordFormat, HeadersComeBackInOrder) {
  const Headers headers = {{"b", "1"}, {"a", std::nullopt}, {"b", ""}, {"", "x"}};
  Bytes encoded;
  Headers decoded = {{"what was there", "before"}};

  encode_headers(headers, encoded);
  decode_headers(encoded, decoded);

  EXPECT_EQ(decoded, headers);
}

TEST(RecordFormat, NoHeadersTakeNoBytes) {
  Bytes encoded = "before";
  Headers decoded = {{"before", "1"}};

  encode_headers({}, encoded);
  decode_headers(encoded, decoded);

  EXPECT_TRUE(encoded.empty());
  EXPECT_TRUE(decoded.empty());
}

}  // namespace
}  // namespace levada::internal::embedded
