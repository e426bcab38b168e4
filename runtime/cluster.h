// Where the logs are: Apache Kafka (kafka_cluster.h) or the embedded cluster (embedded_cluster.h).
//
//   std::unique_ptr<Cluster> cluster = …;
//   absl::StatusOr<std::unique_ptr<Consumer>> consumer = cluster->consumer({{"group.id", "app"}});
//
// Thread-safe; clients must be destroyed before their cluster.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <absl/status/statusor.h>

#include <levada/runtime/admin.h>
#include <levada/runtime/consumer.h>
#include <levada/runtime/producer.h>

namespace levada {

// Kafka's own keys. The embedded cluster heeds group.id, group.instance.id, client.id, session.timeout.ms,
// auto.offset.reset, isolation.level, transactional.id, transaction.timeout.ms and message.max.bytes; it ignores the
// others.
using ClientProperties = std::vector<std::pair<std::string, std::string>>;

class Cluster {
 public:
  virtual ~Cluster() = default;

  virtual absl::StatusOr<std::unique_ptr<Consumer>> consumer(const ClientProperties& properties) = 0;
  virtual absl::StatusOr<std::unique_ptr<Producer>> producer(const ClientProperties& properties) = 0;
  virtual absl::StatusOr<std::unique_ptr<Admin>> admin(const ClientProperties& properties) = 0;
};

}  // namespace levada
