// Apache Kafka, through librdkafka.
//
//   absl::StatusOr<std::unique_ptr<Cluster>> kafka = KafkaCluster::create({{"bootstrap.servers", "kafka:9092"}}, log);
//   auto consumer = (*kafka)->consumer({{"group.id", "app"}});
//
// The properties are librdkafka's own and go to every client made here; each client may have more, which win. Some are
// not the caller's to choose: offsets are committed by the caller only, groups use the range assignor, topics are never
// created by asking for them. Better defaults than librdkafka's: idempotent producers (acks=all, Java's partitioner),
// up to 64 MB of prefetch a consumer whatever the number of records, no Nagle delay.
//
// create() and the factories fail with kInvalidArgument, naming the key; none of them waits for a broker. A client that
// cannot reach its brokers goes on trying: its calls fail when their time is over, with the last failure in the
// message.
#pragma once

#include <memory>

#include <absl/status/statusor.h>

#include <levada/core/log.h>
#include <levada/runtime/cluster.h>

namespace levada {

class KafkaCluster final : public Cluster {
 public:
  static absl::StatusOr<std::unique_ptr<Cluster>> create(ClientProperties properties, Logger log = Logger());

  absl::StatusOr<std::unique_ptr<Consumer>> consumer(const ClientProperties& properties) override;
  absl::StatusOr<std::unique_ptr<Producer>> producer(const ClientProperties& properties) override;
  absl::StatusOr<std::unique_ptr<Admin>> admin(const ClientProperties& properties) override;

 private:
  KafkaCluster(ClientProperties properties, Logger log);

  const ClientProperties properties_;
  const Logger log_;
};

}  // namespace levada
