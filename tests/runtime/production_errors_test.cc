// Records that brokers refuse, or do not take in time, after they were sent: who is asked, and what becomes of the
// rest.
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/levada.h>

#include "tests/runtime/stepped_app.h"

namespace levada::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;

const std::map<std::string, std::string> kExactlyOnce = {{"processing.guarantee", "exactly_once_v2"}};

Topology copies() {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("in").to("out");
  return builder.build().value();
}

Topology counts() {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("in")
      .group_by_key()
      .count({.store = "counts"})
      .to_stream()
      .map_values([](const std::int64_t& count) { return std::to_string(count); })
      .to("out");
  return builder.build().value();
}

// The delivery of such a record fails so, as often as `times` says.
void fail_deliveries(SteppedApp& app, const std::string& record, absl::StatusCode code, int times = 1'000'000) {
  app.cluster().set_fault([=](const Request& request) mutable {
    if (request.what != "delivery" || request.about != record || times-- <= 0) return absl::OkStatus();
    return absl::Status(code, "delivery of " + record + ": as the test wants it");
  });
}

constexpr auto kTooLate = absl::StatusCode::kAborted;
constexpr auto kRefused = absl::StatusCode::kInvalidArgument;

class ProductionErrors : public ::testing::TestWithParam<bool> {
 protected:
  void start(Topology topology, std::map<std::string, std::string> more = {}, ExceptionHandlers handlers = {}) {
    if (is_exactly_once()) more.insert(kExactlyOnce.begin(), kExactlyOnce.end());
    app_.start(std::move(topology), more, std::move(handlers));
  }
  static bool is_exactly_once() { return GetParam(); }

  SteppedApp app_{{"in", "out", "dead"}};
};

TEST_P(ProductionErrors, WhatBrokersDoNotTakeInTimeIsDoneAgain) {
  start(copies());
  fail_deliveries(app_, "out: b", kTooLate, 2);
  for (const char* value : {"a", "b", "c"}) app_.send("in", "k", value, 1);
  app_.run_until([&] { return app_.values("out").size() >= 3 && app_.values("out").back() == "c"; });
  if (is_exactly_once()) {
    EXPECT_THAT(app_.values("out"), ElementsAre("a", "b", "c"));
  } else {
    EXPECT_THAT(app_.values("out"), IsSupersetOf({"a", "b", "c"}));
  }
  EXPECT_EQ(app_.log().count("begin anew"), 2) << app_.log().text();
}

TEST_P(ProductionErrors, AHandlerIsAskedWhetherToTryAgain) {
  std::vector<std::string> asked;
  ExceptionHandlers handlers;
  handlers.production = [&asked](const ErrorHandlerContext&, const FailedOutput& output, const ErrorDetails& error) {
    asked.push_back(std::string(output.topic) + (error.is_retriable ? " retriable" : ""));
    return asked.size() < 3 ? ErrorResponse::retry() : ErrorResponse::fail();
  };
  start(copies(), {}, handlers);
  fail_deliveries(app_, "out: b", kTooLate);
  app_.send("in", "k", "b", 1);
  const absl::Status error = app_.run_until_error();
  EXPECT_THAT(std::string(error.message()), HasSubstr("as the test wants it"));
  EXPECT_THAT(asked, ElementsAre("out retriable", "out retriable", "out retriable"));
}

TEST_P(ProductionErrors, ToTryAgainWhatIsNotRetriableIsToFail) {
  ExceptionHandlers handlers;
  handlers.production = [](const ErrorHandlerContext&, const FailedOutput&, const ErrorDetails&) {
    return ErrorResponse::retry();
  };
  start(copies(), {}, handlers);
  fail_deliveries(app_, "out: b", kRefused);
  app_.send("in", "k", "b", 1);
  EXPECT_THAT(std::string(app_.run_until_error().message()), HasSubstr("as the test wants it"));
}

TEST_P(ProductionErrors, WhatBrokersRefuseEndsTheApplication) {
  start(copies());
  fail_deliveries(app_, "out: b", kRefused);
  app_.send("in", "k", "b", 1);
  EXPECT_THAT(std::string(app_.run_until_error().message()), HasSubstr("as the test wants it"));
  EXPECT_THAT(app_.values("out"), IsEmpty());
}

