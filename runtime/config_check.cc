#include <optional>
#include <string_view>

#include <fmt/format.h>

#include <levada/core/status_macros.h>
#include <levada/runtime/client_properties.h>
#include <levada/runtime/client_rules.h>
#include <levada/runtime/config_check.h>
#include <levada/runtime/config_harmony.h>
#include <levada/runtime/config_keys.h>
#include <levada/runtime/librdkafka_keys.h>
#include <levada/runtime/nearest_key.h>

namespace levada::internal {

namespace {

constexpr std::string_view kTopicPrefix = "topic.";
constexpr std::string_view kClientTagPrefix = "client.tag.";
constexpr std::string_view kAppPrefix = "app.";  // for the application's own use: Context::app_configs()

// A secret's value would be in librdkafka's message too.
absl::Status wrong(const ConfigEntry& entry, const absl::Status& why) {
  const bool secret = is_secret_key(entry.key);
  const std::string value = secret ? "********" : entry.value;
  const std::string reason = secret ? "the value is not valid" : std::string(why.message());
  return absl::Status(why.code(), fmt::format("{} = {} ({}): {}", entry.key, value, entry.source, reason));
}

absl::Status unusable(const ConfigEntry& entry, std::string_view why) {
  return absl::InvalidArgumentError(fmt::format("{} ({}): {}", entry.key, entry.source, why));
}

absl::Status unknown(const ConfigEntry& entry, const LibrdkafkaKeys& keys) {
  const std::string nearest = nearest_key(entry.key, keys);
  return unusable(entry, nearest.empty() ? "there is no such key"
                                         : fmt::format("there is no such key; the nearest is {}", nearest));
}

// Consumers' keys with producer. in front, and the other way round.
absl::Status check_side(const ConfigEntry& entry, std::string_view prefix, const LibrdkafkaKey& key) {
  if (prefix.empty() || (key.consumer && key.producer)) return absl::OkStatus();
  if (prefix == "admin.") return unusable(entry, "admin clients have no such key");
  if (prefix == "producer.") {
    return key.producer ? absl::OkStatus() : unusable(entry, "it is a key of consumers");
  }
  return key.consumer ? absl::OkStatus() : unusable(entry, "it is a key of producers");
}

absl::Status check_client_value(const ConfigEntry& entry, const ClientKey& parts, const LibrdkafkaKeys& keys) {
  const LibrdkafkaKey& key = *keys.find(parts.key);
  LEVADA_RETURN_IF_ERROR(check_side(entry, parts.prefix, key));
  // Kafka's word for what librdkafka calls "error".
  const bool none = key.name == "auto.offset.reset" && entry.value == "none";
  absl::Status status = none ? absl::OkStatus() : keys.check(parts.key, entry.value);
  if (status.ok()) status = check_client_rules(key.name, entry.value);
  return status.ok() ? status : wrong(entry, status);
}

absl::Status check_own_value(const ConfigEntry& entry, const ConfigKey& key) {
  // What is refused whatever its value is said without the value.
  if (key.use == ConfigUse::kRefused) return unusable(entry, key.doc);
  const absl::Status status = check_value(key, entry.value);
  return status.ok() ? status : wrong(entry, status);
}

absl::Status check_entry(const ConfigEntry& entry, const LibrdkafkaKeys& keys) {
  if (const ConfigKey* own = find_config_key(entry.key)) return check_own_value(entry, *own);
  const ClientKey parts = split_client_key(entry.key);
  if (keys.find(parts.key) != nullptr) return check_client_value(entry, parts, keys);
  if (entry.key.starts_with(kTopicPrefix) && entry.key.size() > kTopicPrefix.size()) return absl::OkStatus();
  if (entry.key.starts_with(kClientTagPrefix) || entry.key.starts_with(kAppPrefix)) return absl::OkStatus();
  if (const std::string_view hint = java_client_hint(parts.key); !hint.empty()) {
    return unusable(entry, fmt::format("librdkafka has no such key; {}", hint));
  }
  return unknown(entry, keys);
}

}  // namespace

absl::Status check_config(const ConfigEntries& entries) {
  const LibrdkafkaKeys keys;
  for (const auto& [name, entry] : entries) LEVADA_RETURN_IF_ERROR(check_entry(entry, keys));
  return check_harmony(entries, keys);
}

std::vector<std::string> ineffective_keys(const ConfigEntries& entries) {
  std::vector<std::string> told;
  for (const auto& [name, entry] : entries) {
    const ConfigKey* key = find_config_key(name);
    const bool tag = name.starts_with(kClientTagPrefix);
    if (!tag && (key == nullptr || key->use != ConfigUse::kNoEffect)) continue;
    const std::string_view why = tag ? "Rack-aware assignment does not exist in this version." : key->doc;
    told.push_back(fmt::format("{} ({}) has no effect: {}", name, entry.source, why));
  }
  return told;
}

}  // namespace levada::internal
