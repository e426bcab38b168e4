// The main job as a user runs it: processes, a real broker, a million events, and what goes wrong in between.
#include <filesystem>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/child_program.h"
#include "tests/support/eventually.h"
#include "tests/support/kafka_broker.h"
#include "tests/support/order_job.h"

namespace levada {
namespace {

using testing::ChildProgram;
using testing::eventually;
using testing::OrderJob;

class OrderAnalytics : public ::testing::Test {
 protected:
  int run(const std::vector<std::string>& arguments) { return ChildProgram("order_analytics", arguments).wait(); }

  OrderJob job_{testing::shared_broker().value()};
};

TEST_F(OrderAnalytics, AMillionEventsGiveExactlyTheTruth) {
  job_.produce(1'000'000);
  ChildProgram app("order_analytics", job_.to_the_end());
  ASSERT_EQ(app.wait(), 0);
  EXPECT_EQ(nlohmann::json::parse(app.last_line())["records"], 1'000'000);
  job_.expect_exact();
}

TEST_F(OrderAnalytics, WithACombinerTheyAreTheSame) {
  job_.produce(400'000);
  ASSERT_EQ(run(job_.to_the_end("2", {"--combine"})), 0);
  job_.expect_exact();
}

TEST_F(OrderAnalytics, KilledInTheMiddleWhatWasCombinedIsNotLost) {
  job_.produce(400'000);
  const std::vector<std::string> combining = job_.to_the_end("1", {"--combine"});
  {
    ChildProgram app("order_analytics", combining);
    job_.wait_for_progress(0.01);
    app.kill();
  }
  ASSERT_EQ(run(combining), 0);
  job_.expect_not_lower();
}

TEST_F(OrderAnalytics, KilledInTheMiddleLosesNothing) {
  job_.produce(400'000);
  {
    ChildProgram app("order_analytics", job_.to_the_end("1"));
    job_.wait_for_progress(0.01);
    app.kill();
  }
  ChildProgram app("order_analytics", job_.to_the_end());
  ASSERT_EQ(app.wait(), 0);
  job_.expect_not_lower();
}

TEST_F(OrderAnalytics, RestoresFromTheChangelogWhenTheStateIsDeleted) {
  job_.produce(100'000);
  ASSERT_EQ(run(job_.to_the_end()), 0);
  std::filesystem::remove_all(job_.state());
  job_.produce(100'000);
  ChildProgram app("order_analytics", job_.to_the_end());
  ASSERT_EQ(app.wait(), 0);
  EXPECT_GT(nlohmann::json::parse(app.last_line())["restored"], 0);
  job_.expect_exact();
}

TEST_F(OrderAnalytics, ADamagedStateIsRestoredFromTheChangelog) {
  job_.produce(50'000);
  ASSERT_EQ(run(job_.to_the_end()), 0);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(job_.state())) {
    if (entry.path().filename().string().starts_with("MANIFEST")) std::filesystem::resize_file(entry.path(), 10);
  }
  job_.produce(50'000);
  ChildProgram app("order_analytics", job_.to_the_end());
  ASSERT_EQ(app.wait(), 0);
  EXPECT_GT(nlohmann::json::parse(app.last_line())["restored"], 0);
  job_.expect_exact();
}

TEST_F(OrderAnalytics, WaitsForTheStateOfAnInstanceThatHangs) {
  job_.produce(100'000);
  ChildProgram hangs("order_analytics", job_.arguments({"--state-dir", job_.state()}));
  job_.wait_for_progress(0.01);
  ASSERT_EQ(job_.members().size(), 1U);
  const std::string hanging = *job_.members().begin();
  hangs.freeze();
  ChildProgram app("order_analytics", job_.to_the_end());
  // The group gives up the one that hangs, whose directory is still locked.
  ASSERT_TRUE(eventually([&] { return !job_.members().contains(hanging); }));
  hangs.kill();
  ASSERT_EQ(app.wait(), 0);
  job_.expect_not_lower();
}

TEST_F(OrderAnalytics, AnotherInstanceTakesOverWhenOneStops) {
  job_.produce(200'000);
  ChildProgram first("order_analytics", job_.arguments({"--state-dir", job_.state() + "/1"}));
  ChildProgram second("order_analytics", job_.arguments({"--state-dir", job_.state() + "/2"}));
  job_.wait_for_progress(0.01);
  first.terminate();
  ASSERT_EQ(first.wait(), 0);
  job_.produce(100'000);
  job_.wait_for_progress(1.0);
  second.terminate();
  ASSERT_EQ(second.wait(), 0);
  // What the group had still to count downstream.
  ASSERT_EQ(run(job_.to_the_end()), 0);
  job_.expect_exact();
}

TEST_F(OrderAnalytics, UnderExactlyOnceAMillionEventsGiveExactlyTheTruth) {
  job_.produce(1'000'000);
  ASSERT_EQ(run(job_.to_the_end("2", OrderJob::exactly_once())), 0);
  job_.expect_exact();
  job_.expect_no_count_twice();
}

}  // namespace
}  // namespace levada
