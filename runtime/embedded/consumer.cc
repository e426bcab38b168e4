#include <algorithm>
#include <utility>

#include <absl/cleanup/cleanup.h>
#include <fmt/format.h>

#include <levada/core/status_macros.h>
#include <levada/runtime/embedded/consumer.h>

namespace levada::internal::embedded {

EmbeddedConsumer::EmbeddedConsumer(Broker& broker, ClientSettings settings)
    : broker_(broker), settings_(std::move(settings)), session_(settings_) {}

EmbeddedConsumer::~EmbeddedConsumer() {
  BrokerAccess access(broker_);
  session_.leave(access);
}

absl::Status EmbeddedConsumer::subscribe(const std::vector<std::string>& topics, RebalanceListener& listener) {
  LEVADA_RETURN_IF_ERROR(require_group());
  listener_ = &listener;
  session_.subscribe(topics);
  return absl::OkStatus();
}

absl::Status EmbeddedConsumer::assign(absl::Span<const Assignment> partitions) {
  for (const Assignment& each : partitions) {
    if (each.start >= 0) continue;
    return absl::InvalidArgumentError(
        fmt::format("assignment of {}: no offset to start at", each.partition.to_string()));
  }
  std::vector<PartitionReader> readers(partitions.begin(), partitions.end());
  if (delivering_ != nullptr) {
    delivering_->interrupted = true;
    reassigned_ = std::move(readers);
  } else {
    readers_ = std::move(readers);
  }
  return absl::OkStatus();
}

absl::Status EmbeddedConsumer::poll(Duration timeout, std::size_t max_records, RecordHandler& handler) {
  const SteadyTime deadline = deadline_after(timeout);
  while (true) {
    LEVADA_ASSIGN_OR_RETURN(const Step step, look());
    if (step.event.kind != GroupEvent::Kind::kNone) {
      tell(step.event);
      continue;
    }
    Delivery delivery{.handler = handler};
    deliver(delivery, max_records);
    if (delivery.records + delivery.events > 0 || !wait(step.changes, deadline)) return absl::OkStatus();
  }
}

absl::StatusOr<EmbeddedConsumer::Step> EmbeddedConsumer::look() {
  BrokerAccess access(broker_);
  access.catch_up();
  const std::uint64_t changes = access.changes();
  LEVADA_ASSIGN_OR_RETURN(GroupEvent event, session_.advance(access));
  if (event.kind == GroupEvent::Kind::kNone) LEVADA_RETURN_IF_ERROR(refill(access.topics()));
  return Step{.event = std::move(event), .changes = changes};
}

absl::Status EmbeddedConsumer::refill(const Topics& topics) {
  for (PartitionReader& reader : readers_) {
    LEVADA_RETURN_IF_ERROR(reader.refill(topics, settings_));
  }
  return absl::OkStatus();
}

void EmbeddedConsumer::tell(const GroupEvent& event) {
  switch (event.kind) {
    case GroupEvent::Kind::kNone:
      return;
    case GroupEvent::Kind::kAssigned:
      return listener_->on_assigned(event.partitions);
    case GroupEvent::Kind::kRevoked:
      readers_.clear();
      return listener_->on_revoked(event.partitions);
    case GroupEvent::Kind::kLost:
      readers_.clear();
      return listener_->on_lost(event.partitions);
  }
}

void EmbeddedConsumer::deliver(Delivery& delivery, std::size_t max_records) {
  if (readers_.empty()) return;
  delivering_ = &delivery;
  const absl::Cleanup done = [this] {
    delivering_ = nullptr;
    if (reassigned_) readers_ = *std::exchange(reassigned_, std::nullopt);
  };
  const std::size_t count = readers_.size();
  const std::size_t first = first_reader_++ % count;
  for (std::size_t i = 0; i < count && !delivery.interrupted && delivery.records < max_records; ++i) {
    const std::size_t share = std::max<std::size_t>(1, (max_records - delivery.records) / (count - i));
    readers_[(first + i) % count].deliver(delivery, share);
  }
}

bool EmbeddedConsumer::wait(std::uint64_t seen, SteadyTime deadline) {
  BrokerAccess access(broker_);
  if (std::exchange(woken_, false)) return false;
  const bool again = access.wait(seen, deadline);
  return !std::exchange(woken_, false) && again;
}

void EmbeddedConsumer::wake_up() {
  BrokerAccess access(broker_);
  woken_ = true;
  access.announce();
}

absl::Status EmbeddedConsumer::commit(absl::Span<const CommittedOffset> offsets) {
  LEVADA_RETURN_IF_ERROR(require_group());
  LEVADA_RETURN_IF_ERROR(session_.fenced());
  BrokerAccess access(broker_);
  access.catch_up();
  session_.heartbeat(access);
  return access.groups().commit(session_.metadata(), offsets);
}

absl::StatusOr<std::vector<CommittedOffset>> EmbeddedConsumer::committed(absl::Span<const TopicPartition> partitions,
                                                                         Duration timeout) {
  LEVADA_RETURN_IF_ERROR(require_group());
  const SteadyTime deadline = deadline_after(timeout);
  BrokerAccess access(broker_);
  while (true) {
    access.catch_up();
    const std::uint64_t seen = access.changes();
    const bool unstable = settings_.isolation == IsolationLevel::kReadCommitted &&
                          access.groups().awaits_transaction(settings_.group_id, partitions);
    if (!unstable) return access.groups().committed(settings_.group_id, partitions);
    if (access.wait(seen, deadline)) continue;
    return absl::DeadlineExceededError(
        fmt::format("committed offsets of group {}: timed out, a transaction that has not ended holds them back",
                    settings_.group_id));
  }
}

absl::StatusOr<OffsetRange> EmbeddedConsumer::offsets(const TopicPartition& partition, Duration /*timeout*/) {
  BrokerAccess access(broker_);
  access.catch_up();
  LEVADA_ASSIGN_OR_RETURN(const PartitionLog* log, access.topics().log(partition));
  return log->range(settings_.isolation);
}

absl::StatusOr<std::vector<Offset>> EmbeddedConsumer::end_offsets(absl::Span<const TopicPartition> partitions,
                                                                  Duration /*timeout*/) {
  BrokerAccess access(broker_);
  access.catch_up();
  std::vector<Offset> ends;
  for (const TopicPartition& partition : partitions) {
    LEVADA_ASSIGN_OR_RETURN(const PartitionLog* log, access.topics().log(partition));
    ends.push_back(log->visible_end(settings_.isolation));
  }
  return ends;
}

absl::StatusOr<Offset> EmbeddedConsumer::offset_at(const TopicPartition& partition, Timestamp time,
                                                   Duration /*timeout*/) {
  BrokerAccess access(broker_);
  access.catch_up();
  LEVADA_ASSIGN_OR_RETURN(const PartitionLog* log, access.topics().log(partition));
  return log->offset_at(time, settings_.isolation);
}

Offset EmbeddedConsumer::last_known_end(const TopicPartition& partition) const {
  const auto reader = std::find_if(readers_.begin(), readers_.end(),
                                   [&partition](const PartitionReader& each) { return each.partition() == partition; });
  return reader == readers_.end() ? kUnknownOffset : reader->known_end();
}

absl::Status EmbeddedConsumer::require_group() const {
  if (!settings_.group_id.empty()) return absl::OkStatus();
  return absl::FailedPreconditionError("the consumer has no group: group.id is not set");
}

}  // namespace levada::internal::embedded