TEST_P(ProductionErrors, WhatBrokersRefuseCanBeLeftOut) {
  start(copies(),
        {{"production.exception.handler", "log-and-continue"}, {"errors.dead.letter.queue.topic.name", "dead"}});
  fail_deliveries(app_, "out: b", kRefused);
  for (const char* value : {"a", "b", "c"}) app_.send("in", "k", value, 1);
  app_.run_until([&] { return app_.values("out").size() == 2; });
  app_.run_rounds(20);
  EXPECT_THAT(app_.values("out"), ElementsAre("a", "c"));
  // Under exactly-once it is refused once more at its sink, which has the bytes of its source.
  EXPECT_THAT(app_.values("dead"), ElementsAre(is_exactly_once() ? "b" : "(null)"));
  EXPECT_EQ(app_.thread().dropped().count(DropReason::kProduction), 1U);
  app_.send("in", "k", "d", 1);
  app_.run_until([&] { return app_.values("out").size() == 3; });
}

TEST_P(ProductionErrors, OfAChangelogNothingIsLeftOut) {
  start(counts(), {{"production.exception.handler", "log-and-continue"}});
  app_.cluster().set_fault([](const Request& request) {
    const bool fails = request.what == "delivery" && request.about.starts_with("app-counts-changelog: ");
    return fails ? absl::InvalidArgumentError("too large, as the test wants it") : absl::OkStatus();
  });
  app_.send("in", "k", "v", 1);
  EXPECT_THAT(std::string(app_.run_until_error().message()), HasSubstr("too large"));
}

INSTANTIATE_TEST_SUITE_P(Guarantees, ProductionErrors, ::testing::Bool(),
                         [](const ::testing::TestParamInfo<bool>& guarantee) {
                           return guarantee.param ? "ExactlyOnce" : "AtLeastOnce";
                         });

// What is wrong with a record tells a processor; its letter goes with the rest of the transaction.
Topology checked() {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("in")
      .map_values([](const std::string& value) {
        if (value == "bad") throw std::runtime_error("no");
        return value;
      })
      .to("out");
  return builder.build().value();
}

const std::map<std::string, std::string> kLetters = {{"processing.guarantee", "exactly_once_v2"},
                                                     {"processing.exception.handler", "log-and-continue"},
                                                     {"errors.dead.letter.queue.topic.name", "dead"}};

TEST(DeadLettersExactlyOnce, AreSeenWithTheirTransaction) {
  SteppedApp app({"in", "out", "dead"});
  app.start(checked(), kLetters);
  app.run_until([&] { return app.thread().state() == ThreadState::kRunning; });
  for (const char* value : {"good", "bad"}) app.send("in", "k", value, 1);
  app.run_until([&] { return !app.values("dead", "read_uncommitted").empty(); });
  EXPECT_THAT(app.values("dead"), IsEmpty());
  app.run_until([&] { return !app.values("out").empty(); });
  EXPECT_THAT(app.values("dead"), ElementsAre("bad"));
}

TEST(DeadLettersExactlyOnce, AreNeverSeenOfATransactionThatWasAborted) {
  bool fails = true;  // the application asks until its end
  SteppedApp app({"in", "out", "dead"});
  app.start(checked(), kLetters);
  app.cluster().set_fault([&](const Request& request) {
    return fails && request.what == "send_offsets" ? absl::AbortedError("no") : absl::OkStatus();
  });
  app.send("in", "k", "bad", 1);
  app.run_until([&] { return app.log().count("the transaction is given up") == 2; });
  EXPECT_THAT(app.values("dead"), IsEmpty());
  fails = false;
  app.run_until([&] { return !app.values("dead").empty(); });
  app.run_rounds(50);
  EXPECT_THAT(app.values("dead"), ElementsAre("bad"));
}

TEST(DeadLettersExactlyOnce, OfAFailureAreNotSeen) {
  SteppedApp app({"in", "out", "dead"});
  std::map<std::string, std::string> config = kLetters;
  config["processing.exception.handler"] = "log-and-fail";
  app.start(checked(), config);
  app.send("in", "k", "bad", 1);
  EXPECT_THAT(std::string(app.run_until_error().message()), HasSubstr("no"));
  app.kill();
  EXPECT_THAT(app.values("dead"), IsEmpty());
}

TEST(RefusedRecords, AreSuspectsAtFirst) {
  RefusedRecords refused;
  const FailedDelivery failed{.topic = "t", .key = "k", .value = "v", .reason = absl::InvalidArgumentError("no")};
  refused.add(failed);
  EXPECT_TRUE(refused.find("t", "k", "v")->is_suspect);
  refused.add(failed);
  EXPECT_FALSE(refused.find("t", "k", "v")->is_suspect);
  EXPECT_EQ(refused.find("t", "k", std::nullopt), nullptr);
  EXPECT_EQ(refused.find("tk", "", "v"), nullptr);
  refused.clear();
  EXPECT_TRUE(refused.empty());
}

}  // namespace
}  // namespace levada::testing
