#include <levada/core/json.h>
#include <levada/core/saved_topology.h>
#include <levada/dsl/streams_builder.h>
#include <levada/state/file_lock.h>

#include "tests/tools/command_test.h"
#include "tools/levada/reset.h"

namespace levada::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

// An application "app" that has read all of "orders", and counts behind a repartition topic.
class ResetTest : public CommandTest {
 protected:
  ResetTest() {
    create_topic("orders", 2);
    create_topic("app-counts-repartition", 2);
    create_topic("app-counts-changelog", 2);
    create_topic("app-notes", 1);  // the application's, but not internal
    send({"orders", 0}, {"a", "b"}, Timestamp(10s));
    send({"orders", 0}, {"c"}, Timestamp(20s));
    send({"orders", 1}, {"d"}, Timestamp(20s));
    commit("app", {{{"orders", 0}, 3}, {{"orders", 1}, 1}, {{"app-counts-repartition", 0}, 2}});
  }

  Ran reset(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"reset", "--application-id", "app"});
    return levada_on_cluster(std::move(arguments));
  }
  std::vector<std::string> topics() { return admin().list_topics(1s).value(); }
  Offset orders(Partition partition) { return committed("app", {"orders", partition}); }
};

// A member of the group for as long as it lives.
class Joined final : public RebalanceListener, private RecordHandler {
 public:
  explicit Joined(Cluster& cluster)
      : consumer_(cluster.consumer({{"group.id", "app"}, {"client.id", "app-1"}}).value()) {
    EXPECT_TRUE(consumer_->subscribe({"orders"}, *this).ok());
    while (!joined_) EXPECT_TRUE(consumer_->poll(0ms, 0, *this).ok());
  }
  void on_assigned(const std::vector<TopicPartition>&) override { joined_ = true; }
  void on_revoked(const std::vector<TopicPartition>&) override {}
  void on_lost(const std::vector<TopicPartition>&) override {}

 private:
  void on_record(std::size_t, const LogRecord&) override {}
  void on_end_of_partition(std::size_t, Offset) override {}

  std::unique_ptr<Consumer> consumer_;
  bool joined_ = false;
};

TEST_F(ResetTest, SaysWhatItWouldDoAndDoesNothing) {
  const Ran ran = reset({});

  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(ran.out,
            "offsets of group app:\n"
            "  TOPIC   PARTITION  NOW  NEW  NOTE\n"
            "  orders  0          3    0\n"
            "  orders  1          1    0\n"
            "topics to be deleted, with all that is in them:\n"
            "  app-counts-changelog\n"
            "  app-counts-repartition\n"
            "left alone:\n"
            "  stores on disk: remove them on each machine, by --state-dir there\n"
            "Nothing was changed: this was a dry run. Do it with --execute.\n");
  EXPECT_EQ(orders(0), 3);
  EXPECT_EQ(topics().size(), 4U);
}

TEST_F(ResetTest, DoesItWhenTold) {
  const std::filesystem::path stores = directory() / "app" / "1_0";
  std::filesystem::create_directories(stores);
  std::filesystem::create_directories(directory() / "other");

  const Ran ran = reset({"--execute", "--state-dir", directory()});

  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("Done.\n"));
  EXPECT_EQ(orders(0), 0);
  EXPECT_EQ(orders(1), 0);
  EXPECT_THAT(topics(), UnorderedElementsAre("app-notes", "orders"));
  EXPECT_FALSE(std::filesystem::exists(directory() / "app"));
  EXPECT_TRUE(std::filesystem::exists(directory() / "other"));
}

TEST_F(ResetTest, TakesNoDirectoryFromAnInstance) {
  const FileLock instance = lock_directory(directory() / "app").value();

  const Ran ran = reset({"--execute", "--state-dir", directory()});

  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.out, HasSubstr("in use by another instance"));
  EXPECT_EQ(orders(0), 3);
  EXPECT_TRUE(std::filesystem::exists(directory() / "app"));
}

TEST_F(ResetTest, GoesToTheEnd) {
  send({"orders", 0}, {"e"});
  reset({"--to-latest", "--execute"});
  EXPECT_EQ(orders(0), 4);
}

TEST_F(ResetTest, GoesToATime) {
  reset({"--to-datetime", "1970-01-01T00:00:15Z", "--execute"});
  EXPECT_EQ(orders(0), 2);
  EXPECT_EQ(orders(1), 0);
}

