#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <fstream>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include <levada/core/status_macros.h>
#include <levada/core/text.h>
#include <levada/runtime/config_keys.h>
#include <levada/runtime/config_sources.h>
#include <levada/runtime/properties_text.h>

namespace levada::internal {

namespace {

constexpr std::string_view kVariablePrefix = "LEVADA_";
constexpr std::string_view kNotForUs = "TEST_";  // how Levada's own tests find their broker

// "NUM_STREAM_THREADS" → "num.stream.threads"; two underscores are one, three a hyphen.
std::string key_of_variable(std::string_view name) {
  std::string key;
  while (!name.empty()) {
    const std::size_t underscores = std::min(name.find_first_not_of('_'), name.size());
    if (underscores == 0) {
      key += name[0];
      name.remove_prefix(1);
      continue;
    }
    key += underscores == 1 ? '.' : underscores == 2 ? '_' : '-';
    name.remove_prefix(std::min<std::size_t>(underscores, 3));
  }
  return to_lower(key);
}

// LEVADA_LOG_LEVEL rather than LEVADA_LEVADA_LOG_LEVEL.
std::string with_own_prefix(std::string key) {
  const std::string own = "levada." + key;
  return find_config_key(own) != nullptr ? own : key;
}

}  // namespace

absl::StatusOr<std::vector<ConfigEntry>> parse_properties(std::string_view text, const std::string& name) {
  std::vector<ConfigEntry> entries;
  PropertiesText properties(text);
  while (std::optional<Property> property = properties.next()) {
    entries.push_back({.key = std::move(property->key),
                       .value = std::string(trim(property->value)),
                       .source = fmt::format("{}:{}", name, property->line)});
  }
  if (!properties.error().empty()) {
    return absl::InvalidArgumentError(fmt::format("{}:{}: {}", name, properties.line(), properties.error()));
  }
  return entries;
}

absl::StatusOr<std::vector<ConfigEntry>> read_properties_file(const std::string& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::string text;
  for (std::array<char, 4096> chunk; file.good();) {
    file.read(chunk.data(), chunk.size());
    text.append(chunk.data(), static_cast<std::size_t>(file.gcount()));
  }
  if (!file.is_open() || file.bad()) {
    return absl::NotFoundError(fmt::format("cannot read configuration file {}: {}", path, std::strerror(errno)));
  }
  return parse_properties(text, path);
}

std::vector<ConfigEntry> read_environment(absl::Span<const std::string> variables) {
  std::vector<ConfigEntry> entries;
  for (const std::string_view variable : variables) {
    const std::size_t equals = variable.find('=');
    const std::string_view name = variable.substr(0, equals);
    if (equals == std::string_view::npos || !name.starts_with(kVariablePrefix)) continue;
    const std::string_view suffix = name.substr(kVariablePrefix.size());
    if (suffix.empty() || suffix.starts_with(kNotForUs)) continue;
    entries.push_back({.key = with_own_prefix(key_of_variable(suffix)),
                       .value = std::string(trim(variable.substr(equals + 1))),
                       .source = fmt::format("environment variable {}", name)});
  }
  return entries;
}

absl::StatusOr<std::vector<ConfigEntry>> parse_assignments(absl::Span<const std::string> assignments) {
  std::vector<ConfigEntry> entries;
  for (std::size_t i = 0; i < assignments.size(); ++i) {
    const std::string_view assignment = assignments[i];
    const std::size_t equals = assignment.find('=');
    if (equals == std::string_view::npos || trim(assignment.substr(0, equals)).empty()) {
      return absl::InvalidArgumentError(fmt::format("setting {} is not of the form key=value", i + 1));
    }
    entries.push_back({.key = std::string(trim(assignment.substr(0, equals))),
                       .value = std::string(trim(assignment.substr(equals + 1))),
                       .source = "--set"});
  }
  return entries;
}

}  // namespace levada::internal
