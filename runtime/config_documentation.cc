#include <string_view>

#include <fmt/format.h>

#include <levada/core/text.h>
#include <levada/runtime/client_rules.h>
#include <levada/runtime/config_documentation.h>
#include <levada/runtime/config_keys.h>

namespace levada {

namespace {

using internal::ConfigKey;
using internal::ConfigKind;
using internal::ConfigUse;

std::string choices(const ConfigKey& key) {
  std::string text;
  for (const std::string_view choice : internal::split(key.choices, '|')) {
    text += fmt::format("{}`{}`", text.empty() ? "" : ", ", internal::split(choice, '=').front());
  }
  return text;
}

std::string kind(const ConfigKey& key) {
  switch (key.kind) {
    case ConfigKind::kBool:
      return "`true`, `false`";
    case ConfigKind::kInteger:
      return "integer";
    case ConfigKind::kMilliseconds:
      return "milliseconds";
    case ConfigKind::kBytes:
      return "bytes";
    case ConfigKind::kSize:
      return "size";
    case ConfigKind::kChoice:
    case ConfigKind::kChoices:
      return choices(key);
    case ConfigKind::kString:
      break;
  }
  return "text";
}

std::string quoted(std::string_view text) { return text.empty() ? "" : fmt::format("`{}`", text); }

std::string used_keys() {
  std::string text = "| key | values | default | meaning |\n| --- | --- | --- | --- |\n";
  for (const ConfigKey& key : internal::config_keys()) {
    if (key.use != ConfigUse::kUsed) continue;
    text += fmt::format("| `{}` | {} | {} | {} |\n", key.name, kind(key), quoted(key.default_value), key.doc);
  }
  return text;
}

std::string keys_with_reason(ConfigUse use) {
  std::string text = "| key | why |\n| --- | --- |\n";
  for (const ConfigKey& key : internal::config_keys()) {
    if (key.use == use) text += fmt::format("| `{}` | {} |\n", key.name, key.doc);
  }
  return text;
}

std::string decided_keys() {
  std::string text = "| key | always | because |\n| --- | --- | --- |\n";
  for (const internal::ClientRule& rule : internal::client_rules()) {
    const std::string value = rule.value.empty() ? "not set" : quoted(rule.value);
    text += fmt::format("| `{}` | {} | {} |\n", rule.key, value, rule.reason);
  }
  return text;
}

}  // namespace

std::string config_documentation() {
  return fmt::format(
      "### Keys that are used\n\n{}\n"
      "### Client settings that Levada decides\n\nTo repeat them is allowed, to contradict them is an error.\n\n{}\n"
      "### Keys of which only the default is possible\n\n{}\n"
      "### Keys that are an error\n\n{}\n"
      "### Keys that are accepted and have no effect\n\nThe log says so at start.\n\n{}",
      used_keys(), decided_keys(), keys_with_reason(ConfigUse::kDefaultOnly), keys_with_reason(ConfigUse::kRefused),
      keys_with_reason(ConfigUse::kNoEffect));
}

}  // namespace levada
