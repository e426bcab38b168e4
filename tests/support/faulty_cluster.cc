#include "tests/support/faulty_cluster.h"

#include <map>
#include <utility>

#include <levada/core/status_macros.h>

namespace levada::testing {
namespace {

std::string first_of(absl::Span<const TopicPartition> partitions) {
  return partitions.empty() ? std::string() : partitions.front().to_string();
}

}  // namespace

class FaultyConsumer final : public Consumer {
 public:
  FaultyConsumer(FaultyCluster& cluster, std::unique_ptr<Consumer> real) : cluster_(cluster), real_(std::move(real)) {}
  ~FaultyConsumer() override { cluster_.leave(std::move(real_)); }

  absl::Status subscribe(const std::vector<std::string>& topics, RebalanceListener& listener) override {
    return real_->subscribe(topics, listener);
  }
  absl::Status assign(absl::Span<const Assignment> partitions) override {
    LEVADA_RETURN_IF_ERROR(
        cluster_.check({"assign", partitions.empty() ? std::string() : partitions.front().partition.to_string()}));
    return real_->assign(partitions);
  }
  absl::Status poll(Duration timeout, std::size_t max_records, RecordHandler& handler) override {
    return real_->poll(timeout, max_records, handler);
  }
  void wake_up() override { real_->wake_up(); }
  absl::Status commit(absl::Span<const CommittedOffset> offsets) override {
    LEVADA_RETURN_IF_ERROR(
        cluster_.check({"commit", offsets.empty() ? std::string() : offsets.front().partition.to_string()}));
    return real_->commit(offsets);
  }
  absl::StatusOr<std::vector<CommittedOffset>> committed(absl::Span<const TopicPartition> partitions,
                                                         Duration timeout) override {
    LEVADA_RETURN_IF_ERROR(cluster_.check({"committed", first_of(partitions)}));
    return real_->committed(partitions, timeout);
  }
  absl::StatusOr<OffsetRange> offsets(const TopicPartition& partition, Duration timeout) override {
    LEVADA_RETURN_IF_ERROR(cluster_.check({"offsets", partition.to_string()}));
    return real_->offsets(partition, timeout);
  }
  absl::StatusOr<std::vector<Offset>> end_offsets(absl::Span<const TopicPartition> partitions,
                                                  Duration timeout) override {
    LEVADA_RETURN_IF_ERROR(cluster_.check({"end_offsets", first_of(partitions)}));
    return real_->end_offsets(partitions, timeout);
  }
  absl::StatusOr<Offset> offset_at(const TopicPartition& partition, Timestamp time, Duration timeout) override {
    return real_->offset_at(partition, time, timeout);
  }
  Offset last_known_end(const TopicPartition& partition) const override { return real_->last_known_end(partition); }
  GroupMetadata group_metadata() const override {
    GroupMetadata metadata = real_->group_metadata();
    if (cluster_.check({"group_metadata", {}}).ok()) return metadata;
    return {.group_id = std::move(metadata.group_id)};
  }

 private:
  FaultyCluster& cluster_;
  std::unique_ptr<Consumer> real_;
};

class FaultyProducer final : public Producer {
 public:
  FaultyProducer(FaultyCluster& cluster, std::unique_ptr<Producer> real) : cluster_(cluster), real_(std::move(real)) {}
  ~FaultyProducer() override { cluster_.leave(std::move(real_)); }

