// What the library has to say, handed to whoever wants to hear it: events with a level, a sentence and named fields.
//
//   std::unique_ptr<LogSink> sink = make_stderr_log_sink(LogFormat::kText);   // runtime/log_setup.h, or a sink of
//   yours Logger log(*sink, LogLevel::kInfo); Logger task_log = log.with({{"task", "0_3"}}); // fields that every event
//   will carry task_log.warn("record skipped", {{"topic", topic}, {"partition", 3}, {"offset", offset}, {"reason",
//   "null key"}});
//
// A Logger is a value, given to each part by its constructor; made without a sink it is silent. When a level is off, a
// call costs one branch and the building of its arguments. The sink outlives every Logger on it and is called from any
// thread. A sink must not throw.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <absl/strings/string_view.h>
#include <absl/types/span.h>

namespace levada {

enum class LogLevel : std::uint8_t { kTrace, kDebug, kInfo, kWarn, kError, kOff };

std::string_view log_level_name(LogLevel level);  // "trace" … "error", "off"
std::optional<LogLevel> parse_log_level(std::string_view name);

// A number, a truth or a text. The text is a view: it lives as long as the call that logs it.
class LogValue {
 public:
  using Variant = std::variant<std::string_view, std::int64_t, std::uint64_t, double, bool>;

  template <std::same_as<bool> T>
  LogValue(T value) : value_(value) {}
  template <std::signed_integral T>
  LogValue(T value) : value_(std::int64_t{value}) {}
  template <std::unsigned_integral T>
  requires(!std::same_as<T, bool>) LogValue(T value) : value_(std::uint64_t{value}) {}
  template <std::floating_point T>
  LogValue(T value) : value_(static_cast<double>(value)) {}
  template <std::convertible_to<std::string_view> T>
  LogValue(const T& value) : value_(std::string_view(value)) {}
  // The message of an absl::Status: in Debian's Abseil a string_view of its own.
  template <std::same_as<absl::string_view> T>
  requires(!std::convertible_to<T, std::string_view>) LogValue(T text)
      : value_(std::string_view(text.data(), text.size())) {}

  const Variant& variant() const { return value_; }

 private:
  Variant value_;
};

struct LogField {
  std::string_view name;
  LogValue value;
};

// Views, all of them: a sink copies what it keeps.
struct LogEvent {
  LogLevel level;
  std::string_view message;
  absl::Span<const LogField> fields;
};

class LogSink {
 public:
  virtual ~LogSink() = default;
  virtual void write(const LogEvent& event) = 0;
};

class Logger {
 public:
  using Fields = std::initializer_list<LogField>;

  Logger() = default;  // silent
  Logger(LogSink& sink, LogLevel level) : sink_(&sink), level_(level) {}

  Logger with(Fields fields) const;

  bool enabled(LogLevel level) const { return level >= level_; }

  void log(LogLevel level, std::string_view message, Fields fields = {}) const {
    if (enabled(level)) [[unlikely]] {
      write(level, message, fields);
    }
  }
  void trace(std::string_view message, Fields fields = {}) const { log(LogLevel::kTrace, message, fields); }
  void debug(std::string_view message, Fields fields = {}) const { log(LogLevel::kDebug, message, fields); }
  void info(std::string_view message, Fields fields = {}) const { log(LogLevel::kInfo, message, fields); }
  void warn(std::string_view message, Fields fields = {}) const { log(LogLevel::kWarn, message, fields); }
  void error(std::string_view message, Fields fields = {}) const { log(LogLevel::kError, message, fields); }

 private:
  using OwnedValue = std::variant<std::string, std::int64_t, std::uint64_t, double, bool>;

  void write(LogLevel level, std::string_view message, Fields fields) const;

  LogSink* sink_ = nullptr;
  LogLevel level_ = LogLevel::kOff;
  std::vector<std::pair<std::string, OwnedValue>> context_ = {};
};

}  // namespace levada
