#include <functional>
#include <map>

#include <absl/status/status.h>
#include <absl/strings/numbers.h>
#include <fmt/format.h>

#include <levada/runtime/embedded/client_settings.h>

namespace levada::internal::embedded {
namespace {

// Returns what was expected if the value is wrong, else nothing.
using Setter = std::function<std::string(const std::string& value, ClientSettings& settings)>;

Setter text(std::string ClientSettings::*member) {
  return [member](const std::string& value, ClientSettings& settings) {
    settings.*member = value;
    return std::string();
  };
}

Setter milliseconds(Duration ClientSettings::*member) {
  return [member](const std::string& value, ClientSettings& settings) -> std::string {
    std::int64_t count = 0;
    if (!absl::SimpleAtoi(value, &count) || count < 1) return "a positive number of milliseconds";
    settings.*member = Duration(count);
    return {};
  };
}

template <typename Choice>
Setter choice(Choice ClientSettings::*member, std::map<std::string, Choice> choices) {
  return [member, choices](const std::string& value, ClientSettings& settings) -> std::string {
    const auto found = choices.find(value);
    if (found != choices.end()) {
      settings.*member = found->second;
      return {};
    }
    std::string expected;
    for (const auto& [name, each] : choices) expected += (expected.empty() ? "" : ", ") + name;
    return "one of " + expected;
  };
}

std::string set_message_max_bytes(const std::string& value, ClientSettings& settings) {
  return absl::SimpleAtoi(value, &settings.message_max_bytes) ? "" : "a number of bytes";
}

std::map<std::string, Setter> setters() {
  const std::map<std::string, ResetPolicy> resets = {
      {"earliest", ResetPolicy::kEarliest}, {"smallest", ResetPolicy::kEarliest}, {"beginning", ResetPolicy::kEarliest},
      {"latest", ResetPolicy::kLatest},     {"largest", ResetPolicy::kLatest},    {"end", ResetPolicy::kLatest},
      {"none", ResetPolicy::kNone},         {"error", ResetPolicy::kNone},
  };
  const std::map<std::string, IsolationLevel> levels = {{"read_committed", IsolationLevel::kReadCommitted},
                                                        {"read_uncommitted", IsolationLevel::kReadUncommitted}};
  return {
      {"client.id", text(&ClientSettings::client_id)},
      {"group.id", text(&ClientSettings::group_id)},
      {"group.instance.id", text(&ClientSettings::instance_id)},
      {"session.timeout.ms", milliseconds(&ClientSettings::session_timeout)},
      {"auto.offset.reset", choice(&ClientSettings::reset_policy, resets)},
      {"isolation.level", choice(&ClientSettings::isolation, levels)},
      {"transactional.id", text(&ClientSettings::transactional_id)},
      {"transaction.timeout.ms", milliseconds(&ClientSettings::transaction_timeout)},
      {"message.max.bytes", set_message_max_bytes},
  };
}

}  // namespace

absl::StatusOr<ClientSettings> parse_client_settings(const ClientProperties& properties) {
  const std::map<std::string, Setter> known = setters();
  ClientSettings settings;
  for (const auto& [key, value] : properties) {
    const auto setter = known.find(key);
    if (setter == known.end()) continue;
    const std::string expected = setter->second(value, settings);
    if (!expected.empty()) return absl::InvalidArgumentError(fmt::format("{}={}: expected {}", key, value, expected));
  }
  return settings;
}

}  // namespace levada::internal::embedded
