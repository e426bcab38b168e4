#include "bench/support/kafka_handle.h"

#include <array>
#include <memory>
#include <stdexcept>

#include <fmt/core.h>

namespace bench {
namespace {

constexpr int kTimeoutMs = 30'000;

void set(rd_kafka_conf_t* conf, const std::string& key, const std::string& value) {
  std::array<char, 512> why{};
  if (rd_kafka_conf_set(conf, key.c_str(), value.c_str(), why.data(), why.size()) != RD_KAFKA_CONF_OK) {
    throw std::runtime_error(fmt::format("{}={}: {}", key, value, why.data()));
  }
}

struct ConfDeleter {
  void operator()(rd_kafka_conf_t* conf) const { rd_kafka_conf_destroy(conf); }
};

struct MetadataDeleter {
  void operator()(const rd_kafka_metadata_t* metadata) const { rd_kafka_metadata_destroy(metadata); }
};

}  // namespace

void KafkaHandleDeleter::operator()(rd_kafka_s* handle) const { rd_kafka_destroy(handle); }
void KafkaHandleDeleter::operator()(rd_kafka_topic_s* topic) const { rd_kafka_topic_destroy(topic); }
void KafkaHandleDeleter::operator()(rd_kafka_queue_s* queue) const { rd_kafka_queue_destroy(queue); }

KafkaHandle make_handle(const HandleKind& kind, const Connection& connection) {
  std::unique_ptr<rd_kafka_conf_t, ConfDeleter> conf(rd_kafka_conf_new());
  set(conf.get(), "bootstrap.servers", connection.bootstrap_servers);
  set(conf.get(), "socket.nagle.disable", "true");
  for (const auto& [key, value] : kind.tuning) set(conf.get(), key, value);
  for (const auto& [key, value] : connection.settings) set(conf.get(), key, value);
  if (kind.prepare) kind.prepare(conf.get());

  std::array<char, 512> why{};
  KafkaHandle handle(rd_kafka_new(kind.type, conf.get(), why.data(), why.size()));
  if (handle == nullptr) throw std::runtime_error(fmt::format("cannot make a Kafka client: {}", why.data()));
  static_cast<void>(conf.release());  // rd_kafka_new took it
  return handle;
}

std::int32_t partition_count(rd_kafka_t* handle, rd_kafka_topic_t* topic) {
  const rd_kafka_metadata_t* answer = nullptr;
  throw_on(rd_kafka_metadata(handle, 0, topic, &answer, kTimeoutMs), "metadata");
  const std::unique_ptr<const rd_kafka_metadata_t, MetadataDeleter> metadata(answer);
  const rd_kafka_metadata_topic& found = metadata->topics[0];
  throw_on(found.err, fmt::format("topic {}", rd_kafka_topic_name(topic)));
  return found.partition_cnt;
}

void throw_on(rd_kafka_resp_err_t error, const std::string& action) {
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
    throw std::runtime_error(fmt::format("{}: {}", action, rd_kafka_err2str(error)));
  }
}

}  // namespace bench
