#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include <levada/core/duration_text.h>
#include <levada/core/status_macros.h>
#include <levada/core/text.h>
#include <levada/runtime/client_properties.h>
#include <levada/runtime/config_harmony.h>
#include <levada/runtime/config_keys.h>

namespace levada::internal {

namespace {

constexpr std::size_t kLongestApplicationId = 200;  // room for the names of stores in a topic name of 249

absl::Status wrong(const ConfigEntry& entry, std::string_view why) {
  return absl::InvalidArgumentError(fmt::format("{} = {} ({}): {}", entry.key, entry.value, entry.source, why));
}

absl::StatusOr<const ConfigEntry*> required(const ConfigEntries& entries, std::string_view key, std::string_view what) {
  const auto found = entries.find(key);
  if (found != entries.end() && !found->second.value.empty()) return &found->second;
  return absl::InvalidArgumentError(fmt::format("{} is not set: {}", key, what));
}

bool is_topic_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

absl::Status check_application_id(const ConfigEntries& entries) {
  LEVADA_ASSIGN_OR_RETURN(const ConfigEntry* entry,
                          required(entries, "application.id", "name the application, e.g. order-analytics"));
  if (!std::all_of(entry->value.begin(), entry->value.end(), is_topic_character)) {
    return wrong(*entry, "expected letters, digits, '.', '_' and '-': it begins the names of topics");
  }
  if (entry->value == "." || entry->value == "..") return wrong(*entry, "it names a folder, and cannot be . or ..");
  if (entry->value.size() > kLongestApplicationId) {
    return wrong(*entry, fmt::format("expected {} characters at most", kLongestApplicationId));
  }
  return absl::OkStatus();
}

bool is_server(std::string_view server) {
  const std::size_t scheme = server.find("://");
  if (scheme != std::string_view::npos) server.remove_prefix(scheme + 3);
  const std::size_t colon = server.rfind(':');
  if (colon == 0 || colon == std::string_view::npos) return false;
  const std::optional<std::int64_t> port = parse_integer(server.substr(colon + 1));
  return port && *port > 0 && *port < 65'536;
}

absl::Status check_bootstrap_servers(const ConfigEntries& entries) {
  LEVADA_ASSIGN_OR_RETURN(
      const ConfigEntry* entry,
      required(entries, "bootstrap.servers", "give the cluster as host:port,host:port, or say embedded"));
  if (entry->value == "embedded") return absl::OkStatus();
  for (const std::string_view server : split(entry->value, ',')) {
    if (!is_server(trim(server))) return wrong(*entry, "expected host:port,host:port, or embedded");
  }
  return absl::OkStatus();
}

// A number that a client will use: the application's, or librdkafka's default.
struct Setting {
  const ConfigEntry* entry = nullptr;
  std::int64_t value = 0;
};

template <class Entries>
Setting setting(const Entries& own, const std::string& key, std::int64_t otherwise) {
  const auto found = own.find(key);
  if (found == own.end()) return {.entry = nullptr, .value = otherwise};
  return {.entry = &found->second, .value = parse_integer(found->second.value).value_or(otherwise)};
}

absl::Status check_session_is_the_brokers(const std::map<std::string, ConfigEntry>& own) {
  for (const std::string key : {"session.timeout.ms", "heartbeat.interval.ms"}) {
    const auto found = own.find(key);
    if (found == own.end()) continue;
    return wrong(found->second,
                 fmt::format("with group.protocol=consumer the broker decides, by group.consumer.{}", key));
  }
  return absl::OkStatus();
}

absl::Status check_session(const ConfigEntries& entries, const LibrdkafkaKeys& keys) {
  const std::map<std::string, ConfigEntry> own = client_entries(entries, keys, ClientRole::kMainConsumer);
  if (has_consumer_protocol(entries)) return check_session_is_the_brokers(own);
  const Setting heartbeat = setting(own, "heartbeat.interval.ms", 3'000);
  const Setting session = setting(own, "session.timeout.ms", 45'000);
  const Setting poll = setting(own, "max.poll.interval.ms", 300'000);
  if (heartbeat.value >= session.value) {
    const bool heartbeat_set = heartbeat.entry != nullptr;
    return heartbeat_set ? wrong(*heartbeat.entry,
                                 fmt::format("must be less than session.timeout.ms, which is {}", session.value))
                         : wrong(*session.entry,
                                 fmt::format("must be more than heartbeat.interval.ms, which is {}", heartbeat.value));
  }
  if (session.value <= poll.value) return absl::OkStatus();
  const bool poll_set = poll.entry != nullptr;
  return poll_set
             ? wrong(*poll.entry, fmt::format("must not be less than session.timeout.ms, which is {}", session.value))
             : wrong(*session.entry,
                     fmt::format("must not be more than max.poll.interval.ms, which is {}", poll.value));
}

absl::Status check_group_id(const ConfigEntries& entries, const LibrdkafkaKeys& keys) {
  const std::map<std::string, ConfigEntry> own = client_entries(entries, keys, ClientRole::kMainConsumer);
  const auto group = own.find("group.id");
  const std::string& application = entries.find("application.id")->second.value;
  if (group == own.end() || group->second.value == application) return absl::OkStatus();
  return wrong(group->second, fmt::format("the group is named by application.id, which is {}", application));
}

absl::Status check_bootstrap_is_one(const ConfigEntries& entries, const LibrdkafkaKeys& keys) {
  for (const auto& [name, entry] : entries) {
    if (name == "bootstrap.servers") continue;
    const LibrdkafkaKey* key = keys.find(split_client_key(name).key);
    if (key != nullptr && key->name == "bootstrap.servers") {
      return wrong(entry, "all clients go to one cluster: set bootstrap.servers");
    }
  }
  return absl::OkStatus();
}

// A transaction lasts from one commit to the next, and what is sent in it cannot be delivered later than it ends.
absl::Status check_transaction_timeout(const ConfigEntries& entries, const LibrdkafkaKeys& keys) {
  const std::map<std::string, ConfigEntry> own = client_entries(entries, keys, ClientRole::kProducer);
  const Setting timeout = setting(own, "transaction.timeout.ms", kTransactionTimeout);
  const Setting interval = setting(entries, "commit.interval.ms", kCommitIntervalUnderExactlyOnce);
  const Setting delivery = setting(own, "delivery.timeout.ms", timeout.value);
  if (interval.value > timeout.value) {
    return wrong(interval.entry != nullptr ? *interval.entry : *timeout.entry,
                 fmt::format("under exactly_once_v2 commit.interval.ms, which is {}, must not be more than "
                             "transaction.timeout.ms, which is {}",
                             interval.value, timeout.value));
  }
  if (delivery.value <= timeout.value) return absl::OkStatus();
  return wrong(
      *delivery.entry,
      fmt::format("must not be more than transaction.timeout.ms, which is {}, under exactly_once_v2", timeout.value));
}

absl::Status check_transactions(const ConfigEntries& entries, const LibrdkafkaKeys& keys) {
  if (!is_exactly_once(entries)) return absl::OkStatus();
  for (const ClientRole role : {ClientRole::kMainConsumer, ClientRole::kRestoreConsumer, ClientRole::kGlobalConsumer}) {
    const std::map<std::string, ConfigEntry> own = client_entries(entries, keys, role);
    const auto isolation = own.find("isolation.level");
    if (isolation == own.end() || equals_ignoring_case(isolation->second.value, "read_committed")) continue;
    return wrong(isolation->second,
                 "must be read_committed: under exactly_once_v2 what was aborted counts for nothing");
  }
  return check_transaction_timeout(entries, keys);
}

absl::Status check_memory(const ConfigEntries& entries) {
  const auto memory = entries.find("levada.memory.max.bytes");
  auto cache = entries.find("statestore.cache.max.bytes");
  if (cache == entries.end()) cache = entries.find("cache.max.bytes.buffering");
  const std::string budget = memory == entries.end()
                                 ? std::string(find_config_key("levada.memory.max.bytes")->default_value)
                                 : memory->second.value;
  if (cache == entries.end()) return absl::OkStatus();
  if (parse_integer(cache->second.value).value_or(0) <= parse_size(budget).value_or(0)) return absl::OkStatus();
  return wrong(cache->second, fmt::format("is more than levada.memory.max.bytes, of which it is a part: {}", budget));
}

}  // namespace

absl::Status check_harmony(const ConfigEntries& entries, const LibrdkafkaKeys& keys) {
  LEVADA_RETURN_IF_ERROR(check_application_id(entries));
  LEVADA_RETURN_IF_ERROR(check_bootstrap_servers(entries));
  LEVADA_RETURN_IF_ERROR(check_bootstrap_is_one(entries, keys));
  LEVADA_RETURN_IF_ERROR(check_group_id(entries, keys));
  LEVADA_RETURN_IF_ERROR(check_session(entries, keys));
  LEVADA_RETURN_IF_ERROR(check_transactions(entries, keys));
  return check_memory(entries);
}

}  // namespace levada::internal
