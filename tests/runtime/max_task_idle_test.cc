// A task that has records in one input and none in another: what max.task.idle.ms says of it, as in Kafka Streams.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/levada.h>
#include <levada/runtime/fetched_inputs.h>

#include "tests/runtime/stepped_app.h"

namespace levada::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Both inputs are of one task.
Topology merged() {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("left").merge(builder.stream<std::string, std::string>("right")).to("out");
  return builder.build().value();
}

Timestamp at(std::int64_t milliseconds) { return Timestamp(Duration(milliseconds)); }

class MaxTaskIdle : public ::testing::Test {
 protected:
  void drive(Duration idle) {
    driver_.emplace(topology_, TestDriverOptions{.max_task_idle = idle});
    left_.emplace(driver_->input<std::string, std::string>("left"));
    right_.emplace(driver_->input<std::string, std::string>("right"));
    out_.emplace(driver_->output<std::string, std::string>("out"));
  }

  const Topology topology_ = merged();
  std::optional<TopologyTestDriver> driver_ = std::nullopt;
  std::optional<TestInputTopic<std::string, std::string>> left_ = std::nullopt;
  std::optional<TestInputTopic<std::string, std::string>> right_ = std::nullopt;
  std::optional<TestOutputTopic<std::string, std::string>> out_ = std::nullopt;
};

TEST_F(MaxTaskIdle, OfZeroOrLessWaitsForNothingThatIsNotThere) {
  for (const Duration idle : {Duration(0), Duration(-1)}) {
    drive(idle);
    left_->pipe("k", "l", at(10));
    EXPECT_THAT(out_->read_values(), ElementsAre("l"));
  }
}

TEST_F(MaxTaskIdle, WaitsUntilEveryInputHasSomething) {
  drive(100ms);
  left_->pipe("k", "l10", at(10));
  EXPECT_THAT(out_->read_values(), IsEmpty());
  right_->pipe("k", "r5", at(5));
  EXPECT_THAT(out_->read_values(), ElementsAre("r5"));
  right_->pipe("k", "r20", at(20));
  EXPECT_THAT(out_->read_values(), ElementsAre("l10"));
}

TEST_F(MaxTaskIdle, IsOverWhenTheWallClockHasComeThatFar) {
  drive(100ms);
  left_->pipe("k", "l10", at(10));
  driver_->advance_wall_clock_time(99ms);
  EXPECT_THAT(out_->read_values(), IsEmpty());
  driver_->advance_wall_clock_time(1ms);
  EXPECT_THAT(out_->read_values(), ElementsAre("l10"));
  left_->pipe("k", "l20", at(20));
  EXPECT_THAT(out_->read_values(), ElementsAre("l20"));
}

TEST_F(MaxTaskIdle, BeginsAnewWhenTheInputHadSomething) {
  drive(100ms);
  left_->pipe("k", "l10", at(10));
  driver_->advance_wall_clock_time(100ms);
  right_->pipe("k", "r15", at(15));
  left_->pipe("k", "l12", at(12));
  EXPECT_THAT(out_->read_values(), ElementsAre("l10", "l12"));
  driver_->advance_wall_clock_time(99ms);
  EXPECT_THAT(out_->read_values(), IsEmpty());
  driver_->advance_wall_clock_time(1ms);
  EXPECT_THAT(out_->read_values(), ElementsAre("r15"));
}

TEST(MaxTaskIdleApp, WaitsForWhatProducersMayStillSend) {
  SteppedApp app({"left", "right", "out"});
  app.start(merged(), {{"max.task.idle.ms", "500"}});
  app.send("right", "k", "r1", 1);
  app.run_until([&] { return !app.values("out").empty(); });
  app.send("left", "k", "l10", 10);
  app.run_rounds(20);
  EXPECT_THAT(app.values("out"), ElementsAre("r1"));
  app.send("right", "k", "r5", 5);
  app.run_rounds(20);
  EXPECT_THAT(app.values("out"), ElementsAre("r1", "r5"));
  app.run_rounds(60);
  EXPECT_THAT(app.values("out"), ElementsAre("r1", "r5", "l10"));
}

TEST(MaxTaskIdleApp, OfZeroTakesAnInputAtItsEndAsItIs) {
  SteppedApp app({"left", "right", "out"});
  app.start(merged());
  app.send("left", "k", "l10", 10);
  app.run_until([&] { return app.values("out").size() == 1; });
}

// Many small and old records on the right, so that the queues are full of large and young ones of the left long before
// the right has come to its end.
TEST(MaxTaskIdleApp, OfZeroWaitsForWhatTheLogHasHoweverFullTheQueuesAre) {
  constexpr int kRecords = 5000;
  SteppedApp app({"left", "right", "out"});
  const std::string large(2000, 'l');
  for (int i = 0; i < kRecords; ++i) {
    app.send("left", "k", large, 100'000 + i);
    app.send("right", "k", "r", i);
  }
  app.start(merged(), {{"levada.memory.max.bytes", "16MiB"}});
  app.run_until([&] { return app.read("out").size() == 2 * kRecords; });
  std::int64_t last = 0;
  for (const auto& seen : app.read("out")) {
    EXPECT_GE(seen.milliseconds, last);
    last = seen.milliseconds;
  }
}

TEST(FetchedInputs, AreAllUntilATaskIsStuck) {
  FetchedInputs fetched;
  EXPECT_EQ(fetched.choose(false, true), std::nullopt);
  EXPECT_EQ(fetched.choose(true, false), std::nullopt);
  EXPECT_EQ(fetched.choose(true, true), FetchedInputs::Which::kDry);
  EXPECT_EQ(fetched.choose(true, true), std::nullopt);
  EXPECT_EQ(fetched.choose(true, false), std::nullopt);
  EXPECT_EQ(fetched.choose(true, true), FetchedInputs::Which::kDry);
  EXPECT_EQ(fetched.choose(false, false), FetchedInputs::Which::kAll);
  EXPECT_EQ(fetched.choose(false, false), std::nullopt);
}

}  // namespace
}  // namespace levada::testing
