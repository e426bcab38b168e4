#include <array>
#include <cstddef>
#include <type_traits>

#include <levada/core/log.h>

namespace levada {

namespace {

constexpr std::array<std::string_view, 6> kLevelNames = {"trace", "debug", "info", "warn", "error", "off"};

}  // namespace

std::string_view log_level_name(LogLevel level) { return kLevelNames[static_cast<std::size_t>(level)]; }

std::optional<LogLevel> parse_log_level(std::string_view name) {
  for (std::size_t i = 0; i < kLevelNames.size(); ++i) {
    if (kLevelNames[i] == name) return static_cast<LogLevel>(i);
  }
  return std::nullopt;
}

Logger Logger::with(Fields fields) const {
  Logger extended = *this;
  for (const LogField& field : fields) {
    std::visit(
        [&extended, &field](const auto& value) {
          if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::string_view>) {
            extended.context_.emplace_back(field.name, std::string(value));
          } else {
            extended.context_.emplace_back(field.name, value);
          }
        },
        field.value.variant());
  }
  return extended;
}

void Logger::write(LogLevel level, std::string_view message, Fields fields) const {
  if (sink_ == nullptr) return;
  std::vector<LogField> all;
  all.reserve(context_.size() + fields.size());
  for (const auto& [name, owned] : context_) {
    std::visit([&all, &name](const auto& value) { all.push_back({name, value}); }, owned);
  }
  all.insert(all.end(), fields.begin(), fields.end());
  sink_->write({.level = level, .message = message, .fields = all});
}

}  // namespace levada
