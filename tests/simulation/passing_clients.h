// Clients that hand everything on: to derive from those that do one thing otherwise.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <levada/runtime/cluster.h>

namespace levada::testing {

class PassingConsumer : public Consumer {
 public:
  explicit PassingConsumer(std::unique_ptr<Consumer> real) : real_(std::move(real)) {}

  absl::Status subscribe(const std::vector<std::string>& topics, RebalanceListener& listener) override {
    return real_->subscribe(topics, listener);
  }
  absl::Status assign(absl::Span<const Assignment> partitions) override { return real_->assign(partitions); }
  absl::Status poll(Duration timeout, std::size_t max_records, RecordHandler& handler) override {
    return real_->poll(timeout, max_records, handler);
  }
  void wake_up() override { real_->wake_up(); }
  absl::Status commit(absl::Span<const CommittedOffset> offsets) override { return real_->commit(offsets); }
  absl::StatusOr<std::vector<CommittedOffset>> committed(absl::Span<const TopicPartition> partitions,
                                                         Duration timeout) override {
    return real_->committed(partitions, timeout);
  }
  absl::StatusOr<OffsetRange> offsets(const TopicPartition& partition, Duration timeout) override {
    return real_->offsets(partition, timeout);
  }
  absl::StatusOr<std::vector<Offset>> end_offsets(absl::Span<const TopicPartition> partitions,
                                                  Duration timeout) override {
    return real_->end_offsets(partitions, timeout);
  }
  absl::StatusOr<Offset> offset_at(const TopicPartition& partition, Timestamp time, Duration timeout) override {
    return real_->offset_at(partition, time, timeout);
  }
  Offset last_known_end(const TopicPartition& partition) const override { return real_->last_known_end(partition); }
  GroupMetadata group_metadata() const override { return real_->group_metadata(); }

 private:
  std::unique_ptr<Consumer> real_;
};

class PassingProducer : public Producer {
 public:
  explicit PassingProducer(std::unique_ptr<Producer> real) : real_(std::move(real)) {}

  void set_delivery_listener(DeliveryListener* listener) override { real_->set_delivery_listener(listener); }
  absl::StatusOr<TopicHandle> topic(const std::string& name, Duration timeout) override {
    return real_->topic(name, timeout);
  }
  Partition partitions(TopicHandle topic) const override { return real_->partitions(topic); }
  absl::Status send(const OutgoingRecord& record) override { return real_->send(record); }
  absl::Status flush(Duration timeout) override { return real_->flush(timeout); }
  absl::Status init_transactions(Duration timeout) override { return real_->init_transactions(timeout); }
  absl::Status begin_transaction() override { return real_->begin_transaction(); }
  absl::Status send_offsets(absl::Span<const CommittedOffset> offsets, const GroupMetadata& group,
                            Duration timeout) override {
    return real_->send_offsets(offsets, group, timeout);
  }
  absl::Status commit_transaction(Duration timeout) override { return real_->commit_transaction(timeout); }
  absl::Status abort_transaction(Duration timeout) override { return real_->abort_transaction(timeout); }

 private:
  std::unique_ptr<Producer> real_;
};

}  // namespace levada::testing
