#include <string>
#include <utility>

#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <levada/core/log_text.h>
#include <levada/runtime/log_setup.h>

namespace levada {

namespace {

spdlog::level::level_enum spdlog_level(LogLevel level) {
  switch (level) {
    case LogLevel::kTrace:
      return spdlog::level::trace;
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarn:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
    case LogLevel::kOff:
      break;
  }
  return spdlog::level::off;
}

class SpdlogSink final : public LogSink {
 public:
  SpdlogSink(spdlog::logger& logger, LogFormat format) : logger_(logger), format_(format) {}

  void write(const LogEvent& event) override {
    std::string line;
    if (format_ == LogFormat::kText) {
      append_log_text(event, line);
    } else {
      line = "{";
      append_log_json_members(event, line);
      line += '}';
    }
    logger_.log(spdlog_level(event.level), line);
  }

 private:
  spdlog::logger& logger_;
  LogFormat format_;
};

class StderrSink final : public LogSink {
 public:
  explicit StderrSink(LogFormat format)
      : format_(format), logger_("levada", std::make_shared<spdlog::sinks::stderr_sink_mt>()) {
    logger_.set_level(spdlog::level::trace);
    // spdlog's own handler would print.
    logger_.set_error_handler([](const std::string&) {});
    logger_.set_formatter(std::make_unique<spdlog::pattern_formatter>(
        format == LogFormat::kText ? "%Y-%m-%dT%H:%M:%S.%eZ %v" : "{\"time\":\"%Y-%m-%dT%H:%M:%S.%eZ\",%v}",
        spdlog::pattern_time_type::utc));
  }

  void write(const LogEvent& event) override {
    std::string line;
    if (format_ == LogFormat::kText) {
      line = log_level_name(event.level);
      line += ' ';
      append_log_text(event, line);
    } else {
      append_log_json_members(event, line);
    }
    logger_.log(spdlog_level(event.level), line);
  }

 private:
  LogFormat format_;
  spdlog::logger logger_;
};

}  // namespace

std::unique_ptr<LogSink> make_stderr_log_sink(LogFormat format) { return std::make_unique<StderrSink>(format); }

std::unique_ptr<LogSink> make_spdlog_sink(spdlog::logger& logger, LogFormat format) {
  return std::make_unique<SpdlogSink>(logger, format);
}

}  // namespace levada
