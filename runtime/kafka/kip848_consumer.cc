#include <utility>

#include <levada/core/status_macros.h>
#include <levada/runtime/kafka/kip848_consumer.h>

namespace levada::internal {

using namespace std::chrono_literals;

absl::StatusOr<std::unique_ptr<Consumer>> Kip848Consumer::create(ClientConfig member, ClientConfig reader,
                                                                 const Logger& log) {
  LEVADA_ASSIGN_OR_RETURN(auto member_consumer, KafkaConsumer::create(std::move(member), log));
  LEVADA_ASSIGN_OR_RETURN(auto reader_consumer, KafkaConsumer::create(std::move(reader), log));
  return std::unique_ptr<Consumer>(new Kip848Consumer(std::move(member_consumer), std::move(reader_consumer)));
}

Kip848Consumer::Kip848Consumer(std::unique_ptr<KafkaConsumer> member, std::unique_ptr<KafkaConsumer> reader)
    : reader_(std::move(reader)), member_(std::move(member)) {
  member_->wake_too(*reader_);
}

absl::Status Kip848Consumer::subscribe(const std::vector<std::string>& topics, RebalanceListener& listener) {
  listener_ = &listener;
  return member_->subscribe(topics, *this);
}

absl::Status Kip848Consumer::assign(absl::Span<const Assignment> partitions) { return reader_->assign(partitions); }

absl::Status Kip848Consumer::poll(Duration timeout, std::size_t max_records, RecordHandler& handler) {
  told_ = false;
  LEVADA_RETURN_IF_ERROR(member_->poll(max_records == 0 ? timeout : 0ms, 0, handler));
  if (max_records == 0 || told_) return absl::OkStatus();
  return reader_->poll(timeout, max_records, handler);
}

void Kip848Consumer::wake_up() {
  member_->wake_up();
  reader_->wake_up();
}

void Kip848Consumer::on_assigned(const std::vector<TopicPartition>& partitions) {
  read_nothing();
  listener_->on_assigned(partitions);
}

void Kip848Consumer::on_revoked(const std::vector<TopicPartition>& partitions) {
  read_nothing();
  listener_->on_revoked(partitions);
}

void Kip848Consumer::on_lost(const std::vector<TopicPartition>& partitions) {
  read_nothing();
  listener_->on_lost(partitions);
}

void Kip848Consumer::read_nothing() {
  told_ = true;
  (void)reader_->assign({});
}

absl::Status Kip848Consumer::commit(absl::Span<const CommittedOffset> offsets) { return member_->commit(offsets); }

absl::StatusOr<std::vector<CommittedOffset>> Kip848Consumer::committed(absl::Span<const TopicPartition> partitions,
                                                                       Duration timeout) {
  return member_->committed(partitions, timeout);
}

absl::StatusOr<OffsetRange> Kip848Consumer::offsets(const TopicPartition& partition, Duration timeout) {
  return reader_->offsets(partition, timeout);
}

absl::StatusOr<std::vector<Offset>> Kip848Consumer::end_offsets(absl::Span<const TopicPartition> partitions,
                                                                Duration timeout) {
  return reader_->end_offsets(partitions, timeout);
}

absl::StatusOr<Offset> Kip848Consumer::offset_at(const TopicPartition& partition, Timestamp time, Duration timeout) {
  return reader_->offset_at(partition, time, timeout);
}

Offset Kip848Consumer::last_known_end(const TopicPartition& partition) const {
  return reader_->last_known_end(partition);
}

GroupMetadata Kip848Consumer::group_metadata() const { return member_->group_metadata(); }

}  // namespace levada::internal
