#include <cstddef>
#include <string>

#include <fmt/format.h>

#include <levada/core/duration_text.h>
#include <levada/core/text.h>
#include <levada/runtime/config_keys.h>

namespace levada::internal {

namespace {

std::string expected_number(const ConfigKey& key) {
  const std::string_view what = key.kind == ConfigKind::kMilliseconds ? "a number of milliseconds"
                                : key.kind == ConfigKind::kBytes      ? "a number of bytes"
                                                                      : "an integer";
  if (key.maximum == std::numeric_limits<std::int64_t>::max()) {
    return fmt::format("expected {}, {} or more", what, key.minimum);
  }
  return fmt::format("expected {} from {} to {}", what, key.minimum, key.maximum);
}

absl::Status check_number(const ConfigKey& key, std::string_view value) {
  const std::optional<std::int64_t> number = parse_integer(value);
  if (number && *number >= key.minimum && *number <= key.maximum) return absl::OkStatus();
  return absl::InvalidArgumentError(expected_number(key));
}

absl::Status check_size(const ConfigKey& key, std::string_view value) {
  const absl::StatusOr<std::int64_t> size = parse_size(value);
  if (size.ok() && *size >= key.minimum) return absl::OkStatus();
  return absl::InvalidArgumentError(
      fmt::format("expected a size such as 512MiB, {} or more", format_size(key.minimum)));
}

absl::Status check_bool(std::string_view value) {
  if (equals_ignoring_case(value, "true") || equals_ignoring_case(value, "false")) return absl::OkStatus();
  return absl::InvalidArgumentError("expected true or false");
}

absl::Status check_choice(const ConfigKey& key, std::string_view value) {
  if (canonical_choice(key, value)) return absl::OkStatus();
  std::string allowed;
  for (const std::string_view choice : split(key.choices, '|')) {
    allowed += fmt::format("{}{}", allowed.empty() ? "" : ", ", split(choice, '=').front());
  }
  return absl::InvalidArgumentError(fmt::format("expected one of: {}", allowed));
}

// What says "all" or "none" stands alone.
absl::Status check_choices(const ConfigKey& key, std::string_view value) {
  const auto parts = split(value, ',');
  for (const std::string_view part : parts) {
    const std::string_view name = trim(part);
    if (absl::Status status = check_choice(key, name); !status.ok()) return status;
    const std::string_view choice = *canonical_choice(key, name);
    if (parts.size() > 1 && (choice == "all" || choice == "none")) {
      return absl::InvalidArgumentError(fmt::format("{} stands alone", choice));
    }
  }
  return absl::OkStatus();
}

absl::Status check_kind(const ConfigKey& key, std::string_view value) {
  switch (key.kind) {
    case ConfigKind::kInteger:
    case ConfigKind::kMilliseconds:
    case ConfigKind::kBytes:
      return check_number(key, value);
    case ConfigKind::kSize:
      return check_size(key, value);
    case ConfigKind::kBool:
      return check_bool(value);
    case ConfigKind::kChoice:
      return check_choice(key, value);
    case ConfigKind::kChoices:
      return check_choices(key, value);
    case ConfigKind::kString:
      break;
  }
  return absl::OkStatus();
}

bool is_default(const ConfigKey& key, std::string_view value) {
  if (key.kind != ConfigKind::kChoice) return equals_ignoring_case(value, key.default_value);
  return canonical_choice(key, value) == canonical_choice(key, key.default_value);
}

std::string_view without_package(std::string_view class_name) {
  const std::size_t dot = class_name.find_last_of(".$");
  return dot == std::string_view::npos ? class_name : class_name.substr(dot + 1);
}

}  // namespace

const ConfigKey* find_config_key(std::string_view name) {
  for (const ConfigKey& key : config_keys()) {
    if (key.name == name) return &key;
  }
  return nullptr;
}

absl::Status check_value(const ConfigKey& key, std::string_view value) {
  switch (key.use) {
    case ConfigUse::kUsed:
      return check_kind(key, value);
    case ConfigUse::kNoEffect:
      return absl::OkStatus();
    case ConfigUse::kDefaultOnly:
      if (is_default(key, value)) return absl::OkStatus();
      break;
    case ConfigUse::kRefused:
      break;
  }
  return absl::InvalidArgumentError(std::string(key.doc));
}

std::optional<std::string_view> canonical_choice(const ConfigKey& key, std::string_view value) {
  for (const std::string_view choice : split(key.choices, '|')) {
    const auto spellings = split(choice, '=');
    for (const std::string_view spelling : spellings) {
      if (equals_ignoring_case(spelling, value) || equals_ignoring_case(spelling, without_package(value))) {
        return spellings.front();
      }
    }
  }
  return std::nullopt;
}

}  // namespace levada::internal
