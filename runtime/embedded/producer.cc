#include <utility>

#include <fmt/format.h>

#include <levada/core/murmur2.h>
#include <levada/core/status_macros.h>
#include <levada/runtime/embedded/producer.h>

namespace levada::internal::embedded {

EmbeddedProducer::EmbeddedProducer(Broker& broker, ClientSettings settings)
    : broker_(broker),
      settings_(std::move(settings)),
      state_(settings_.transactional_id.empty() ? State::kPlain : State::kUninitialized) {}

EmbeddedProducer::~EmbeddedProducer() {
  if (state_ == State::kInTransaction || state_ == State::kMustAbort) {
    end_transaction(TransactionResult::kAbort).IgnoreError();
  }
}

absl::StatusOr<TopicHandle> EmbeddedProducer::topic(const std::string& name, Duration /*timeout*/) {
  BrokerAccess access(broker_);
  Topic* topic = access.topics().find(name);
  if (topic == nullptr) return no_such_topic(name);
  for (std::size_t i = 0; i < targets_.size(); ++i) {
    if (targets_[i].topic == topic) return static_cast<TopicHandle>(i);
  }
  targets_.push_back({.topic = topic, .count = static_cast<Partition>(topic->partitions.size())});
  return static_cast<TopicHandle>(targets_.size() - 1);
}

Partition EmbeddedProducer::partitions(TopicHandle topic) const {
  return targets_[static_cast<std::size_t>(topic)].count;
}

absl::Status EmbeddedProducer::send(const OutgoingRecord& record) {
  if (state_ != State::kPlain) LEVADA_RETURN_IF_ERROR(require(State::kInTransaction, "send"));
  Target& target = targets_[static_cast<std::size_t>(record.topic)];
  encode_headers(record.headers == nullptr ? no_headers() : *record.headers, headers_);
  BrokerAccess access(broker_);
  LEVADA_RETURN_IF_ERROR(check(record, target));
  if (transaction_ != nullptr) LEVADA_RETURN_IF_ERROR(check_fenced());
  append(access, record, target);
  access.announce();
  return absl::OkStatus();
}

absl::Status EmbeddedProducer::check(const OutgoingRecord& record, const Target& target) const {
  const Topic& topic = *target.topic;
  if (topic.deleted) return no_such_topic(topic.name);
  if (record.partition < kAnyPartition || record.partition >= target.count) {
    return absl::InvalidArgumentError(
        fmt::format("topic {} has no partition {}: there are {}", topic.name, record.partition, target.count));
  }
  const auto size =
      static_cast<std::int64_t>(record.key.value_or("").size() + record.value.value_or("").size() + headers_.size());
  if (size > settings_.message_max_bytes || size > topic.config.max_message_bytes) {
    return absl::InvalidArgumentError(
        fmt::format("topic {}: a record of {} bytes is larger than message.max.bytes={} or max.message.bytes={}",
                    topic.name, size, settings_.message_max_bytes, topic.config.max_message_bytes));
  }
  if (topic.config.compacts && !record.key) {
    return absl::InvalidArgumentError(fmt::format("topic {} is compacted: a record needs a key", topic.name));
  }
  return absl::OkStatus();
}

void EmbeddedProducer::append(BrokerAccess& access, const OutgoingRecord& record, Target& target) {
  const Partition partition = choose_partition(record, target);
  Topic& topic = *target.topic;
  PartitionLog& log = topic.partitions[static_cast<std::size_t>(partition)];
  const bool stamp = record.timestamp == kNoTimestamp || topic.config.log_append_time;
  const std::int64_t retention_bytes = topic.config.deletes ? topic.config.retention_bytes : -1;
  const ProducerId producer = transaction_ == nullptr ? kNoProducer : transaction_->producer;
  if (transaction_ != nullptr && !log.in_transaction(producer)) {
    access.transactions().add(*transaction_, topic, partition, access.now().steady);
  }
  log.append({.timestamp = stamp ? access.now().wall : record.timestamp,
              .key = record.key,
              .value = record.value,
              .headers = headers_,
              .producer = producer},
             retention_bytes);
}

Partition EmbeddedProducer::choose_partition(const OutgoingRecord& record, Target& target) const {
  if (record.partition != kAnyPartition) return record.partition;
  if (record.key) return partition_for(*record.key, target.count);
  return target.turn++ % target.count;
}

absl::Status EmbeddedProducer::flush(Duration /*timeout*/) {
  BrokerAccess access(broker_);
  return transaction_ == nullptr ? absl::OkStatus() : check_fenced();
}

absl::Status EmbeddedProducer::init_transactions(Duration /*timeout*/) {
  LEVADA_RETURN_IF_ERROR(require(State::kUninitialized, "init_transactions"));
  BrokerAccess access(broker_);
  transaction_ = &access.transactions().init(settings_.transactional_id, settings_.transaction_timeout, access.now());
  epoch_ = transaction_->epoch;
  state_ = State::kReady;
  access.announce();
  return absl::OkStatus();
}

absl::Status EmbeddedProducer::begin_transaction() {
  LEVADA_RETURN_IF_ERROR(require(State::kReady, "begin_transaction"));
  state_ = State::kInTransaction;
  return absl::OkStatus();
}

absl::Status EmbeddedProducer::send_offsets(absl::Span<const CommittedOffset> offsets, const GroupMetadata& group,
                                            Duration /*timeout*/) {
  LEVADA_RETURN_IF_ERROR(require(State::kInTransaction, "send_offsets"));
  BrokerAccess access(broker_);
  access.catch_up();
  LEVADA_RETURN_IF_ERROR(check_fenced());
  const absl::Status added = access.transactions().add_offsets(*transaction_, group, offsets, access.now().steady);
  if (added.ok()) return added;
  state_ = State::kMustAbort;
  return absl::AbortedError(added.message());
}

absl::Status EmbeddedProducer::commit_transaction(Duration /*timeout*/) {
  LEVADA_RETURN_IF_ERROR(require(State::kInTransaction, "commit_transaction"));
  return end_transaction(TransactionResult::kCommit);
}

absl::Status EmbeddedProducer::abort_transaction(Duration /*timeout*/) {
  if (state_ != State::kMustAbort) LEVADA_RETURN_IF_ERROR(require(State::kInTransaction, "abort_transaction"));
  return end_transaction(TransactionResult::kAbort);
}

absl::Status EmbeddedProducer::end_transaction(TransactionResult result) {
  BrokerAccess access(broker_);
  access.catch_up();
  LEVADA_RETURN_IF_ERROR(check_fenced());
  access.transactions().end(*transaction_, result, access.now().wall);
  state_ = State::kReady;
  access.announce();
  return absl::OkStatus();
}

absl::Status EmbeddedProducer::require(State state, const char* what) const {
  if (state_ == state) return absl::OkStatus();
  const std::string who = fmt::format("{} of transactional.id \"{}\"", what, settings_.transactional_id);
  switch (state_) {
    case State::kMustAbort:
      return absl::AbortedError(who + ": the transaction must be aborted");
    case State::kPlain:
      return absl::FailedPreconditionError(who + ": transactional.id is not set");
    case State::kUninitialized:
      return absl::FailedPreconditionError(who + ": init_transactions() comes first");
    case State::kReady:
      return absl::FailedPreconditionError(who + ": no transaction has begun");
    case State::kInTransaction:
      return absl::FailedPreconditionError(who + ": a transaction is open");
  }
  return absl::InternalError(who);
}

absl::Status EmbeddedProducer::check_fenced() const {
  if (transaction_->epoch == epoch_) return absl::OkStatus();
  return absl::FailedPreconditionError(
      fmt::format("transactional.id {}: the producer of epoch {} was fenced, by a newer one or because its transaction "
                  "took longer than {} ms; the epoch is now {}",
                  settings_.transactional_id, epoch_, settings_.transaction_timeout.count(), transaction_->epoch));
}

}  // namespace levada::internal::embedded