  absl::StatusOr<TopicHandle> topic(const std::string& name, Duration timeout) override {
    LEVADA_RETURN_IF_ERROR(cluster_.check({"topic", name}));
    LEVADA_ASSIGN_OR_RETURN(const TopicHandle handle, real_->topic(name, timeout));
    names_[handle] = name;
    return handle;
  }
  void set_delivery_listener(DeliveryListener* listener) override {
    listener_ = listener;
    real_->set_delivery_listener(listener);
  }
  Partition partitions(TopicHandle topic) const override { return real_->partitions(topic); }
  absl::Status send(const OutgoingRecord& record) override {
    LEVADA_RETURN_IF_ERROR(cluster_.check({"send", {}}));
    LEVADA_RETURN_IF_ERROR(failure_);
    const std::string& topic = names_.at(record.topic);
    const absl::Status refused =
        cluster_.check({"delivery", topic + ": " + std::string(record.value.value_or(BytesView()))});
    if (refused.ok()) return real_->send(record);
    lose(topic, record, refused);
    return absl::OkStatus();
  }
  absl::Status flush(Duration timeout) override {
    LEVADA_RETURN_IF_ERROR(cluster_.check({"flush", {}}));
    LEVADA_RETURN_IF_ERROR(std::exchange(failure_, absl::OkStatus()));
    return real_->flush(timeout);
  }
  absl::Status init_transactions(Duration timeout) override {
    LEVADA_RETURN_IF_ERROR(cluster_.check({"init_transactions", {}}));
    return real_->init_transactions(timeout);
  }
  absl::Status begin_transaction() override { return real_->begin_transaction(); }
  absl::Status send_offsets(absl::Span<const CommittedOffset> offsets, const GroupMetadata& group,
                            Duration timeout) override {
    LEVADA_RETURN_IF_ERROR(cluster_.check({"send_offsets", {}}));
    return real_->send_offsets(offsets, group, timeout);
  }
  absl::Status commit_transaction(Duration timeout) override {
    LEVADA_RETURN_IF_ERROR(cluster_.check({"commit_transaction", {}}));
    if (lost_) return absl::AbortedError("a record of the transaction was lost");
    LEVADA_RETURN_IF_ERROR(real_->commit_transaction(timeout));
    return cluster_.check({"answer", {}});
  }
  absl::Status abort_transaction(Duration timeout) override {
    LEVADA_RETURN_IF_ERROR(cluster_.check({"abort_transaction", {}}));
    lost_ = false;
    failure_ = absl::OkStatus();
    return real_->abort_transaction(timeout);
  }

 private:
  // As librdkafka does it: whoever listens decides, and a transaction is lost in any case.
  void lose(const std::string& topic, const OutgoingRecord& record, const absl::Status& reason) {
    lost_ = true;
    const FailedDelivery failed{.topic = topic,
                                .key = record.key,
                                .value = record.value,
                                .timestamp = record.timestamp,
                                .headers = record.headers == nullptr ? no_headers() : *record.headers,
                                .reason = reason};
    failure_ = listener_ == nullptr ? reason : listener_->on_failed_delivery(failed);
  }

  FaultyCluster& cluster_;
  std::unique_ptr<Producer> real_;
  std::map<TopicHandle, std::string> names_ = {};
  DeliveryListener* listener_ = nullptr;
  absl::Status failure_ = {};
  bool lost_ = false;  // a record of this transaction
};

void FaultyCluster::set_fault(Fault fault) {
  const std::lock_guard lock(mutex_);
  fault_ = std::move(fault);
}

absl::Status FaultyCluster::check(const Request& request) {
  const std::lock_guard lock(mutex_);
  if (dead_) return absl::UnavailableError("the instance was killed");
  return fault_ ? fault_(request) : absl::OkStatus();
}

void FaultyCluster::die() {
  const std::lock_guard lock(mutex_);
  dead_ = true;
}

void FaultyCluster::leave(std::unique_ptr<Consumer> consumer) {
  const std::lock_guard lock(mutex_);
  if (dead_) dead_consumers_.push_back(std::move(consumer));
}

void FaultyCluster::leave(std::unique_ptr<Producer> producer) {
  const std::lock_guard lock(mutex_);
  if (dead_) dead_producers_.push_back(std::move(producer));
}

absl::StatusOr<std::unique_ptr<Consumer>> FaultyCluster::consumer(const ClientProperties& properties) {
  LEVADA_ASSIGN_OR_RETURN(auto real, real_.consumer(properties));
  return std::make_unique<FaultyConsumer>(*this, std::move(real));
}

absl::StatusOr<std::unique_ptr<Producer>> FaultyCluster::producer(const ClientProperties& properties) {
  LEVADA_ASSIGN_OR_RETURN(auto real, real_.producer(properties));
  return std::make_unique<FaultyProducer>(*this, std::move(real));
}

absl::StatusOr<std::unique_ptr<Admin>> FaultyCluster::admin(const ClientProperties& properties) {
  return real_.admin(properties);
}

}  // namespace levada::testing
