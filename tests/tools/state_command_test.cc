#include <fstream>
#include <sstream>

#include <levada/state/timestamped_key_value_store.h>
#include <levada/state/window_store.h>

#include "tests/tools/command_test.h"
#include "tests/tools/task_on_disk.h"

namespace levada::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using Counts = TimestampedKeyValueStore<std::string, std::int64_t>;
using Windows = WindowStore<std::string, double>;

// Two tasks with a store of counts, and one of them with windows, too.
class StateTest : public CommandTest {
 protected:
  StateTest() {
    TaskOnDisk first(app() / "0_0", {Counts::spec("counts"), windows()});
    first.store<Counts>("counts").put("a", {.value = 1, .timestamp = Timestamp(5s)});
    first.store<Counts>("counts").put("b", {.value = 2, .timestamp = Timestamp(6s)});
    first.store<Windows>("windows").put("a", 1.5, Timestamp(1h));
    first.store<Windows>("windows").put("a", 2.5, Timestamp(2h));
    first.store<Windows>("windows").put("b", 3.5, Timestamp(2h));
    first.close({{"counts", 7}});
    TaskOnDisk second(app() / "0_10", {Counts::spec("counts")});
    second.store<Counts>("counts").put("c", {.value = 3, .timestamp = Timestamp(7s)});
    second.close();
  }

  static StoreSpec windows() { return Windows::spec("windows", {.window_size = 1h, .retention = 24h}); }
  std::filesystem::path app() const { return directory() / "app"; }
  Ran state(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "state");
    return levada(std::move(arguments));
  }
  Ran counts(const std::string& what, std::vector<std::string> arguments = {}) {
    std::vector<std::string> all = {what, app(), "counts", "--value", "int64"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return state(all);
  }
};

constexpr const char* kA = R"({"task":"0_0","key":"a","timestamp":"1970-01-01T00:00:05.000Z","value":1})";
constexpr const char* kB = R"({"task":"0_0","key":"b","timestamp":"1970-01-01T00:00:06.000Z","value":2})";
constexpr const char* kC = R"({"task":"0_10","key":"c","timestamp":"1970-01-01T00:00:07.000Z","value":3})";

std::string lines(std::initializer_list<const char*> all) {
  std::string text;
  for (const char* line : all) text += line + std::string("\n");
  return text;
}

TEST_F(StateTest, ListsStores) {
  const Ran ran = state({"list", app()});

  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(ran.out,
            "TASK  STORE    KIND                         ENTRIES (ABOUT)  CHANGELOG OFFSET\n"
            "0_0   counts   timestamped key-value store  2                7\n"
            "0_0   windows  window store                 3                -\n"
            "0_10  counts   timestamped key-value store  1                -\n");
}

TEST_F(StateTest, CountsEntries) {
  EXPECT_EQ(state({"count", app(), "counts"}).out, "TASK  ENTRIES\n0_0   2\n0_10  1\nall   3\n");
  EXPECT_EQ(state({"count", app() / "0_10", "counts"}).out, "TASK  ENTRIES\n0_10  1\nall   1\n");
}

TEST_F(StateTest, ScansAllTasksInTheOrderOfTheirNumbers) {
  EXPECT_EQ(counts("scan").out, lines({kA, kB, kC}));
  EXPECT_EQ(counts("scan", {"--from", "b", "--to", "b"}).out, lines({kB}));
}

TEST_F(StateTest, StopsAtItsLimitAndSaysSo) {
  const Ran ran = counts("scan", {"--limit", "2"});

  EXPECT_EQ(ran.out, lines({kA, kB}));
  EXPECT_EQ(ran.err, "there are more than 2: see --limit\n");
  EXPECT_THAT(counts("scan", {"--limit", "3"}).err, IsEmpty());
}

TEST_F(StateTest, GetsAKeyWithAllItsWindows) {
  const Ran ran = state({"get", app(), "windows", "a", "--value", "double", "--window-size", "1h"});

  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(
      ran.out,
      R"({"task":"0_0","key":"a","start":"1970-01-01T01:00:00.000Z","end":"1970-01-01T02:00:00.000Z","value":1.5})"
      "\n"
      R"({"task":"0_0","key":"a","start":"1970-01-01T02:00:00.000Z","end":"1970-01-01T03:00:00.000Z","value":2.5})"
      "\n");
}

TEST_F(StateTest, SaysThatAKeyIsNotThereByItsExitCode) {
  const Ran ran = counts("get", {"nobody"});
  EXPECT_EQ(ran.code, 1);
  EXPECT_EQ(ran.err, "store counts has no key nobody\n");
}

TEST_F(StateTest, ExportsToAFileOfItsOwnersOnly) {
  const std::filesystem::path path = directory() / "counts.jsonl";

  const Ran ran = counts("export", {"--output", path});

  EXPECT_EQ(ran.code, 0) << ran.err;
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  EXPECT_EQ(text.str(), lines({kA, kB, kC}));
  using std::filesystem::perms;
  EXPECT_EQ(std::filesystem::status(path).permissions(), perms::owner_read | perms::owner_write);
  EXPECT_THAT(counts("export", {"--output", path}).err, HasSubstr("cannot be created (File exists)"));
  EXPECT_EQ(counts("export").out, lines({kA, kB, kC}));
}

TEST_F(StateTest, ShowsBytesOfWhatNobodyNamed) {
  EXPECT_THAT(state({"scan", app().string(), "counts", "--key", "bytes"}).out,
              HasSubstr(R"("key":"61","timestamp":"1970-01-01T00:00:05.000Z","value":"0000000000000001"})"));
  EXPECT_THAT(state({"get", app(), "counts", "61", "--key", "bytes"}).out, HasSubstr(R"("key":"61")"));
}

TEST_F(StateTest, SaysWhichEntryIsNotOfTheSerdes) {
  const Ran ran = state({"scan", app().string(), "counts", "--value", "int32"});

  EXPECT_EQ(ran.code, 2);
  EXPECT_THAT(ran.err, HasSubstr("task 0_0, store counts: the entry with the key 0x61 is not --key string and --value "
                                 "int32: "));
}

TEST_F(StateTest, SaysWhatIsWrong) {
  EXPECT_THAT(state({"scan", app().string(), "totals"}).err, HasSubstr("no task has a store totals"));
  EXPECT_THAT(state({"list", directory()}).err, HasSubstr("give <state.dir>/<application.id>"));
  EXPECT_THAT(state({"list", directory() / "nowhere"}).err, HasSubstr("nowhere: cannot be read"));
  EXPECT_THAT(state({"scan", app().string(), "counts", "--value", "avro"}).err,
              HasSubstr("'avro' is no serde; there are string"));
  EXPECT_EQ(state({}).code, 2);
}

}  // namespace
}  // namespace levada::testing
