#include "tests/tools/command_test.h"

namespace levada::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class LagTest : public CommandTest {
 protected:
  LagTest() {
    create_topic("orders", 2);
    send({"orders", 0}, {"a", "b", "c"});
    send({"orders", 1}, {"d"});
  }
};

TEST_F(LagTest, IsToldForEachPartitionWithSomethingCommitted) {
  commit("app", {{{"orders", 0}, 1}, {{"orders", 1}, 1}});

  const Ran ran = levada_on_cluster({"lag", "--application-id", "app"});

  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(ran.out,
            "TOPIC   PARTITION  COMMITTED  END  LAG  MEMBER\n"
            "orders  0          1          3    2    -\n"
            "orders  1          1          1    0    -\n"
            "group app: Empty, 0 members, lag 2\n");
}

TEST_F(LagTest, IsToldAsJson) {
  commit("app", {{{"orders", 0}, 1}});

  const Ran ran = levada_on_cluster({"lag", "--group", "app", "--json"});

  EXPECT_EQ(ran.out,
            R"({"group":"app","state":"Empty","members":0,"lag":2,"partitions":[{"topic":"orders","partition":0,)"
            R"("committed":1,"end":3,"lag":2}]})"
            "\n");
}

TEST_F(LagTest, CountsFromTheBeginningOfTheLogOnly) {
  commit("app", {{{"orders", 0}, 0}});
  const std::vector<CommittedOffset> before = {{.partition = {"orders", 0}, .offset = 2}};
  const absl::Status deleted = admin().delete_records(before, Duration(1000));
  ASSERT_TRUE(deleted.ok()) << deleted;

  EXPECT_THAT(levada_on_cluster({"lag", "--group", "app"}).out, HasSubstr("lag 1\n"));
}

TEST_F(LagTest, OfAGroupThatIsNotThereIsNone) {
  EXPECT_EQ(levada_on_cluster({"lag", "--group", "nobody"}).out, "group nobody: Dead, 0 members, lag 0\n");
}

TEST_F(LagTest, AboveALimitIsAnExitCode) {
  commit("app", {{{"orders", 0}, 1}});

  EXPECT_EQ(levada_on_cluster({"lag", "--group", "app", "--limit", "2"}).code, 0);
  EXPECT_EQ(levada_on_cluster({"lag", "--group", "app", "--limit", "1"}).code, 1);
}

TEST_F(LagTest, NeedsAnApplicationAndACluster) {
  const Ran ran = levada_on_cluster({"lag"});
  EXPECT_EQ(ran.code, 2);
  EXPECT_THAT(ran.err, HasSubstr("application.id"));
  EXPECT_THAT(levada({"lag", "--group", "app"}).err, HasSubstr("bootstrap.servers"));
  EXPECT_THAT(levada({"lag", "--group", "app", "--bootstrap-server", "embedded"}).err,
              HasSubstr("within its application only"));
}

TEST_F(LagTest, TakesTheSettingsOfTheApplicationAndShowsNoSecret) {
  commit("app", {{{"orders", 0}, 1}});
  const std::string settings = file("app.properties", "application.id = app\nbootstrap.servers = broker:9092\n");
  EXPECT_THAT(levada({"lag", "--config", settings}).out, HasSubstr("lag 2\n"));

  const Ran wrong = levada({"lag", "--config", settings, "--set", "sasl.pasword=hunter2"});
  EXPECT_EQ(wrong.code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("sasl.pasword"));
  EXPECT_THAT(wrong.err + wrong.out, Not(HasSubstr("hunter2")));
}

}  // namespace
}  // namespace levada::testing
