#include <chrono>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/state/session_store_with_headers.h>
#include <levada/state/timestamped_key_value_store_with_headers.h>
#include <levada/state/timestamped_window_store_with_headers.h>

#include "tests/state/test_state.h"

namespace levada {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using testing::ms;
using testing::Place;
using testing::TestState;

using Store = TimestampedKeyValueStoreWithHeaders<std::string, std::string>;
using Windows = TimestampedWindowStoreWithHeaders<std::string, std::string>;
using Sessions = SessionStoreWithHeaders<std::string, std::string>;
using Aggregation = AggregationWithHeaders<std::string>;
using Value = ValueTimestampHeaders<std::string>;

const Headers kHeaders = {{"h1", "v1"}, {"h2", std::nullopt}};

struct LoggedWithHeaders {
  Bytes key;
  NullableBytes value;
  Timestamp timestamp;
  Headers headers;

  bool operator==(const LoggedWithHeaders&) const = default;
};

std::vector<LoggedWithHeaders> changes(TestState& state, const std::string& store) {
  std::vector<LoggedWithHeaders> logged;
  state.host(store).for_each_change_with_headers(
      [&](BytesView key, NullableView value, Timestamp timestamp, const Headers& headers) {
        logged.push_back({Bytes(key), value ? NullableBytes(*value) : std::nullopt, timestamp, headers});
      });
  return logged;
}

class StoresWithHeaders : public ::testing::TestWithParam<Place> {
 protected:
  Store& store() { return state.store<Store>("s"); }

  TestState state{{Store::spec("s"), Windows::spec("w", {.window_size = 1min, .retention = 1h}),
                   Sessions::spec("sessions", {.retention = 1h})},
                  GetParam()};
};

TEST_P(StoresWithHeaders, KeepHeadersWithValues) {
  store().put("a", {.value = "1", .timestamp = ms(5), .headers = kHeaders});
  EXPECT_EQ(store().get("a"), (Value{"1", ms(5), kHeaders}));
  state.commit();
  EXPECT_EQ(store().get("a"), (Value{"1", ms(5), kHeaders}));
}

TEST_P(StoresWithHeaders, LogPlainValuesWithTheirHeaders) {
  store().put("a", {.value = "1", .timestamp = ms(5), .headers = kHeaders});
  EXPECT_THAT(changes(state, "s"), ElementsAre(LoggedWithHeaders{"a", "1", ms(5), kHeaders}));
}

TEST_P(StoresWithHeaders, LogDeletionsWithTheHeadersOfTheRecord) {
  const Headers of_record = {{"by", "record"}};
  state.at(9);
  state.current.headers = &of_record;
  store().put("a", std::nullopt);
  EXPECT_THAT(changes(state, "s"), ElementsAre(LoggedWithHeaders{"a", std::nullopt, ms(9), of_record}));
}

TEST_P(StoresWithHeaders, AreRestoredFromRecordsWithAndWithoutHeaders) {
  const RestoreRecord with = {"a", "1", ms(5), &kHeaders};
  ASSERT_TRUE(state->restore("s", {with, {"b", "2", ms(6)}}, 2).ok());
  EXPECT_EQ(store().get("a"), (Value{"1", ms(5), kHeaders}));
  EXPECT_EQ(store().get("b"), (Value{"2", ms(6), {}}));
}

TEST_P(StoresWithHeaders, OfWindowsDoTheSame) {
  auto& windows = state.store<Windows>("w");
  windows.put("a", {.value = "1", .timestamp = ms(70'000), .headers = kHeaders}, ms(60'000));
  EXPECT_EQ(windows.fetch("a", ms(60'000)), (Value{"1", ms(70'000), kHeaders}));
  const std::vector<LoggedWithHeaders> logged = changes(state, "w");
  ASSERT_EQ(logged.size(), 1U);
  EXPECT_EQ(logged.front().value, "1");
  EXPECT_EQ(logged.front().headers, kHeaders);
}

TEST_P(StoresWithHeaders, OfSessionsHaveTheTimeOfTheRecordOnTheirChangelog) {
  auto& sessions = state.store<Sessions>("sessions");
  const Windowed<std::string> session = {"a", {ms(1000), ms(2000)}};
  const Headers of_record = {{"by", "record"}};
  state.at(9);
  state.current.headers = &of_record;
  sessions.put(session, {.aggregation = "1", .headers = kHeaders});
  EXPECT_EQ(sessions.fetch_session("a", ms(1000), ms(2000)), (Aggregation{"1", kHeaders}));
  std::vector<LoggedWithHeaders> logged = changes(state, "sessions");
  ASSERT_EQ(logged.size(), 1U);
  EXPECT_EQ(logged.front(), (LoggedWithHeaders{logged.front().key, "1", ms(9), kHeaders}));
  state.commit();
  sessions.remove(session);
  logged = changes(state, "sessions");
  ASSERT_EQ(logged.size(), 1U);
  EXPECT_EQ(logged.front(), (LoggedWithHeaders{logged.front().key, std::nullopt, ms(9), of_record}));
}

TEST_P(StoresWithHeaders, OfSessionsAreRestoredFromRecordsWithAndWithoutHeaders) {
  Bytes one;
  Bytes other;
  append_session_key({"a", {ms(1000), ms(2000)}}, one);
  append_session_key({"b", {ms(1000), ms(2000)}}, other);
  ASSERT_TRUE(state->restore("sessions", {{one, "1", ms(5), &kHeaders}, {other, "2", ms(6)}}, 2).ok());
  auto& sessions = state.store<Sessions>("sessions");
  EXPECT_EQ(sessions.fetch_session("a", ms(1000), ms(2000)), (Aggregation{"1", kHeaders}));
  EXPECT_EQ(sessions.fetch_session("b", ms(1000), ms(2000)), (Aggregation{"2", {}}));
}

INSTANTIATE_TEST_SUITE_P(Places, StoresWithHeaders, ::testing::Values(Place::kMemory, Place::kDisk));

}  // namespace
}  // namespace levada
