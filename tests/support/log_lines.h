// A log a test looks into: each event as "level: message field=value field=value".
//
//   LogLines log;
//   run(Logger(log, LogLevel::kInfo));
//   EXPECT_EQ(log.count("warn: does not succeed yet"), 1);
#pragma once

#include <mutex>
#include <string>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include <levada/core/log.h>

namespace levada::testing {

class LogLines final : public LogSink {
 public:
  void write(const LogEvent& event) override {
    std::string line = fmt::format("{}: {}", log_level_name(event.level), event.message);
    for (const LogField& field : event.fields) {
      std::visit([&](const auto& value) { line += fmt::format(" {}={}", field.name, value); }, field.value.variant());
    }
    const std::lock_guard lock(mutex_);
    lines_.push_back(std::move(line));
  }

  // How many lines have `text` in them.
  int count(const std::string& text) const {
    const std::lock_guard lock(mutex_);
    int count = 0;
    for (const std::string& line : lines_) count += line.find(text) == std::string::npos ? 0 : 1;
    return count;
  }
  std::string text() const {
    const std::lock_guard lock(mutex_);
    return fmt::format("{}", fmt::join(lines_, "\n"));
  }

 private:
  mutable std::mutex mutex_ = {};
  std::vector<std::string> lines_ = {};
};

}  // namespace levada::testing
