#include <array>
#include <utility>
#include <vector>

#include <absl/strings/numbers.h>
#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

#include <levada/core/status_macros.h>
#include <levada/runtime/kafka/client_config.h>

namespace levada::internal {

namespace {

using Setting = std::pair<std::string, std::string>;

// Better than librdkafka's own where a stream processor is concerned; the caller may say otherwise.
std::vector<Setting> defaults_of(ClientKind kind) {
  std::vector<Setting> settings = {
      {"client.id", "levada"}, {"socket.nagle.disable", "true"}, {"reconnect.backoff.max.ms", "1000"}};
  if (kind == ClientKind::kConsumer) {
    // Beyond queued.min.messages a partition leaves the fetch list for up to a second: let memory be the bound instead.
    // A new assignment, and the end of a partition, wait for the fetch that is under way: let that be short. A topic
    // that is not there is told of sooner than after half a minute.
    settings.insert(settings.end(), {{"queued.min.messages", "1000000"},
                                     {"queued.max.messages.kbytes", "65536"},
                                     {"fetch.wait.max.ms", "100"},
                                     {"fetch.error.backoff.ms", "100"},
                                     {"topic.metadata.propagation.max.ms", "5000"}});
  }
  if (kind == ClientKind::kProducer) {
    settings.insert(settings.end(), {{"acks", "all"},
                                     {"enable.idempotence", "true"},
                                     {"partitioner", "murmur2_random"},
                                     {"queue.buffering.max.messages", "1000000"}});
  }
  return settings;
}

// What the code beside this file is written for. A caller may repeat it, not contradict it.
std::vector<Setting> requirements_of(ClientKind kind, std::string_view group_protocol) {
  std::vector<Setting> settings = {{"allow.auto.create.topics", "false"}};
  if (kind == ClientKind::kConsumer) {
    const char* assignor = group_protocol == "consumer" ? "group.remote.assignor" : "partition.assignment.strategy";
    settings.insert(settings.end(), {{"enable.auto.commit", "false"},
                                     {"enable.auto.offset.store", "false"},
                                     {"enable.partition.eof", "true"},
                                     {assignor, "range"}});
  }
  if (kind == ClientKind::kProducer) settings.push_back({"delivery.report.only.error", "true"});
  return settings;
}

bool is_secret(std::string_view key) {
  constexpr std::array<std::string_view, 6> kWords = {"password",     "secret",      "ssl.key",
                                                      "ssl.keystore", "oauthbearer", "jaas"};
  for (const std::string_view word : kWords) {
    if (key.find(word) != std::string_view::npos) return true;
  }
  return false;
}

absl::Status set(rd_kafka_conf_s* conf, const std::string& key, const std::string& value) {
  std::array<char, 512> reason = {};
  const rd_kafka_conf_res_t result = rd_kafka_conf_set(conf, key.c_str(), value.c_str(), reason.data(), reason.size());
  if (result == RD_KAFKA_CONF_OK) return absl::OkStatus();
  if (result == RD_KAFKA_CONF_UNKNOWN) return absl::InvalidArgumentError(fmt::format("property {}: unknown", key));
  if (is_secret(key)) return absl::InvalidArgumentError(fmt::format("property {}: its value is not valid", key));
  return absl::InvalidArgumentError(fmt::format("property {}={}: {}", key, value, reason.data()));
}

std::string get(const rd_kafka_conf_s* conf, const std::string& key) {
  std::array<char, 1024> value = {};
  std::size_t size = value.size();
  if (rd_kafka_conf_get(conf, key.c_str(), value.data(), &size) != RD_KAFKA_CONF_OK) return "";
  return value.data();
}

// Compares as librdkafka prints values, so that "TRUE" is no contradiction to "true".
absl::Status require(rd_kafka_conf_s* conf, const Setting& setting, bool given) {
  const std::string before = get(conf, setting.first);
  LEVADA_RETURN_IF_ERROR(set(conf, setting.first, setting.second));
  if (!given || before == get(conf, setting.first)) return absl::OkStatus();
  return absl::InvalidArgumentError(
      fmt::format("property {}: {} is not possible, it is always {}", setting.first, before, setting.second));
}

// Earlier ones do not know the key, or have the protocol as a preview.
absl::Status check_group_protocol(const ClientProperties& properties) {
  constexpr int kReady = 0x020c0000;
  for (const auto& [key, value] : properties) {
    if (key != "group.protocol" || value == "classic" || rd_kafka_version() >= kReady) continue;
    return absl::InvalidArgumentError(fmt::format(
        "property group.protocol={}: needs librdkafka 2.12 or later, this is {}", value, rd_kafka_version_str()));
  }
  return absl::OkStatus();
}

bool contains(const ClientProperties& properties, std::string_view key) {
  for (const auto& [name, value] : properties) {
    if (name == key) return true;
  }
  return false;
}

}  // namespace

ClientConfig::ClientConfig(ClientKind kind) : kind_(kind), conf_(rd_kafka_conf_new()) {}

absl::StatusOr<ClientConfig> ClientConfig::make(ClientKind kind, const ClientProperties& common,
                                                const ClientProperties& own) {
  ClientConfig config(kind);
  for (const ClientProperties* properties : {&common, &own}) {
    LEVADA_RETURN_IF_ERROR(check_group_protocol(*properties));
  }
  for (const auto& [key, value] : defaults_of(kind)) LEVADA_RETURN_IF_ERROR(config.apply(key, value));
  // Only librdkafka 2.2 and later know it; fetch_watch.h is for those before.
  if (kind == ClientKind::kConsumer) (void)rd_kafka_conf_set(config.conf(), "fetch.queue.backoff.ms", "5", nullptr, 0);
  for (const auto& [key, value] : common) LEVADA_RETURN_IF_ERROR(config.apply(key, value));
  for (const auto& [key, value] : own) LEVADA_RETURN_IF_ERROR(config.apply(key, value));
  for (const Setting& setting : requirements_of(kind, config.get("group.protocol"))) {
    const bool given = contains(common, setting.first) || contains(own, setting.first);
    LEVADA_RETURN_IF_ERROR(require(config.conf(), setting, given));
  }
  // Levada looks itself where a log begins and ends, so that reading below its beginning never jumps to the end.
  LEVADA_RETURN_IF_ERROR(set(config.conf(), "auto.offset.reset", "error"));
  if (config.get("bootstrap.servers").empty()) {
    return absl::InvalidArgumentError("property bootstrap.servers: missing, give the brokers as host:port,host:port");
  }
  return config;
}

ClientConfig ClientConfig::copy() const {
  ClientConfig copy(kind_);
  copy.offset_reset_ = offset_reset_;
  copy.conf_.reset(rd_kafka_conf_dup(conf_.get()));
  return copy;
}

std::string ClientConfig::get(std::string_view key) const { return internal::get(conf_.get(), std::string(key)); }

Duration ClientConfig::milliseconds(std::string_view key) const {
  Duration::rep count = 0;
  (void)absl::SimpleAtoi(get(key), &count);
  return Duration(count);
}

std::size_t ClientConfig::number(std::string_view key) const {
  std::size_t number = 0;
  (void)absl::SimpleAtoi(get(key), &number);
  return number;
}

absl::Status ClientConfig::apply(const std::string& key, const std::string& value) {
  if (key == "auto.offset.reset") return apply_offset_reset(value);
  return set(conf(), key, value);
}

absl::Status ClientConfig::apply_offset_reset(const std::string& value) {
  if (value == "earliest" || value == "smallest" || value == "beginning") {
    offset_reset_ = OffsetReset::kEarliest;
  } else if (value == "latest" || value == "largest" || value == "end") {
    offset_reset_ = OffsetReset::kLatest;
  } else if (value == "none" || value == "error") {
    offset_reset_ = OffsetReset::kNone;
  } else {
    return absl::InvalidArgumentError(
        fmt::format("property auto.offset.reset: \"{}\" is none of earliest, latest, none", value));
  }
  return absl::OkStatus();
}

}  // namespace levada::internal
