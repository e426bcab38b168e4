// What becomes of a thread and its tasks when brokers do not answer.
#include "tests/runtime/thread_with_faults.h"

namespace levada::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

// Each key once, to a topic that is asked for when the first record comes.
Topology to_a_chosen_topic() {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("in")
      .map_values([](const std::string&) { return std::string("1"); })
      .to([](const std::string&, const std::string&) { return "out"; });
  return builder.build().value();
}

class StreamThreadFaults : public ThreadWithFaults {};

TEST_F(StreamThreadFaults, ATaskWithoutAnswerWaitsAndTheOthersRun) {
  send();
  fail("committed", "in-0");
  start(counts());
  run_until([this] { return total(1) == kKeys; });
  run_rounds(500);
  EXPECT_EQ(total(0), 0);
  EXPECT_EQ(log_.count(kTriesAgain), 1) << log_.text();
  EXPECT_EQ(log_.count("what=task 0_0"), 1);
  cluster_.clear_fault();
  run_until_counted();
  EXPECT_EQ(log_.count("info: has succeeded what=task 0_0"), 1);
}

TEST_F(StreamThreadFaults, ATaskIsStartedOnceWhenAnotherIsNotStartedInTheSameRound) {
  send();
  cluster_.set_fault([](const Request& request) {
    return request.what == "committed" ? absl::UnavailableError("nobody answers") : absl::OkStatus();
  });
  start(counts());
  run_rounds(100);
  fail("committed", "in-1");
  clock_.advance(10s);  // both are tried again in the next round
  run_until([this] { return total(0) == kKeys; });
  cluster_.clear_fault();
  run_until_counted();
  send();
  run_until_counted();
}

TEST_F(StreamThreadFaults, TasksThatCanStartTogetherAreFetchedForOnce) {
  send();
  int assignments = 0;
  cluster_.set_fault([&assignments](const Request& request) {
    assignments += request.what == "assign" && !request.about.empty() ? 1 : 0;
    return absl::OkStatus();
  });

  start(counts());
  run_until_counted();
  cluster_.clear_fault();

  EXPECT_EQ(assignments, 1);
}

TEST_F(StreamThreadFaults, AChangelogWithoutAnswerIsWaitedFor) {
  send();
  fail("offsets", "app-counts-changelog-1", absl::StatusCode::kDeadlineExceeded);
  start(counts());
  run_until([this] { return total(0) == kKeys; });
  EXPECT_EQ(total(1), 0);
  cluster_.clear_fault();
  run_until_counted();
}

TEST_F(StreamThreadFaults, CommitsBeginAsOftenAsTheIntervalSaysHoweverLongTheyTake) {
  start(counts());
  send();
  run_until_counted();
  const auto between_commits = [this](Duration long_each) {
    std::vector<std::chrono::steady_clock::time_point> began;
    cluster_.set_fault([&](const Request& request) {
      if (request.what != "flush") return absl::OkStatus();
      began.push_back(clock_.steady_now());
      clock_.advance(long_each);
      return absl::OkStatus();
    });
    run_until([&] {
      send();
      return began.size() > 2;
    });
    cluster_.clear_fault();
    return began.at(2) - began.at(1);
  };
  EXPECT_EQ(between_commits(0ms), 100ms);
  EXPECT_EQ(between_commits(40ms), 100ms);
  EXPECT_EQ(between_commits(90ms), 140ms);
  EXPECT_EQ(between_commits(1s), 1050ms);
}

TEST_F(StreamThreadFaults, AnOutputTopicWithoutAnswerIsWaitedFor) {
  send();
  fail("topic", "out");
  start(counts());
  run_until([this] { return log_.count(kTriesAgain) == 2; });
  cluster_.clear_fault();
  run_until_counted();
}

TEST_F(StreamThreadFaults, AnOutputTopicWithoutAnswerThatARecordChoseIsWaitedFor) {
  start(to_a_chosen_topic());
  fail("topic", "out", absl::StatusCode::kDeadlineExceeded);
  send();
  run_rounds(100);
  EXPECT_GE(log_.count(kTriesAgain), 1) << log_.text();
  cluster_.clear_fault();
  run_until_counted();
}

TEST_F(StreamThreadFaults, ATopicThatARecordChoseWithoutAnswerForTheTaskTimeoutIsAnError) {
  start(to_a_chosen_topic(), {{"task.timeout.ms", "5000"}});
  fail("topic", "out", absl::StatusCode::kDeadlineExceeded);
  send();
  EXPECT_THAT(std::string(run_until_error().message()),
              AllOf(HasSubstr("topic of out: nobody answers"), HasSubstr("task.timeout.ms=5000")));
}

