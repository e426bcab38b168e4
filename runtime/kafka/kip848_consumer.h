// The Consumer in a group of Kafka's newer protocol (KIP-848, group.protocol=consumer; librdkafka 2.12 and later), made
// of two: a member that reads nothing, and a reader that is in no group.
//
// In such a group a client may change what it reads only by adding and removing partitions, and what it removes while
// the group waits for its answer is taken for that answer: others would begin with a partition whose offsets this one
// has yet to commit. A member that has never added any can answer when its listener has been told, and at no other
// time.
//
// Costs a client's threads and connections more than the classic protocol.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <levada/runtime/consumer.h>
#include <levada/runtime/kafka/client_config.h>
#include <levada/runtime/kafka/kafka_consumer.h>

namespace levada::internal {

class Kip848Consumer final : public Consumer, private RebalanceListener {
 public:
  // `reader` is like `member`, but for the group.
  static absl::StatusOr<std::unique_ptr<Consumer>> create(ClientConfig member, ClientConfig reader, const Logger& log);

  absl::Status subscribe(const std::vector<std::string>& topics, RebalanceListener& listener) override;
  absl::Status assign(absl::Span<const Assignment> partitions) override;
  absl::Status poll(Duration timeout, std::size_t max_records, RecordHandler& handler) override;
  void wake_up() override;
  absl::Status commit(absl::Span<const CommittedOffset> offsets) override;
  absl::StatusOr<std::vector<CommittedOffset>> committed(absl::Span<const TopicPartition> partitions,
                                                         Duration timeout) override;
  absl::StatusOr<OffsetRange> offsets(const TopicPartition& partition, Duration timeout) override;
  absl::StatusOr<std::vector<Offset>> end_offsets(absl::Span<const TopicPartition> partitions,
                                                  Duration timeout) override;
  absl::StatusOr<Offset> offset_at(const TopicPartition& partition, Timestamp time, Duration timeout) override;
  Offset last_known_end(const TopicPartition& partition) const override;
  GroupMetadata group_metadata() const override;

 private:
  Kip848Consumer(std::unique_ptr<KafkaConsumer> member, std::unique_ptr<KafkaConsumer> reader);

  // RebalanceListener of the member. What was read before is over with each.
  void on_assigned(const std::vector<TopicPartition>& partitions) override;
  void on_revoked(const std::vector<TopicPartition>& partitions) override;
  void on_lost(const std::vector<TopicPartition>& partitions) override;
  void read_nothing();

  std::unique_ptr<KafkaConsumer> reader_;
  std::unique_ptr<KafkaConsumer> member_;  // wakes the reader, so it goes first
  RebalanceListener* listener_ = nullptr;
  bool told_ = false;  // the listener, in this poll
};

}  // namespace levada::internal
