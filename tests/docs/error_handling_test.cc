// The code of docs/error-handling.md.
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/levada.h>

#include "tests/support/temporary_directory.h"

namespace levada {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

struct UnknownProduct : std::runtime_error {
  using std::runtime_error::runtime_error;
};

absl::StatusOr<Topology> orders() {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("orders")
      .map_values([](const std::string& product) {
        if (product == "?") throw UnknownProduct("nobody knows it");
        return product;
      })
      .to("known");
  return builder.build();
}

TEST(ErrorHandling, DeadLettersByConfiguration) {
  StreamsConfig config;
  // clang-format off
  config.set("processing.exception.handler", "log-and-continue");
  config.set("errors.dead.letter.queue.topic.name", "orders-dlq");
  // clang-format on
  const Topology topology = orders().value();
  TopologyTestDriver driver(topology, {.errors = config.error_policy()});
  driver.input<std::string, std::string>("orders").pipe("k", "?", Timestamp(1s));
  EXPECT_EQ(driver.records("orders-dlq").at(0).value, "?");
}

TEST(ErrorHandling, HandlersOfOnesOwn) {
  // clang-format off
  ExceptionHandlers handlers;
  handlers.processing = [](const ErrorHandlerContext& where, const AnyRecord*, const ErrorDetails& error) {
    if (error.type.ends_with("UnknownProduct")) return ErrorResponse::resume({dead_letter("orders-dlq", where, error)});
    return ErrorResponse::fail();
  };
  // clang-format on
  const Topology topology = orders().value();
  TopologyTestDriver driver(topology, {.errors = {.handlers = handlers}});
  auto in = driver.input<std::string, std::string>("orders");
  in.pipe("k", "?", Timestamp(1s));
  in.pipe("k", "book", Timestamp(2s));
  EXPECT_THAT((driver.output<std::string, std::string>("known").read_values()), ElementsAre("book"));
  EXPECT_EQ(driver.records("orders-dlq").size(), 1U);
}

TEST(ErrorHandling, Threads) {
  const testing::TemporaryDirectory state;
  StreamsAppOptions options;
  // clang-format off
  options.uncaught_exception_handler = [](const absl::Status& failure) {
    return absl::IsUnavailable(failure) ? UncaughtExceptionResponse::kReplaceThread
                                        : UncaughtExceptionResponse::kShutdownApplication;
  };
  // clang-format on
  StreamsConfig config;
  config.set("application.id", "error-handling-page");
  config.set("bootstrap.servers", "embedded");
  config.set("state.dir", state.path().string());
  auto app = StreamsApp::start(orders(), config, options);
  ASSERT_TRUE(app.ok()) << app.status();
  ASSERT_TRUE(app->wait_until_running(30s).ok());
  // clang-format off
  ASSERT_TRUE(app->add_stream_thread().ok());
  app->pause();   // nothing is processed; the application stays in its group
  app->resume();
  ASSERT_TRUE(app->remove_stream_thread(30s).ok());
  // clang-format on
  EXPECT_TRUE(app->stop().ok());
}

}  // namespace
}  // namespace levada
