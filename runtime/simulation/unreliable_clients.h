// The clients of a UnreliableCluster: each asks it before a request goes to the real one.
//
// Used on their instance's thread.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <levada/runtime/simulation/unreliable_cluster.h>

namespace levada::internal {

class UnreliableConsumer final : public Consumer {
 public:
  UnreliableConsumer(UnreliableCluster& cluster, std::unique_ptr<Consumer> real)
      : cluster_(cluster), real_(std::move(real)) {}
  ~UnreliableConsumer() override;

  absl::Status subscribe(const std::vector<std::string>& topics, RebalanceListener& listener) override;
  absl::Status assign(absl::Span<const Assignment> partitions) override;
  absl::Status poll(Duration timeout, std::size_t max_records, RecordHandler& handler) override;
  void wake_up() override { real_->wake_up(); }
  absl::Status commit(absl::Span<const CommittedOffset> offsets) override;
  absl::StatusOr<std::vector<CommittedOffset>> committed(absl::Span<const TopicPartition> partitions,
                                                         Duration timeout) override;
  absl::StatusOr<OffsetRange> offsets(const TopicPartition& partition, Duration timeout) override;
  absl::StatusOr<std::vector<Offset>> end_offsets(absl::Span<const TopicPartition> partitions,
                                                  Duration timeout) override;
  absl::StatusOr<Offset> offset_at(const TopicPartition& partition, Timestamp time, Duration timeout) override;
  Offset last_known_end(const TopicPartition& partition) const override { return real_->last_known_end(partition); }
  GroupMetadata group_metadata() const override { return real_->group_metadata(); }

 private:
  UnreliableCluster& cluster_;
  std::unique_ptr<Consumer> real_;
};

class UnreliableProducer final : public Producer {
 public:
  UnreliableProducer(UnreliableCluster& cluster, std::unique_ptr<Producer> real)
      : cluster_(cluster), real_(std::move(real)) {}
  ~UnreliableProducer() override;

  // What is on its way arrives; what is refused then is told by the next send() or flush().
  void deliver();

  void set_delivery_listener(DeliveryListener* listener) override { real_->set_delivery_listener(listener); }
  absl::StatusOr<TopicHandle> topic(const std::string& name, Duration timeout) override;
  Partition partitions(TopicHandle topic) const override { return real_->partitions(topic); }
  absl::Status send(const OutgoingRecord& record) override;
  absl::Status flush(Duration timeout) override;
  absl::Status init_transactions(Duration timeout) override;
  absl::Status begin_transaction() override { return real_->begin_transaction(); }
  absl::Status send_offsets(absl::Span<const CommittedOffset> offsets, const GroupMetadata& group,
                            Duration timeout) override;
  absl::Status commit_transaction(Duration timeout) override;
  absl::Status abort_transaction(Duration timeout) override;

 private:
  struct Sent {
    TopicHandle topic;
    Partition partition;
    NullableBytes key;
    NullableBytes value;
    Timestamp timestamp;
    Headers headers;
  };

  absl::Status take_failure() { return std::exchange(failure_, absl::OkStatus()); }

  UnreliableCluster& cluster_;
  std::unique_ptr<Producer> real_;
  std::vector<Sent> on_their_way_ = {};
  absl::Status failure_ = {};
};

class UnreliableAdmin final : public Admin {
 public:
  UnreliableAdmin(UnreliableCluster& cluster, std::unique_ptr<Admin> real)
      : cluster_(cluster), real_(std::move(real)) {}

  absl::Status create_topics(const std::vector<NewTopic>& topics, Duration timeout) override;
  absl::Status delete_topics(const std::vector<std::string>& topics, Duration timeout) override;
  absl::StatusOr<std::map<std::string, Partition>> describe_topics(const std::vector<std::string>& topics,
                                                                   Duration timeout) override;
  absl::StatusOr<std::vector<std::string>> list_topics(Duration timeout) override;
  absl::StatusOr<std::map<std::string, std::string>> topic_config(const std::string& topic, Duration timeout) override;
  absl::Status delete_records(absl::Span<const CommittedOffset> before, Duration timeout) override;
  absl::StatusOr<OffsetRange> offsets(const TopicPartition& partition, Duration timeout) override;
  absl::StatusOr<std::vector<Offset>> end_offsets(absl::Span<const TopicPartition> partitions,
                                                  Duration timeout) override;
  absl::StatusOr<Offset> offset_at(const TopicPartition& partition, Timestamp time, Duration timeout) override;
  absl::StatusOr<std::vector<CommittedOffset>> committed(const std::string& group,
                                                         absl::Span<const TopicPartition> partitions,
                                                         Duration timeout) override;
  absl::StatusOr<std::vector<CommittedOffset>> all_committed(const std::string& group, Duration timeout) override;
  absl::Status set_committed(const std::string& group, absl::Span<const CommittedOffset> offsets,
                             Duration timeout) override;
  absl::StatusOr<GroupDescription> describe_group(const std::string& group, Duration timeout) override;
  absl::Status delete_group(const std::string& group, Duration timeout) override;

 private:
  UnreliableCluster& cluster_;
  std::unique_ptr<Admin> real_;
};

}  // namespace levada::internal
