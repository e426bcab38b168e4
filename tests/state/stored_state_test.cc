// What tools see of stores on disk, of every kind.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/state/session_store.h>
#include <levada/state/stored_state.h>
#include <levada/state/timestamped_key_value_store_with_headers.h>
#include <levada/state/timestamped_window_store.h>
#include <levada/state/versioned_key_value_store.h>

#include "tests/state/child_process.h"
#include "tests/state/test_state.h"

namespace levada {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::ms;
using testing::Place;
using testing::TestState;

using Plain = KeyValueStore<std::string, std::string>;
using Timestamped = TimestampedKeyValueStore<std::string, std::string>;
using WithHeaders = TimestampedKeyValueStoreWithHeaders<std::string, std::string>;
using Windows = WindowStore<std::string, std::string>;
using TimestampedWindows = TimestampedWindowStore<std::string, std::string>;
using Sessions = SessionStore<std::string, std::string>;
using Versions = VersionedKeyValueStore<std::string, std::string>;

std::string text_of(std::optional<Timestamp> time) {
  return time ? std::to_string(time->time_since_epoch().count()) : "";
}

// "key[start,end]#number@timestamp=value", without what is not there.
std::string text_of(const StoredEntry& entry) {
  std::string text(entry.key);
  if (entry.start) text += "[" + text_of(entry.start) + "," + text_of(entry.end) + "]";
  if (entry.number) text += "#" + std::to_string(*entry.number);
  if (entry.timestamp) text += "@" + text_of(entry.timestamp);
  for (const Header& header : entry.headers) text += " " + header.key + ":" + header.value.value_or("null");
  return text + "=" + std::string(entry.value);
}

std::vector<std::string> entries(const StoredState& state, const std::string& store, const StoredKeys& keys = {}) {
  std::vector<std::string> texts;
  const absl::Status status = state.visit(store, keys, [&](const StoredEntry& entry) {
    texts.push_back(text_of(entry));
    return true;
  });
  EXPECT_TRUE(status.ok()) << status;
  return texts;
}

std::unique_ptr<StoredState> read(const std::filesystem::path& directory) {
  auto state = StoredState::open(directory);
  EXPECT_TRUE(state.ok()) << state.status();
  return *std::move(state);
}

TEST(StoredState, TellsStoresWithKindsAndOffsets) {
  TestState state({Plain::spec("s"), Sessions::spec("t", {.retention = Duration(1000)})}, Place::kDisk);
  state.store<Plain>("s").put("a", "1");
  state.commit({{"s", 7}});
  state.close();

  const auto stored = read(state.directory());

  ASSERT_EQ(stored->stores().size(), 2U);
  EXPECT_EQ(stored->stores()[0].name, "s");
  EXPECT_EQ(stored->stores()[0].kind.to_string(), "key-value store");
  EXPECT_EQ(stored->stores()[0].changelog_offset, 7);
  EXPECT_EQ(stored->stores()[0].about_entries, 1U);
  EXPECT_EQ(stored->stores()[1].kind.to_string(), "session store");
  EXPECT_EQ(stored->stores()[1].changelog_offset, std::nullopt);
  EXPECT_THAT(entries(*stored, "t"), IsEmpty());
}

TEST(StoredState, ReadsKeyValueStores) {
  TestState state({Plain::spec("s"), Timestamped::spec("t"), WithHeaders::spec("h")}, Place::kDisk);
  state.store<Plain>("s").put("b", "2");
  state.store<Plain>("s").put("a", "1");
  state.store<Timestamped>("t").put("a", {.value = "1", .timestamp = ms(5)});
  state.store<WithHeaders>("h").put("a", {.value = "1", .timestamp = ms(5), .headers = {{"k", "v"}}});
  state.commit();
  state.close();

  const auto stored = read(state.directory());

  EXPECT_THAT(entries(*stored, "s"), ElementsAre("a=1", "b=2"));
  EXPECT_THAT(entries(*stored, "t"), ElementsAre("a@5=1"));
  EXPECT_THAT(entries(*stored, "h"), ElementsAre("a@5 k:v=1"));
}

TEST(StoredState, ReadsWindowsSegmentBySegment) {
  const WindowStoreOptions<std::string, std::string> options = {
      .window_size = Duration(10), .retention = Duration(100'000), .segment_interval = Duration(100)};
  TestState state({TimestampedWindows::spec("w", options)}, Place::kDisk);
  auto& windows = state.store<TimestampedWindows>("w");
  for (const std::int64_t start : {1000, 90, 10})
    windows.put("a", {.value = "1", .timestamp = ms(start + 1)}, ms(start));
  windows.put("aa", {.value = "2", .timestamp = ms(20)}, ms(20));
  state.commit();
  state.close();

  const auto stored = read(state.directory());

  EXPECT_THAT(entries(*stored, "w"), ElementsAre("a[10,]@11=1", "a[90,]@91=1", "aa[20,]@20=2", "a[1000,]@1001=1"));
  EXPECT_THAT(entries(*stored, "w", {.from = "aa", .to = "aa"}), ElementsAre("aa[20,]@20=2"));
  EXPECT_THAT(entries(*stored, "w", {.from = "a", .to = "a"}),
              ElementsAre("a[10,]@11=1", "a[90,]@91=1", "a[1000,]@1001=1"));
}

TEST(StoredState, ReadsDuplicatesAndStoresThatAreWalkedByTime) {
  TestState state(
      {Windows::spec("d", {.window_size = Duration(10), .retention = Duration(1000), .retain_duplicates = true}),
       Windows::spec("t", {.window_size = Duration(10), .retention = Duration(1000), .by_time = true})},
      Place::kDisk);
  state.store<Windows>("d").put("a", "1", ms(10));
  state.store<Windows>("d").put("a", "2", ms(10));
  state.store<Windows>("t").put("a", "1", ms(10));
  state.commit();
  state.close();

  const auto stored = read(state.directory());

  EXPECT_THAT(entries(*stored, "d"), ElementsAre("a[10,]#1=1", "a[10,]#2=2"));
  EXPECT_THAT(entries(*stored, "t"), ElementsAre("a[10,]=1"));
}

TEST(StoredState, ReadsSessions) {
  TestState state({Sessions::spec("s", {.retention = Duration(1000)})}, Place::kDisk);
  state.store<Sessions>("s").put({"a", {ms(10), ms(30)}}, "1");
  state.commit();
  state.close();

  EXPECT_THAT(entries(*read(state.directory()), "s"), ElementsAre("a[10,30]=1"));
}

TEST(StoredState, ReadsVersionsAndLeavesOutDeletions) {
  TestState state({Versions::spec("v", {.history_retention = Duration(10'000)})}, Place::kDisk);
  auto& versions = state.store<Versions>("v");
  versions.put("a", "1", ms(10));
  versions.put("a", "2", ms(20));
  versions.put("b", "3", ms(30));
  versions.put("b", std::nullopt, ms(40));
  state.commit();
  state.close();

  const auto stored = read(state.directory());

  EXPECT_THAT(entries(*stored, "v"), ElementsAre("a[10,20]=1", "b[30,40]=3", "a[20,]=2"));
  EXPECT_THAT(entries(*stored, "v", {.from = "b"}), ElementsAre("b[30,40]=3"));
}

TEST(StoredState, StopsWhenTold) {
  TestState state({Plain::spec("s")}, Place::kDisk);
  for (const char* key : {"a", "b", "c"}) state.store<Plain>("s").put(key, "");
  state.commit();
  state.close();
  int seen = 0;

  const absl::Status status = read(state.directory())->visit("s", {.from = "b"}, [&](const StoredEntry& entry) {
    EXPECT_EQ(entry.key, "b");
    return ++seen == 0;
  });

  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(seen, 1);
}

TEST(StoredState, ReadsWhatAKilledProcessLeftInItsLog) {
  TestState state({Plain::spec("s")}, Place::kDisk);
  state.store<Plain>("s").put("a", "1");
  state.commit();
  const std::filesystem::path copy = state.directory().parent_path() / "copy";
  std::filesystem::copy(state.directory(), copy, std::filesystem::copy_options::recursive);

  EXPECT_THAT(entries(*read(copy), "s"), ElementsAre("a=1"));
}

TEST(StoredState, ChangesNothing) {
  TestState state({Plain::spec("s")}, Place::kDisk);
  state.store<Plain>("s").put("a", "1");
  state.commit();
  state.close();
  const auto files = [&] {
    std::vector<std::string> names;
    for (const auto& file : std::filesystem::directory_iterator(state.directory())) {
      names.push_back(fmt::format("{} {}", file.path().filename().string(), file.file_size()));
    }
    std::ranges::sort(names);
    return names;
  };
  const std::vector<std::string> before = files();

  EXPECT_THAT(entries(*read(state.directory()), "s"), ElementsAre("a=1"));

  EXPECT_EQ(files(), before);
}

TEST(StoredState, SaysWhatIsNotThere) {
  const auto nowhere = StoredState::open("/nowhere/0_0");
  EXPECT_EQ(nowhere.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(nowhere.status().message()), HasSubstr("/nowhere/0_0"));
  EXPECT_FALSE(std::filesystem::exists("/nowhere"));

  TestState state({Plain::spec("s")}, Place::kDisk);
  state.commit();
  state.close();
  const absl::Status status = read(state.directory())->visit("t", {}, [](const StoredEntry&) { return true; });
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
}

TEST(StoredStateInUse, DISABLED_HoldsADirectory) {
  MemoryBudget budget(64 << 20);
  const RecordContext current = {};
  const auto state = TaskState::open({.directory = ::getenv("LEVADA_TEST_DIRECTORY"),
                                      .stores = {Plain::spec("s")},
                                      .budget = budget,
                                      .current = current});
  ASSERT_TRUE(state.ok()) << state.status();
  testing::ChildProcess::say("open");
  ::pause();
}

TEST(StoredState, IsRefusedWhileAProcessHasIt) {
  const testing::TemporaryDirectory directory;
  const std::filesystem::path task = directory / "0_0";
  testing::ChildProcess child("StoredStateInUse.DISABLED_HoldsADirectory", {{"LEVADA_TEST_DIRECTORY", task.string()}});
  child.read_line();

  const auto refused = StoredState::open(task);
  child.kill();

  EXPECT_EQ(refused.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(refused.status().message()), HasSubstr("in use by process"));
  EXPECT_TRUE(StoredState::open(task).ok());
}

}  // namespace
}  // namespace levada
