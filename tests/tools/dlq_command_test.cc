#include <string>

#include <levada/core/dead_letter.h>

#include "tests/tools/command_test.h"

namespace levada::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

class DlqCommandTest : public CommandTest {
 protected:
  DlqCommandTest() {
    create_topic("in", 1);
    create_topic("dead", 1);
    letter("Bad");
    letter("Worse");
  }

  void letter(const std::string& exception) {
    const Headers headers = {{std::string(kExceptionHeader), "shop::" + exception},
                             {std::string(kTopicHeader), "in"},
                             {std::string(kPartitionHeader), "0"}};
    const std::unique_ptr<Producer> producer = cluster().producer({}).value();
    const OutgoingRecord record = {.topic = producer->topic("dead", 1s).value(),
                                   .partition = 0,
                                   .value = exception,
                                   .timestamp = Timestamp(1h),
                                   .headers = &headers};
    ASSERT_TRUE(producer->send(record).ok());
  }

  Offset put_back() { return admin().offsets({"in", 0}, 1s)->end; }
};

TEST_F(DlqCommandTest, OnlySaysWhatItWouldDo) {
  const Ran ran = levada_on_cluster({"dlq", "replay", "dead"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("shop::Bad"));
  EXPECT_THAT(ran.out, HasSubstr("2 letters to put back, 0 of no record, 0 others"));
  EXPECT_THAT(ran.out, HasSubstr("dry run"));
  EXPECT_EQ(put_back(), 0);
}

TEST_F(DlqCommandTest, PutsBackWhatWasChosen) {
  const Ran ran = levada_on_cluster({"dlq", "replay", "dead", "--exception", "Bad", "--rate", "1000", "--execute"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("1 letters to put back, 0 of no record, 1 others"));
  EXPECT_EQ(put_back(), 1);
}

TEST_F(DlqCommandTest, SaysWhatIsWrong) {
  EXPECT_EQ(levada_on_cluster({"dlq", "replay", "nowhere"}).code, 2);
  const Ran ran = levada_on_cluster({"dlq", "replay", "dead", "--from", "yesterday"});
  EXPECT_EQ(ran.code, 2);
  EXPECT_THAT(ran.err, HasSubstr("--from 'yesterday' is no time"));
}

}  // namespace
}  // namespace levada::testing
