// One random history in stores of every shape: whatever they are asked, memory and disk, with and without a record
// cache, answer the same, whenever each of them commits. A failure names the seed that repeats it.
#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <levada/state/list_value_store.h>
#include <levada/state/lru_map.h>
#include <levada/state/session_store_with_headers.h>
#include <levada/state/timestamped_key_value_store_with_headers.h>
#include <levada/state/timestamped_window_store.h>
#include <levada/state/timestamped_window_store_with_headers.h>
#include <levada/state/versioned_key_value_store.h>

#include "tests/state/random_history.h"
#include "tests/state/test_state.h"

namespace levada {
namespace {

using testing::Case;
using testing::ms;
using testing::Place;
using testing::Random;
using testing::TestState;

using Text = std::string;
using Plain = KeyValueStore<Text, Text>;
using Timed = TimestampedKeyValueStore<Text, Text>;
using WithHeaders = TimestampedKeyValueStoreWithHeaders<Text, Text>;
using Few = LruMap<Text, Text>;
using Lists = ListValueStore<Text, Text>;
using Windows = WindowStore<Text, Text>;
using TimedWindows = TimestampedWindowStore<Text, Text>;
using WindowsWithHeaders = TimestampedWindowStoreWithHeaders<Text, Text>;
using Sessions = SessionStore<Text, Text>;
using SessionsWithHeaders = SessionStoreWithHeaders<Text, Text>;
using Versions = VersionedKeyValueStore<Text, Text>;

Text text(const Text& value) { return value; }
Text text(Timestamp time) { return std::to_string(time.time_since_epoch().count()); }
Text text(const Headers& headers) { return headers.empty() ? "" : headers.front().key; }
Text text(const ValueAndTimestamp<Text>& entry) { return entry.value + "@" + text(entry.timestamp); }
Text text(const ValueTimestampHeaders<Text>& entry) {
  return fmt::format("{}@{}#{}", entry.value, text(entry.timestamp), text(entry.headers));
}
Text text(const AggregationWithHeaders<Text>& entry) { return entry.aggregation + "#" + text(entry.headers); }
Text text(const VersionedRecord<Text>& version) {
  return fmt::format("{}@{}-{}", version.value, text(version.timestamp),
                     version.valid_to ? text(*version.valid_to) : "");
}
Text text(const Windowed<Text>& key) {
  return fmt::format("{}[{},{}]", key.key, text(key.window.start), text(key.window.end));
}
template <class A, class B>
Text text(const std::pair<A, B>& pair) {
  return text(pair.first) + "=" + text(pair.second);
}
template <class T>
Text text(const std::optional<T>& value) {
  return value ? text(*value) : "-";
}
template <class Entries>
Text all(Entries&& entries) {
  Text joined;
  for (const auto& entry : entries) joined += text(entry) + ";";
  return joined;
}

struct Write {
  Text key;
  std::optional<Text> value = std::nullopt;  // none: a deletion
  Headers headers = {};
  Timestamp time;
  Duration length;  // of a session
};

struct Question {
  Text key;
  Text other_key;
  Timestamp from;
  Timestamp to;
};

constexpr Duration kRetention{500};
constexpr Duration kSegment{70};
// Sanitizers, without optimisation, take ten times as long for each.
#ifdef NDEBUG
constexpr int kWrites = 1500;
#else
constexpr int kWrites = 400;
#endif

std::vector<StoreSpec> specs(const Case& which) {
  const Duration size{10};
  const bool caching = which.caching;
  const StoreEngine engine = which.place == Place::kDisk ? StoreEngine::kRocksDb : StoreEngine::kInMemory;
  return {
      Plain::spec("plain", {.engine = engine, .caching = caching}),
      Timed::spec("timed", {.engine = engine, .caching = caching}),
      WithHeaders::spec("with-headers", {.engine = engine, .caching = caching}),
      Few::spec("few", {.max_entries = 5, .caching = caching}), Lists::spec("lists", {.engine = engine}),
      Windows::spec("windows", {.window_size = size,
                                .retention = kRetention,
                                .segment_interval = kSegment,
                                .engine = engine,
                                .caching = caching}),
      TimedWindows::spec("timed-windows", {.window_size = size,
                                           .retention = kRetention,
                                           .segment_interval = kSegment,
                                           .engine = engine,
                                           .caching = caching}),
      WindowsWithHeaders::spec("windows-with-headers", {.window_size = size,
                                                        .retention = kRetention,
                                                        .segment_interval = kSegment,
                                                        .engine = engine,
                                                        .caching = caching}),
      // Long enough that none expires: cached ones are then read for longer.
      Sessions::spec("sessions", {.retention = Duration(1'000'000), .engine = engine, .caching = caching}),
      SessionsWithHeaders::spec("sessions-with-headers",
                                {.retention = Duration(1'000'000), .engine = engine, .caching = caching}),
      Versions::spec("versions", {.history_retention = kRetention, .segment_interval = kSegment, .engine = engine})};
}

class AllShapes {
 public:
  explicit AllShapes(const Case& which) : state_(specs(which), which.place) {}

