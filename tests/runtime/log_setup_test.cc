#include <memory>
#include <sstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/ostream_sink.h>

#include <levada/runtime/log_setup.h>

namespace levada {
namespace {

using testing::MatchesRegex;
using testing::internal::CaptureStderr;
using testing::internal::GetCapturedStderr;

std::string on_stderr(LogFormat format) {
  CaptureStderr();
  const std::unique_ptr<LogSink> sink = make_stderr_log_sink(format);
  const Logger log(*sink, LogLevel::kDebug);
  log.trace("not this");
  log.debug("record {} skipped", {{"topic", "orders"}, {"partition", 3}});
  return GetCapturedStderr();
}

TEST(LogSetup, WritesTextLinesWithTheTime) {
  EXPECT_THAT(on_stderr(LogFormat::kText),
              MatchesRegex("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{3}Z debug "
                           "record [{][}] skipped topic=orders partition=3\n"));
}

TEST(LogSetup, WritesJsonLinesWithTheTime) {
  EXPECT_THAT(on_stderr(LogFormat::kJson),
              MatchesRegex("[{]\"time\":\"[-0-9T:.]{23}Z\",\"level\":\"debug\",\"message\":\"record [{][}] skipped\","
                           "\"topic\":\"orders\",\"partition\":3[}]\n"));
}

class OwnLogger : public testing::Test {
 protected:
  OwnLogger() {
    logger_.set_level(spdlog::level::warn);
    logger_.set_pattern("[%l] %v");
  }

  std::ostringstream out_;
  spdlog::logger logger_{"own", std::make_shared<spdlog::sinks::ostream_sink_mt>(out_)};
};

TEST_F(OwnLogger, GetsTextUnderItsOwnPatternAndLevel) {
  const std::unique_ptr<LogSink> sink = make_spdlog_sink(logger_, LogFormat::kText);
  const Logger log(*sink, LogLevel::kTrace);
  log.info("quiet");
  log.error("broken", {{"offset", 7}});
  EXPECT_EQ(out_.str(), "[error] broken offset=7\n");
}

TEST_F(OwnLogger, GetsWholeJsonObjects) {
  const std::unique_ptr<LogSink> sink = make_spdlog_sink(logger_, LogFormat::kJson);
  const Logger log(*sink, LogLevel::kTrace);
  log.warn("broken", {{"offset", 7}});
  EXPECT_EQ(out_.str(), "[warning] {\"level\":\"warn\",\"message\":\"broken\",\"offset\":7}\n");
}

}  // namespace
}  // namespace levada
