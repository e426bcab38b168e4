// The Admin over librdkafka. Each request is sent, and its answer waited for, within the call.
//
// What only this client asks for is found in metadata requests about all topics, which create none.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <levada/runtime/admin.h>
#include <levada/runtime/kafka/client.h>
#include <levada/runtime/kafka/handles.h>

namespace levada::internal {

class KafkaAdmin final : public Admin {
 public:
  // Makes a consumer that stands for the group and never joins it.
  using OpenGroup = std::function<absl::StatusOr<std::unique_ptr<Consumer>>(const std::string& group)>;

  static absl::StatusOr<std::unique_ptr<Admin>> create(ClientConfig config, const Logger& log, OpenGroup open_group);
  ~KafkaAdmin() override;

  absl::Status create_topics(const std::vector<NewTopic>& topics, Duration timeout) override;
  absl::Status delete_topics(const std::vector<std::string>& topics, Duration timeout) override;
  absl::StatusOr<std::map<std::string, Partition>> describe_topics(const std::vector<std::string>& topics,
                                                                   Duration timeout) override;
  absl::StatusOr<std::vector<std::string>> list_topics(Duration timeout) override;
  absl::StatusOr<std::map<std::string, std::string>> topic_config(const std::string& topic, Duration timeout) override;
  absl::Status delete_records(absl::Span<const CommittedOffset> before, Duration timeout) override;

  absl::StatusOr<OffsetRange> offsets(const TopicPartition& partition, Duration timeout) override;
  absl::StatusOr<Offset> offset_at(const TopicPartition& partition, Timestamp time, Duration timeout) override;
  absl::StatusOr<std::vector<Offset>> end_offsets(absl::Span<const TopicPartition> partitions,
                                                  Duration timeout) override;
  absl::StatusOr<std::vector<CommittedOffset>> committed(const std::string& group,
                                                         absl::Span<const TopicPartition> partitions,
                                                         Duration timeout) override;
  absl::StatusOr<std::vector<CommittedOffset>> all_committed(const std::string& group, Duration timeout) override;
  absl::Status set_committed(const std::string& group, absl::Span<const CommittedOffset> offsets,
                             Duration timeout) override;
  absl::StatusOr<GroupDescription> describe_group(const std::string& group, Duration timeout) override;
  absl::Status delete_group(const std::string& group, Duration timeout) override;

 private:
  using EventPtr = KafkaPtr<rd_kafka_op_s>;
  using Send = std::function<void(const rd_kafka_AdminOptions_s* options, rd_kafka_queue_s* answers)>;

  KafkaAdmin(std::unique_ptr<KafkaClient> client, OpenGroup open_group);

  // The answer to one request; `operation` is librdkafka's rd_kafka_admin_op_t.
  absl::StatusOr<EventPtr> ask(int operation, std::string_view what, Duration timeout, const Send& send);
  // The consumer that stands for the group.
  absl::StatusOr<Consumer*> group(const std::string& name);
  absl::Status wait_until_usable(const std::vector<NewTopic>& topics, Duration timeout);

  std::unique_ptr<KafkaClient> client_;
  OpenGroup open_group_;
  std::map<std::string, std::unique_ptr<Consumer>> groups_ = {};
};

}  // namespace levada::internal
