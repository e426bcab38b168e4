#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <levada/core/status_macros.h>
#include <levada/runtime/kafka/client_config.h>
#include <levada/runtime/kafka/kafka_admin.h>
#include <levada/runtime/kafka/kafka_consumer.h>
#include <levada/runtime/kafka/kafka_producer.h>
#include <levada/runtime/kafka/kip848_consumer.h>
#include <levada/runtime/kafka_cluster.h>

namespace levada {

using internal::ClientConfig;
using internal::ClientKind;

namespace {

ClientProperties without_group(ClientProperties properties) {
  constexpr std::array<std::string_view, 5> kOfTheGroup = {"group.id", "group.instance.id", "group.protocol",
                                                           "max.poll.interval.ms", "group.remote.assignor"};
  std::erase_if(properties,
                [&](const auto& each) { return std::ranges::find(kOfTheGroup, each.first) != kOfTheGroup.end(); });
  return properties;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Cluster>> KafkaCluster::create(ClientProperties properties, Logger log) {
  for (const ClientKind kind : {ClientKind::kConsumer, ClientKind::kProducer}) {
    LEVADA_RETURN_IF_ERROR(ClientConfig::make(kind, properties, {}).status());
  }
  return std::unique_ptr<Cluster>(new KafkaCluster(std::move(properties), std::move(log)));
}

KafkaCluster::KafkaCluster(ClientProperties properties, Logger log)
    : properties_(std::move(properties)), log_(std::move(log)) {}

absl::StatusOr<std::unique_ptr<Consumer>> KafkaCluster::consumer(const ClientProperties& properties) {
  LEVADA_ASSIGN_OR_RETURN(ClientConfig config, ClientConfig::make(ClientKind::kConsumer, properties_, properties));
  if (config.get("group.protocol") != "consumer" || config.get("group.id").empty()) {
    return internal::KafkaConsumer::create(std::move(config), log_);
  }
  LEVADA_ASSIGN_OR_RETURN(ClientConfig reader, ClientConfig::make(ClientKind::kConsumer, without_group(properties_),
                                                                  without_group(properties)));
  return internal::Kip848Consumer::create(std::move(config), std::move(reader), log_);
}

absl::StatusOr<std::unique_ptr<Producer>> KafkaCluster::producer(const ClientProperties& properties) {
  LEVADA_ASSIGN_OR_RETURN(ClientConfig config, ClientConfig::make(ClientKind::kProducer, properties_, properties));
  return internal::KafkaProducer::create(std::move(config), log_);
}

absl::StatusOr<std::unique_ptr<Admin>> KafkaCluster::admin(const ClientProperties& properties) {
  LEVADA_ASSIGN_OR_RETURN(ClientConfig config, ClientConfig::make(ClientKind::kAdmin, properties_, properties));
  const auto open_group = [this, properties](const std::string& group) {
    ClientProperties of_group = properties;
    of_group.emplace_back("group.id", group);
    // Else it would wait for the end of every transaction that is about to commit offsets.
    of_group.emplace_back("isolation.level", "read_uncommitted");
    return consumer(of_group);
  };
  return internal::KafkaAdmin::create(std::move(config), log_, open_group);
}

}  // namespace levada
