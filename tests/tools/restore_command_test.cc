#include <levada/core/json.h>
#include <levada/core/saved_topology.h>
#include <levada/dsl/streams_builder.h>
#include <levada/state/timestamped_key_value_store.h>

#include "tests/tools/command_test.h"
#include "tests/tools/task_on_disk.h"

namespace levada::testing {
namespace {

using ::testing::HasSubstr;

using Counts = TimestampedKeyValueStore<std::string, std::int64_t>;

// Of two partitions the first is on this disk, up to offset 1 of 4.
class RestoreTest : public CommandTest {
 protected:
  RestoreTest() {
    create_topic("app-counts-changelog", 2);
    send({"app-counts-changelog", 0}, {"1234", "1234", "1234", "1234"});
    send({"app-counts-changelog", 1}, {"12345678"});
  }
  void stop_at(const std::map<std::string, Offset>& offsets) {
    TaskOnDisk task(directory() / "app" / "0_0", {Counts::spec("counts")});
    task.close(offsets);
  }
  Ran restore(std::vector<std::string> arguments = {}) {
    arguments.insert(arguments.begin(),
                     {"restore", "--dry-run", "--application-id", "app", "--state-dir", directory().string()});
    return levada_on_cluster(std::move(arguments));
  }
};

TEST_F(RestoreTest, TellsWhatIsBetweenTheDiskAndTheChangelogsEnd) {
  stop_at({{"counts", 1}});

  const Ran ran = restore();

  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(ran.out,
            "TASK  STORE   CHECKPOINT  END  RECORDS  BYTES  TIME  NOTE\n"
            "0_0   counts  1           4    3        12     < 1s\n"
            "in all about 3 records, 12 bytes, < 1s in one thread\n");
}

TEST_F(RestoreTest, TellsTasksThatMightCome) {
  stop_at({{"counts", 4}});
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("orders").group_by_key().count({.store = "counts"}).to_stream().to("out");
  const std::string topology = file("app.topology.json", to_json(saved(builder.build().value())));

  EXPECT_THAT(restore({"--all-tasks"}).out, HasSubstr("?_1   counts  -           1    1        8      < 1s  not on "));
  EXPECT_THAT(restore({"--all-tasks", "--topology", topology}).out, HasSubstr("0_1   counts  -           1    1 "));
}

TEST_F(RestoreTest, EstimatesTheTimeByARate) {
  stop_at({});
  EXPECT_THAT(restore({"--rate", "2"}).out, HasSubstr("in all about 4 records, 16 bytes, 2s in one thread"));
}

TEST_F(RestoreTest, NoticesAnotherLog) {
  stop_at({{"counts", 9}});
  EXPECT_THAT(restore().out, HasSubstr("4        16     < 1s  the checkpoint is past the end"));
}

TEST_F(RestoreTest, KnowsTheSourceTopicByTheTopology) {
  create_topic("customers", 1);
  send({"customers", 0}, {"1", "2"});
  TaskOnDisk task(directory() / "app" / "0_0", {Counts::spec("table")});
  task.close({{"table", 1}});
  StreamsBuilder builder;
  builder.table<std::string, std::string>("customers", {}, {.store = "table"}).to_stream().to("out");
  const Topology optimized = builder.build({.optimization = TopologyOptimization::all()}).value();
  const std::string topology = file("app.topology.json", to_json(saved(optimized)));

  EXPECT_THAT(restore().out, HasSubstr("restored from its source topic: --topology tells which"));
  EXPECT_THAT(restore({"--topology", topology}).out, HasSubstr("0_0   table  1           2    1        1 "));
}

TEST_F(RestoreTest, IsToldAsJsonLines) {
  stop_at({{"counts", 4}});
  EXPECT_EQ(restore({"--json"}).out,
            R"({"task":"0_0","store":"counts","changelog":"app-counts-changelog","checkpoint":4,"end":4,"records":0,)"
            R"("bytes":0,"seconds":0,"note":""})"
            "\n");
}

TEST_F(RestoreTest, OnlyTells) {
  const Ran ran = levada_on_cluster({"restore", "--application-id", "app"});
  EXPECT_EQ(ran.code, 2);
  EXPECT_THAT(ran.err, HasSubstr("--dry-run is required"));
}

}  // namespace
}  // namespace levada::testing
