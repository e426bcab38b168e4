#include <chrono>
#include <exception>

#include <levada/core/errors.h>
#include <levada/core/murmur2.h>
#include <levada/core/status_macros.h>
#include <levada/runtime/producer_collector.h>

namespace levada {
namespace {

constexpr Duration kLookupTimeout = std::chrono::seconds(30);
constexpr Duration kFlushTimeout = std::chrono::seconds(30);

}  // namespace

Partition partition_of(const OutputRecord& record, Partition partitions) {
  if (record.partition) return *record.partition;
  if (!record.key) return kAnyPartition;
  return partition_for(*record.key, partitions, record.unpartitioned_suffix);
}

SinkTopic ProducerCollector::topic(const std::string& name) {
  const auto known = by_name_.find(name);
  if (known != by_name_.end()) return known->second;
  const absl::StatusOr<TopicHandle> handle = producer_.topic(name, kLookupTimeout);
  if (!handle.ok()) throw TaskError(handle.status());
  const auto topic = static_cast<SinkTopic>(topics_.size());
  topics_.push_back({name, *handle, producer_.partitions(*handle)});
  by_name_[name] = topic;
  return topic;
}

const std::string& ProducerCollector::name(SinkTopic topic) const {
  return topics_[static_cast<std::size_t>(topic)].name;
}

Partition ProducerCollector::partitions(SinkTopic topic) const {
  return topics_[static_cast<std::size_t>(topic)].partitions;
}

void ProducerCollector::send(SinkTopic topic, const OutputRecord& record) {
  const Topic& target = topics_[static_cast<std::size_t>(topic)];
  const absl::Status sent = send(target, {.topic = target.handle,
                                          .partition = partition_of(record, target.partitions),
                                          .key = record.key,
                                          .value = record.value,
                                          .timestamp = record.timestamp,
                                          .headers = record.headers});
  if (!sent.ok()) refuse(target.name, record, sent);
}

absl::Status ProducerCollector::send(const Topic& topic, const OutgoingRecord& record) {
  if (!refused_.empty()) [[unlikely]]
    return send_cautiously(topic, record);
  return producer_.send(record);
}

absl::Status ProducerCollector::send_cautiously(const Topic& topic, const OutgoingRecord& record) {
  const RefusedRecords::Record* refused = refused_.find(topic.name, record.key, record.value);
  if (refused == nullptr) return producer_.send(record);
  if (!refused->is_suspect) return refused->reason;
  // In a batch of its own.
  LEVADA_RETURN_IF_ERROR(producer_.flush(kFlushTimeout));
  LEVADA_RETURN_IF_ERROR(producer_.send(record));
  return producer_.flush(kFlushTimeout);
}

void ProducerCollector::refuse(const std::string& topic, const OutputRecord& record, const absl::Status& refusal) {
  if (!absl::IsInvalidArgument(refusal)) throw TaskError(refusal);
  OutputError error(OutputStep::kSend, topic, std::make_exception_ptr(TaskError(refusal)));
  error.set_bytes(record.key, record.value);
  throw error;
}

}  // namespace levada
