#include <utility>

#include <levada/core/status_macros.h>
#include <levada/runtime/simulation/unreliable_clients.h>

namespace levada::internal {
namespace {

constexpr std::size_t kMostOnTheirWay = 1000;

std::string first_of(absl::Span<const TopicPartition> partitions) {
  return partitions.empty() ? std::string() : partitions.front().to_string();
}

std::string first_of(absl::Span<const CommittedOffset> offsets) {
  return offsets.empty() ? std::string() : offsets.front().partition.to_string();
}

NullableBytes copy(NullableView view) { return view ? NullableBytes(Bytes(*view)) : std::nullopt; }
NullableView view(const NullableBytes& bytes) { return bytes ? NullableView(*bytes) : std::nullopt; }

}  // namespace

UnreliableConsumer::~UnreliableConsumer() { cluster_.leave(std::move(real_)); }

absl::Status UnreliableConsumer::subscribe(const std::vector<std::string>& topics, RebalanceListener& listener) {
  return real_->subscribe(topics, listener);
}

absl::Status UnreliableConsumer::assign(absl::Span<const Assignment> partitions) { return real_->assign(partitions); }

absl::Status UnreliableConsumer::poll(Duration timeout, std::size_t max_records, RecordHandler& handler) {
  if (cluster_.is_dead()) return absl::CancelledError("the instance was killed");
  return cluster_.is_reachable() ? real_->poll(timeout, max_records, handler) : absl::OkStatus();
}

absl::Status UnreliableConsumer::commit(absl::Span<const CommittedOffset> offsets) {
  LEVADA_RETURN_IF_ERROR(cluster_.check({"commit", first_of(offsets)}));
  LEVADA_RETURN_IF_ERROR(real_->commit(offsets));
  return cluster_.check({"commit answer", first_of(offsets)});
}

absl::StatusOr<std::vector<CommittedOffset>> UnreliableConsumer::committed(absl::Span<const TopicPartition> partitions,
                                                                           Duration timeout) {
  LEVADA_RETURN_IF_ERROR(cluster_.check({"committed", first_of(partitions)}));
  return real_->committed(partitions, timeout);
}

absl::StatusOr<OffsetRange> UnreliableConsumer::offsets(const TopicPartition& partition, Duration timeout) {
  LEVADA_RETURN_IF_ERROR(cluster_.check({"offsets", partition.to_string()}));
  return real_->offsets(partition, timeout);
}

absl::StatusOr<std::vector<Offset>> UnreliableConsumer::end_offsets(absl::Span<const TopicPartition> partitions,
                                                                    Duration timeout) {
  LEVADA_RETURN_IF_ERROR(cluster_.check({"end_offsets", first_of(partitions)}));
  return real_->end_offsets(partitions, timeout);
}

absl::StatusOr<Offset> UnreliableConsumer::offset_at(const TopicPartition& partition, Timestamp time,
                                                     Duration timeout) {
  LEVADA_RETURN_IF_ERROR(cluster_.check({"offset_at", partition.to_string()}));
  return real_->offset_at(partition, time, timeout);
}

UnreliableProducer::~UnreliableProducer() {
  if (!cluster_.is_dead() && cluster_.is_reachable()) deliver();
  cluster_.leave(*this, std::move(real_));
}

void UnreliableProducer::deliver() {
  for (const Sent& each : std::exchange(on_their_way_, {})) {
    const absl::Status sent = real_->send({.topic = each.topic,
                                           .partition = each.partition,
                                           .key = view(each.key),
                                           .value = view(each.value),
                                           .timestamp = each.timestamp,
                                           .headers = &each.headers});
    failure_.Update(sent);
  }
}

absl::StatusOr<TopicHandle> UnreliableProducer::topic(const std::string& name, Duration timeout) {
  LEVADA_RETURN_IF_ERROR(cluster_.check({"topic", name}));
  return real_->topic(name, timeout);
}

absl::Status UnreliableProducer::send(const OutgoingRecord& record) {
  LEVADA_RETURN_IF_ERROR(cluster_.check({"send", {}}));
  on_their_way_.push_back({record.topic, record.partition, copy(record.key), copy(record.value), record.timestamp,
                           record.headers == nullptr ? Headers() : *record.headers});
  if (on_their_way_.size() >= kMostOnTheirWay && cluster_.is_reachable()) deliver();
  return take_failure();
}

absl::Status UnreliableProducer::flush(Duration timeout) {
  LEVADA_RETURN_IF_ERROR(cluster_.check({"flush", {}}));
  deliver();
  LEVADA_RETURN_IF_ERROR(take_failure());
  LEVADA_RETURN_IF_ERROR(real_->flush(timeout));
  return cluster_.check({"flush answer", {}});
}

absl::Status UnreliableProducer::init_transactions(Duration timeout) {
  LEVADA_RETURN_IF_ERROR(cluster_.check({"init_transactions", {}}));
  LEVADA_RETURN_IF_ERROR(real_->init_transactions(timeout));
  return cluster_.check({"init_transactions answer", {}});
}

absl::Status UnreliableProducer::send_offsets(absl::Span<const CommittedOffset> offsets, const GroupMetadata& group,
                                              Duration timeout) {
  LEVADA_RETURN_IF_ERROR(cluster_.check({"send_offsets", {}}));
  LEVADA_RETURN_IF_ERROR(real_->send_offsets(offsets, group, timeout));
  return cluster_.check({"send_offsets answer", {}});
}

absl::Status UnreliableProducer::commit_transaction(Duration timeout) {
  LEVADA_RETURN_IF_ERROR(cluster_.check({"commit_transaction", {}}));
  deliver();
  LEVADA_RETURN_IF_ERROR(take_failure());
  LEVADA_RETURN_IF_ERROR(real_->commit_transaction(timeout));
  return cluster_.check({"commit_transaction answer", {}});
}

absl::Status UnreliableProducer::abort_transaction(Duration timeout) {
  LEVADA_RETURN_IF_ERROR(cluster_.check({"abort_transaction", {}}));
  on_their_way_.clear();
  failure_ = absl::OkStatus();
  LEVADA_RETURN_IF_ERROR(real_->abort_transaction(timeout));
  return cluster_.check({"abort_transaction answer", {}});
}

absl::Status UnreliableAdmin::create_topics(const std::vector<NewTopic>& topics, Duration timeout) {
  LEVADA_RETURN_IF_ERROR(cluster_.check({"create_topics", {}}));
  return real_->create_topics(topics, timeout);
}

absl::Status UnreliableAdmin::delete_topics(const std::vector<std::string>& topics, Duration timeout) {
  LEVADA_RETURN_IF_ERROR(cluster_.check({"delete_topics", {}}));
  return real_->delete_topics(topics, timeout);
}

absl::StatusOr<std::map<std::string, Partition>> UnreliableAdmin::describe_topics(
    const std::vector<std::string>& topics, Duration timeout) {
  LEVADA_RETURN_IF_ERROR(cluster_.check({"describe_topics", {}}));
  return real_->describe_topics(topics, timeout);
}

absl::StatusOr<std::vector<std::string>> UnreliableAdmin::list_topics(Duration timeout) {
  LEVADA_RETURN_IF_ERROR(cluster_.check({"list_topics", {}}));
  return real_->list_topics(timeout);
}

absl::StatusOr<std::map<std::string, std::string>> UnreliableAdmin::topic_config(const std::string& topic,
                                                                                 Duration timeout) {
  LEVADA_RETURN_IF_ERROR(cluster_.check({"topic_config", topic}));
  return real_->topic_config(topic, timeout);
}

absl::Status UnreliableAdmin::delete_records(absl::Span<const CommittedOffset> before, Duration timeout) {
  LEVADA_RETURN_IF_ERROR(cluster_.check({"delete_records", first_of(before)}));
  return real_->delete_records(before, timeout);
}

absl::StatusOr<OffsetRange> UnreliableAdmin::offsets(const TopicPartition& partition, Duration timeout) {
  LEVADA_RETURN_IF_ERROR(cluster_.check({"offsets", partition.to_string()}));
  return real_->offsets(partition, timeout);
}

absl::StatusOr<std::vector<Offset>> UnreliableAdmin::end_offsets(absl::Span<const TopicPartition> partitions,
                                                                 Duration timeout) {
  LEVADA_RETURN_IF_ERROR(cluster_.check({"end_offsets", first_of(partitions)}));
  return real_->end_offsets(partitions, timeout);
}

absl::StatusOr<Offset> UnreliableAdmin::offset_at(const TopicPartition& partition, Timestamp time, Duration timeout) {
  LEVADA_RETURN_IF_ERROR(cluster_.check({"offset_at", partition.to_string()}));
  return real_->offset_at(partition, time, timeout);
}

absl::StatusOr<std::vector<CommittedOffset>> UnreliableAdmin::committed(const std::string& group,
                                                                        absl::Span<const TopicPartition> partitions,
                                                                        Duration timeout) {
  LEVADA_RETURN_IF_ERROR(cluster_.check({"committed", first_of(partitions)}));
  return real_->committed(group, partitions, timeout);
}

absl::StatusOr<std::vector<CommittedOffset>> UnreliableAdmin::all_committed(const std::string& group,
                                                                            Duration timeout) {
  LEVADA_RETURN_IF_ERROR(cluster_.check({"all_committed", {}}));
  return real_->all_committed(group, timeout);
}

absl::Status UnreliableAdmin::set_committed(const std::string& group, absl::Span<const CommittedOffset> offsets,
                                            Duration timeout) {
  LEVADA_RETURN_IF_ERROR(cluster_.check({"set_committed", first_of(offsets)}));
  return real_->set_committed(group, offsets, timeout);
}

absl::StatusOr<GroupDescription> UnreliableAdmin::describe_group(const std::string& group, Duration timeout) {
  LEVADA_RETURN_IF_ERROR(cluster_.check({"describe_group", {}}));
  return real_->describe_group(group, timeout);
}

absl::Status UnreliableAdmin::delete_group(const std::string& group, Duration timeout) {
  LEVADA_RETURN_IF_ERROR(cluster_.check({"delete_group", {}}));
  return real_->delete_group(group, timeout);
}

}  // namespace levada::internal
