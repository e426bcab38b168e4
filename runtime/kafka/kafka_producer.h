// The Producer over librdkafka: idempotent, partitioned as Java's producer does it, told only of deliveries that fail.
//
// librdkafka takes a timestamp of 0 for "none": a record of that very millisecond is written one later.
// What is fatal for an idempotent librdkafka client (a gap in its sequence, say) costs what it was sending, and another
// client takes its place with flush(). A transactional one is its owner's to replace.
//
// Owned and used by one thread. Failures are remembered until flush() (the first one, and how many).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <levada/runtime/kafka/client.h>
#include <levada/runtime/kafka/handles.h>
#include <levada/runtime/producer.h>

namespace levada::internal {

class KafkaProducer final : public Producer, private ClientEvents {
 public:
  static absl::StatusOr<std::unique_ptr<Producer>> create(ClientConfig config, const Logger& log);
  ~KafkaProducer() override;

  void set_delivery_listener(DeliveryListener* listener) override { listener_ = listener; }
  absl::StatusOr<TopicHandle> topic(const std::string& name, Duration timeout) override;
  Partition partitions(TopicHandle topic) const override;
  absl::Status send(const OutgoingRecord& record) override;
  absl::Status flush(Duration timeout) override;

  absl::Status init_transactions(Duration timeout) override;
  absl::Status begin_transaction() override;
  absl::Status send_offsets(absl::Span<const CommittedOffset> offsets, const GroupMetadata& group,
                            Duration timeout) override;
  absl::Status commit_transaction(Duration timeout) override;
  absl::Status abort_transaction(Duration timeout) override;

 private:
  struct Topic {
    std::string name = {};
    Partition partitions = 0;
    KafkaPtr<rd_kafka_topic_s> handle = {};
  };

  KafkaProducer(ClientConfig config, std::unique_ptr<KafkaClient> client, Duration message_timeout);

  KafkaPtr<rd_kafka_error_s> try_send(const Topic& topic, const OutgoingRecord& record);
  absl::Status send_when_there_is_room(const Topic& topic, const OutgoingRecord& record);
  absl::Status fatal_status() const;
  absl::Status renew();
  absl::Status refusal(const rd_kafka_error_s& error, const Topic& topic, const OutgoingRecord& record);
  void serve();
  void on_rebalance(int, rd_kafka_topic_partition_list_s*) override {}
  void on_delivery_failure(const rd_kafka_message_s* message) override;
  absl::Status settle(const rd_kafka_message_s& message, const absl::Status& reason);

  // kafka_transactions.cc
  absl::Status transaction_status(const rd_kafka_error_s* error, std::string_view what) const;

  const ClientConfig config_;
  const bool transactional_;
  std::unique_ptr<KafkaClient> client_;
  const Duration message_timeout_;
  std::vector<Topic> topics_;
  std::uint32_t sent_since_served_ = 0;
  bool in_transaction_ = false;
  absl::Status failure_;  // the first since the last flush()
  std::uint64_t failures_ = 0;
  DeliveryListener* listener_ = nullptr;
};

}  // namespace levada::internal