TEST_F(ResetTest, GoesToAnOffsetThatIsThere) {
  const Ran ran = reset({"--to-offset", "2", "--execute"});
  EXPECT_EQ(orders(0), 2);
  EXPECT_EQ(orders(1), 1);
  EXPECT_THAT(ran.out, HasSubstr("orders  1          1    1    2 is past the end of the log"));
}

TEST_F(ResetTest, ShiftsWhatIsCommitted) {
  reset({"--shift-by", "-1", "--execute"});
  EXPECT_EQ(orders(0), 2);
  EXPECT_EQ(orders(1), 0);
  const Ran far = reset({"--shift-by", "-5"});
  EXPECT_THAT(far.out, HasSubstr("-3 is before the beginning of the log"));
}

TEST_F(ResetTest, LeavesAloneWhatIsNotNamed) {
  create_topic("more", 1);
  commit("app", {{{"more", 0}, 0}});

  reset({"--input-topics", "orders", "--internal-topics", "app-counts-changelog", "--to-offset", "1", "--execute"});

  EXPECT_EQ(orders(0), 1);
  EXPECT_EQ(committed("app", {"more", 0}), 0);
  EXPECT_THAT(topics(), Not(::testing::Contains("app-counts-changelog")));
  EXPECT_THAT(topics(), ::testing::Contains("app-counts-repartition"));
}

TEST_F(ResetTest, KeepsTopicsOfAnApplicationWhoseNameIsLonger) {
  create_topic("app-eu-counts-changelog", 1);
  commit("app-eu", {{{"orders", 0}, 1}});

  const Ran ran = reset({"--execute"});

  EXPECT_THAT(topics(), ::testing::Contains("app-eu-counts-changelog"));
  EXPECT_THAT(ran.out, HasSubstr("topic app-eu-counts-changelog: may belong to application app-eu"));
}

TEST_F(ResetTest, TakesTopicsFromTheTopology) {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("orders").group_by_key().count({.store = "counts"}).to_stream().to("out");
  const std::string topology = file("app.topology.json", to_json(saved(builder.build().value())));

  reset({"--topology", topology, "--execute"});

  EXPECT_THAT(topics(), UnorderedElementsAre("app-counts-repartition", "app-notes", "orders"));
}

TEST_F(ResetTest, IsRefusedWhileTheGroupHasMembers) {
  const Joined member(cluster());

  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{}, {"--execute"}, {"--execute", "--force", "--force-timeout", "1ms"}}) {
    const Ran ran = reset(arguments);
    EXPECT_EQ(ran.code, 1) << ran.err;
    EXPECT_THAT(ran.out, HasSubstr("group app has 1 members:\n  app-1 ("));
    EXPECT_THAT(ran.out, HasSubstr("Refused: "));
  }
  EXPECT_EQ(orders(0), 3);
  EXPECT_EQ(topics().size(), 4U);
}

TEST_F(ResetTest, SaysWhatIsWrong) {
  EXPECT_THAT(reset({"--to-datetime", "yesterday"}).err, HasSubstr("--to-datetime 'yesterday' is no time"));
  EXPECT_THAT(reset({"--input-topics", "nowhere"}).err, HasSubstr("input topic nowhere does not exist"));
  EXPECT_THAT(reset({"--internal-topics", "app-notes"}).err, HasSubstr("app-notes is no internal topic"));
  EXPECT_EQ(reset({"--to-earliest", "--to-latest"}).code, 2);
  EXPECT_EQ(reset({"--to-earliest", "--to-latest"}).out.find("Nothing"), std::string::npos);
}

TEST(ResetRule, KnowsInternalTopicsAsKafkaStreamsDoes) {
  EXPECT_TRUE(is_internal_topic("app-counts-changelog", "app"));
  EXPECT_TRUE(is_internal_topic("app-counts-repartition", "app"));
  EXPECT_TRUE(is_internal_topic("app-KTABLE-FK-JOIN-SUBSCRIPTION-REGISTRATION-0000000004-topic", "app"));
  EXPECT_TRUE(is_internal_topic("app-KTABLE-FK-JOIN-SUBSCRIPTION-RESPONSE-0000000012-topic", "app"));
  EXPECT_TRUE(is_internal_topic("app-join-subscription-registration-topic", "app"));
  EXPECT_FALSE(is_internal_topic("app-orders", "app"));
  EXPECT_FALSE(is_internal_topic("apples-counts-changelog", "app"));
  EXPECT_FALSE(is_internal_topic("counts-changelog", "app"));
}

}  // namespace
}  // namespace levada::testing