TEST_F(StreamThreadFaults, ATaskWithoutAnswerForTheTaskTimeoutIsAnError) {
  fail("committed", "in-1");
  start(counts(), {{"task.timeout.ms", "20000"}});
  run_rounds(1900);
  const absl::Status error = run_until_error(1s);
  EXPECT_TRUE(absl::IsDeadlineExceeded(error)) << error;
  EXPECT_THAT(std::string(error.message()), AllOf(HasSubstr("task 0_1"), HasSubstr("committed of in-1: nobody answers"),
                                                  HasSubstr("20s"), HasSubstr("task.timeout.ms=20000")));
}

TEST_F(StreamThreadFaults, WhatIsNotGoingToPassIsAnErrorAtOnce) {
  fail("committed", "in-1", absl::StatusCode::kPermissionDenied);
  start(counts());
  EXPECT_TRUE(absl::IsPermissionDenied(run_until_error()));
}

TEST_F(StreamThreadFaults, ACommitWithoutAnswerIsRepeatedAndNothingIsProcessedMeanwhile) {
  start(counts());
  send();
  run_until_counted();
  cluster_.set_fault([](const Request& request) {
    return request.what == "flush" ? absl::DeadlineExceededError("flush with 3 records to go") : absl::OkStatus();
  });
  send();
  run_until([this] { return log_.count(kTriesAgain) == 1; });
  const auto processed = thread_->metrics().processed.load();
  send();
  run_rounds(1000);
  EXPECT_EQ(thread_->metrics().processed, processed);
  EXPECT_EQ(committed(0) + committed(1), 2 * kKeys);
  EXPECT_EQ(log_.count("warn"), 1) << log_.text();
  cluster_.clear_fault();
  run_until_counted();
}

TEST_F(StreamThreadFaults, ACommitWithoutAnswerForTheTaskTimeoutIsAnError) {
  start(counts(), {{"task.timeout.ms", "5000"}});
  send();
  run_until_counted();
  fail("commit", "in-0");
  send();
  const absl::Status error = run_until_error();
  EXPECT_THAT(std::string(error.message()), AllOf(HasSubstr("commit: without success for 5s"), HasSubstr("in-0")));
}

TEST_F(StreamThreadFaults, WhatWasGivenUpIsDoneAgain) {
  start(counts());
  send();
  cluster_.set_fault([done = false](const Request& request) mutable {
    if (request.what != "flush" || std::exchange(done, true)) return absl::OkStatus();
    return absl::AbortedError("delivery to out-0: given up");
  });
  run_until([this] { return committed(0) + committed(1) == sent_; });
  EXPECT_GE(total(), sent_);
  EXPECT_EQ(log_.count("warn: what was not committed is done again"), 1) << log_.text();
}

TEST_F(StreamThreadFaults, ADeliveryThatIsGivenUpAgainAndAgainIsAnErrorAndNotCommitted) {
  start(counts(), {{"task.timeout.ms", "1000"}});
  send();
  cluster_.set_fault([](const Request& request) {
    return request.what == "flush" ? absl::AbortedError("delivery to out-0: given up") : absl::OkStatus();
  });
  const absl::Status error = run_until_error();
  EXPECT_THAT(std::string(error.message()), HasSubstr("delivery to out-0"));
  EXPECT_EQ(committed(0) + committed(1), 0);
}

TEST_F(StreamThreadFaults, AGroupThatHasMovedOnIsNoError) {
  start(counts());
  send();
  run_until_counted();
  fail("commit", "in-0", absl::StatusCode::kFailedPrecondition);
  send();
  run_until([this] { return log_.count("the group has moved on") == 1; });
  cluster_.clear_fault();
  run_rounds(100);
}

TEST_F(StreamThreadFaults, AGroupThatHasMovedOnIsNoErrorForWhoLeavesIt) {
  start(counts());
  send();
  run_until_counted();
  fail("commit", "in-0", absl::StatusCode::kFailedPrecondition);
  const absl::Status left = thread_->leave();
  EXPECT_TRUE(left.ok()) << left;
  EXPECT_EQ(log_.count("warn: the last commit was given up"), 1) << log_.text();
}

// Who has nothing new to commit does not notice by itself that the group has moved on.
TEST_F(StreamThreadFaults, TheDiskIsNotTakenToHaveWhatOthersHaveWritten) {
  start(counts());
  send();
  run_until_counted();
  const TopicHandle changelog = producer_->topic("app-counts-changelog", 1s).value();
  ASSERT_TRUE(producer_->send({.topic = changelog, .partition = 0, .key = "k0", .value = "7 "}).ok());
  cluster_.set_fault([](const Request& request) {
    return request.what == "commit" ? absl::FailedPreconditionError("others have it") : absl::OkStatus();
  });
  EXPECT_TRUE(thread_->leave().ok());
  cluster_.clear_fault();
  start(counts());
  run_until([this] { return thread_->state() == ThreadState::kRunning; });
  EXPECT_GT(thread_->metrics().restored, 0U);
}

}  // namespace
}  // namespace levada::testing
