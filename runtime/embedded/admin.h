// The Admin of the embedded cluster (runtime/admin.h has the contract). Nothing here ever waits.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <levada/runtime/admin.h>
#include <levada/runtime/embedded/broker.h>

namespace levada::internal::embedded {

class EmbeddedAdmin final : public Admin {
 public:
  EmbeddedAdmin(Broker& broker, IsolationLevel isolation) : broker_(broker), isolation_(isolation) {}

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
  Broker& broker_;
  const IsolationLevel isolation_;
};

}  // namespace levada::internal::embedded
