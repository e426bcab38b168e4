// Where log events go when the application wants Levada to write them: through spdlog, as text or as JSON lines.
//
//   const std::unique_ptr<LogSink> sink = make_stderr_log_sink(LogFormat::kJson);
//   Logger log(*sink, config.log_level());
//   // 2026-01-01T00:00:00.000Z warn record skipped topic=orders partition=3
//   // {"time":"2026-01-01T00:00:00.000Z","level":"warn","message":"record skipped","topic":"orders","partition":3}
//
// Nothing is written unless the application makes a sink. Sinks are thread-safe and never throw.
#pragma once

#include <cstdint>
#include <memory>

#include <levada/core/log.h>

namespace spdlog {
class logger;
}

namespace levada {

enum class LogFormat : std::uint8_t { kText, kJson };

// Lines on stderr, each with its time in UTC.
std::unique_ptr<LogSink> make_stderr_log_sink(LogFormat format);

// Lines through a logger of the application's own, whose pattern and sinks decide about time and place. `logger` must
// outlive the sink. Its level and the Logger's both apply.
std::unique_ptr<LogSink> make_spdlog_sink(spdlog::logger& logger, LogFormat format);

}  // namespace levada
