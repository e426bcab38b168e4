#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include <levada/core/text.h>
#include <levada/runtime/client_properties.h>
#include <levada/runtime/client_rules.h>
#include <levada/runtime/config_keys.h>

namespace levada::internal {

namespace {

using Values = std::map<std::string, std::string>;

constexpr std::array<std::string_view, 6> kPrefixes = {"main.consumer.", "restore.consumer.", "global.consumer.",
                                                       "consumer.",      "producer.",         "admin."};

// What librdkafka 2.0 allocates for a message besides its bytes.
constexpr std::size_t kBytesPerFetchedMessage = 304;
constexpr std::size_t kBytesPerSentMessage = 176;
constexpr std::size_t kMaxMessages = 1'000'000;

bool is_consumer(ClientRole role) { return role != ClientRole::kProducer && role != ClientRole::kAdmin; }

std::vector<std::string_view> layers(ClientRole role) {
  switch (role) {
    case ClientRole::kMainConsumer:
      return {"", "consumer.", "main.consumer."};
    case ClientRole::kRestoreConsumer:
      return {"", "consumer.", "restore.consumer."};
    case ClientRole::kGlobalConsumer:
      return {"", "consumer.", "global.consumer."};
    case ClientRole::kProducer:
      return {"", "producer."};
    case ClientRole::kAdmin:
      return {"", "admin."};
  }
  return {};
}

bool applies(const LibrdkafkaKey& key, ClientRole role) {
  if (role == ClientRole::kAdmin) return key.consumer && key.producer;
  return is_consumer(role) ? key.consumer : key.producer;
}

std::string value_or(const ConfigEntries& entries, std::string_view key, const std::string& otherwise) {
  const auto found = entries.find(key);
  return found == entries.end() || found->second.value.empty() ? otherwise : found->second.value;
}

std::optional<std::string_view> choice(const ConfigEntries& entries, std::string_view name) {
  const ConfigKey& key = *find_config_key(name);
  return canonical_choice(key, value_or(entries, name, std::string(key.default_value)));
}

// Kafka Streams names its clients so; dashboards and quotas go by it.
std::string client_id(const ConfigEntries& entries, ClientRole role, const ClientOptions& options) {
  const std::string own = value_or(entries, "client.id", value_or(entries, "application.id", "levada"));
  std::string process = options.client_id.empty() ? own : options.client_id;
  if (role == ClientRole::kMainConsumer && !options.process_id.empty()) process += "-" + options.process_id;
  if (role == ClientRole::kAdmin) return process + "-admin";
  if (role == ClientRole::kGlobalConsumer) return process + "-global-consumer";
  const std::string_view kind = role == ClientRole::kMainConsumer      ? "consumer"
                                : role == ClientRole::kRestoreConsumer ? "restore-consumer"
                                                                       : "producer";
  return options.thread == 0 ? fmt::format("{}-{}", process, kind)
                             : fmt::format("{}-StreamThread-{}-{}", process, options.thread, kind);
}

// Half of the budget is for payloads, half for librdkafka's overhead. At its default of 100,000 queued messages a
// partition leaves the fetch list for up to a second, so the number is as high as the budget allows.
void add_consumer_defaults(const ClientOptions& options, ClientRole role, Values& values) {
  const std::size_t half = options.fetch_buffer_bytes / 2;
  const std::size_t messages = std::clamp<std::size_t>(half / kBytesPerFetchedMessage, 1'000, kMaxMessages);
  values["queued.min.messages"] = std::to_string(messages);
  values["queued.max.messages.kbytes"] = std::to_string(std::clamp<std::size_t>(half / 1024, 1'024, 2'097'151));
  values["fetch.max.bytes"] = std::to_string(std::clamp<std::size_t>(half, 1'048'576, 52'428'800));
  values["fetch.wait.max.ms"] = "100";
  values["allow.auto.create.topics"] = "false";
  values["isolation.level"] = "read_uncommitted";
  if (role == ClientRole::kMainConsumer) values["auto.offset.reset"] = "earliest";
}

void add_producer_defaults(const ClientOptions& options, Values& values) {
  const std::size_t half = options.send_buffer_bytes / 2;
  const std::size_t messages = std::clamp<std::size_t>(half / kBytesPerSentMessage, 1'000, kMaxMessages);
  values["batch.size"] = "131072";
  values["queue.buffering.max.messages"] = std::to_string(messages);
  values["queue.buffering.max.kbytes"] = std::to_string(std::clamp<std::size_t>(half / 1024, 1'024, 2'097'151));
}

// Kafka Streams' timeout. A transaction is often begun while the markers of the one before are still being written,
// which librdkafka finds out by asking again.
void add_transaction_defaults(Values& values) {
  values["transaction.timeout.ms"] = std::to_string(kTransactionTimeout);
  values["retry.backoff.ms"] = "20";
}

Values defaults(ClientRole role, const ClientOptions& options) {
  Values values = {{"socket.nagle.disable", "true"}, {"statistics.interval.ms", "0"}};
  if (is_consumer(role)) add_consumer_defaults(options, role, values);
  if (role == ClientRole::kProducer) add_producer_defaults(options, values);
  return values;
}

void add_group(const ConfigEntries& entries, int thread, Values& values) {
  values["group.id"] = value_or(entries, "application.id", "");
  const auto instance = values.find("group.instance.id");
  if (instance != values.end() && thread != 0) instance->second += fmt::format("-{}", thread);
  if (!has_consumer_protocol(entries)) return;
  values["group.protocol"] = "consumer";
  values.erase("partition.assignment.strategy");  // the broker assigns
}

// A consumer outside the group must not claim a member's identity, and starts where it is told, nowhere else.
void stay_outside_the_group(ClientRole role, Values& values) {
  values.erase("group.id");
  values.erase("group.instance.id");
  if (is_consumer(role)) values["auto.offset.reset"] = "none";
}

void add_rules(ClientRole role, Values& values) {
  for (const ClientRule& rule : client_rules()) {
    const bool applies = (rule.consumer && is_consumer(role)) || (rule.producer && role == ClientRole::kProducer);
    if (applies && !rule.value.empty()) values[std::string(rule.key)] = rule.value;
  }
}

// Consumers see what has been committed, nothing else. Administration sees more: where a log ends with all that is not
// decided yet, so that a restore can wait for it.
void add_transaction_rules(ClientRole role, const ClientOptions& options, Values& values) {
  if (is_consumer(role)) values["isolation.level"] = "read_committed";
  if (role == ClientRole::kAdmin) values["isolation.level"] = "read_uncommitted";
  if (role == ClientRole::kProducer && !options.transactional_id.empty()) {
    values["transactional.id"] = options.transactional_id;
  }
}

// Kafka compares these without regard to case; who reads them afterwards need not.
std::string normalised(const std::string& key, const std::string& value) {
  if (key != "auto.offset.reset" && key != "isolation.level") return value;
  return value == "error" ? "none" : to_lower(value);
}

}  // namespace

ClientKey split_client_key(std::string_view key) {
  for (const std::string_view prefix : kPrefixes) {
    if (key.starts_with(prefix)) return {.prefix = prefix, .key = key.substr(prefix.size())};
  }
  return {.prefix = {}, .key = key};
}

absl::Span<const std::string_view> client_prefixes() { return kPrefixes; }

bool is_exactly_once(const ConfigEntries& entries) {
  return choice(entries, "processing.guarantee") == "exactly_once_v2";
}

bool has_consumer_protocol(const ConfigEntries& entries) { return choice(entries, "group.protocol") == "consumer"; }

std::map<std::string, ConfigEntry> client_entries(const ConfigEntries& entries, const LibrdkafkaKeys& keys,
                                                  ClientRole role) {
  std::map<std::string, ConfigEntry> own;
  for (const std::string_view layer : layers(role)) {
    for (const auto& [name, entry] : entries) {
      const ClientKey parts = split_client_key(name);
      if (parts.prefix != layer || (layer.empty() && find_config_key(name) != nullptr)) continue;
      const LibrdkafkaKey* key = keys.find(parts.key);
      if (key != nullptr && applies(*key, role)) own.insert_or_assign(key->name, entry);
    }
  }
  return own;
}

ClientProperties client_properties(const ConfigEntries& entries, const LibrdkafkaKeys& keys, ClientRole role,
                                   const ClientOptions& options) {
  const bool transactional = is_exactly_once(entries);
  Values values = defaults(role, options);
  if (transactional && role == ClientRole::kProducer) add_transaction_defaults(values);
  values["bootstrap.servers"] = value_or(entries, "bootstrap.servers", "");
  values["client.id"] = client_id(entries, role, options);
  for (const auto& [key, entry] : client_entries(entries, keys, role)) values[key] = normalised(key, entry.value);
  add_rules(role, values);
  if (role == ClientRole::kMainConsumer) {
    add_group(entries, options.thread, values);
  } else {
    stay_outside_the_group(role, values);
  }
  if (transactional) add_transaction_rules(role, options, values);
  return {values.begin(), values.end()};
}

}  // namespace levada::internal