  void write(const Write& write) {
    state_.current.timestamp = write.time;
    state_.current.headers = &write.headers;
    const auto& [key, value, headers, time, length] = write;
    const auto put = [&]<class V>(auto& store, const V& entry, const auto&... where) {
      store.put(key, value ? std::optional<V>(entry) : std::nullopt, where...);
    };
    const Text some = value.value_or("");
    put(store<Plain>("plain"), some);
    put(store<Timed>("timed"), ValueAndTimestamp<Text>{some, time});
    put(store<WithHeaders>("with-headers"), ValueTimestampHeaders<Text>{some, time, headers});
    put(store<Few>("few"), some);
    value ? store<Lists>("lists").put(key, some) : store<Lists>("lists").put(key, std::nullopt);
    put(store<Windows>("windows"), some, time);
    put(store<TimedWindows>("timed-windows"), ValueAndTimestamp<Text>{some, time}, time);
    put(store<WindowsWithHeaders>("windows-with-headers"), ValueTimestampHeaders<Text>{some, time, headers}, time);
    const Windowed<Text> session = {key, {std::max(Timestamp(), time - length), time}};
    if (value) {
      store<Sessions>("sessions").put(session, some);
      store<SessionsWithHeaders>("sessions-with-headers").put(session, {some, headers});
    } else {
      store<Sessions>("sessions").remove(session);
      store<SessionsWithHeaders>("sessions-with-headers").remove(session);
    }
    store<Versions>("versions").put(key, value, time);
    state_.current.headers = &no_headers();
  }

  void commit() { state_.commit(); }

  // One line a question and store.
  std::vector<Text> answers(const Question& question) {
    const auto& [key, other, from, to] = question;
    auto& plain = store<Plain>("plain");
    auto& windows = store<Windows>("windows");
    auto& timed_windows = store<TimedWindows>("timed-windows");
    auto& sessions = store<Sessions>("sessions");
    auto& versions = store<Versions>("versions");
    return {text(plain.get(key)),
            all(plain.range(key, other)),
            all(plain.reverse_range(std::nullopt, other)),
            all(plain.prefix_scan(key.substr(0, 1))),
            text(store<Timed>("timed").get(key)),
            all(store<Timed>("timed").all()),
            text(store<WithHeaders>("with-headers").get(key)),
            all(store<WithHeaders>("with-headers").range(key, other)),
            text(store<Few>("few").get(key)),
            all(store<Few>("few").all()),
            all(store<Lists>("lists").get(key)),
            all(store<Lists>("lists").all()),
            text(windows.fetch(key, from)),
            all(windows.fetch(key, from, to)),
            all(windows.backward_fetch(key, from, to)),
            all(windows.fetch(key, other, from, to)),
            all(windows.fetch_all(from, to)),
            all(timed_windows.fetch(key, from, to)),
            all(timed_windows.backward_fetch_all(from, to)),
            all(store<WindowsWithHeaders>("windows-with-headers").fetch_all(from, to)),
            all(sessions.fetch(key)),
            all(sessions.find_sessions(key, from, to)),
            all(sessions.backward_find_sessions(key, other, from, to)),
            all(sessions.find_sessions(from, to)),
            all(store<SessionsWithHeaders>("sessions-with-headers").fetch(key)),
            text(versions.get(key)),
            text(versions.get(key, from)),
            text(versions.get(key, to))};
  }

 private:
  template <class S>
  S& store(const std::string& name) {
    return state_.store<S>(name);
  }

  TestState state_;
};

class AllShapesHistory : public ::testing::Test {
 protected:
  AllShapesHistory() : random(seed) {}

  Timestamp some_time() { return ms(std::max(0, now - 400 + random.below(500))); }

  Write random_write() {
    now += random.below(8);
    Write write = {.key = random.key(), .time = some_time(), .length = Duration(random.below(60))};
    if (random.below(5) != 0) write.value = std::to_string(random.below(1000));
    if (random.below(3) == 0) write.headers = {{"h" + std::to_string(random.below(3)), std::nullopt}};
    return write;
  }

  Question random_question() {
    const Timestamp from = some_time();
    return {.key = random.key(), .other_key = random.key(), .from = from, .to = from + Duration(random.below(200))};
  }

  void compare() {
    const Question question = random_question();
    const std::vector<Text> expected = variants.front().answers(question);
    for (std::size_t i = 1; i < variants.size(); ++i) {
      const std::vector<Text> found = variants[i].answers(question);
      for (std::size_t line = 0; line < expected.size(); ++line) {
        ASSERT_EQ(found[line], expected[line]) << "variant " << i << ", question " << line;
      }
    }
  }

  const std::uint32_t seed = std::random_device()();
  Random random;
  int now = 0;
  std::array<AllShapes, 4> variants = {AllShapes(Case{Place::kMemory, false}), AllShapes(Case{Place::kMemory, true}),
                                       AllShapes(Case{Place::kDisk, false}), AllShapes(Case{Place::kDisk, true})};
};

TEST_F(AllShapesHistory, EnginesAndCachesAnswerTheSame) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  for (int i = 0; i < kWrites && !HasFatalFailure(); ++i) {
    const Write write = random_write();
    for (AllShapes& variant : variants) {
      variant.write(write);
      if (random.below(40) == 0) variant.commit();
    }
    if (i % 3 == 0) compare();
  }
}

}  // namespace
}  // namespace levada
