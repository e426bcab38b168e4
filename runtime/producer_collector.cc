#include <chrono>
#include <exception>

#include <levada/core/errors.h>
#include <levada/core/murmur2.h>
#include <levada/runtime/producer_collector.h>

namespace levada {
namespace {

constexpr Duration kLookupTimeout = std::chrono::seconds(30);

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
  const absl::Status sent = producer_.send({.topic = target.handle,
                                            .partition = partition_of(record, target.partitions),
                                            .key = record.key,
                                            .value = record.value,
                                            .timestamp = record.timestamp,
                                            .headers = record.headers});
  if (!sent.ok()) refuse(target.name, record, sent);
}

void ProducerCollector::refuse(const std::string& topic, const OutputRecord& record, const absl::Status& refusal) {
  if (!absl::IsInvalidArgument(refusal)) throw TaskError(refusal);
  OutputError error(OutputStep::kSend, topic, std::make_exception_ptr(TaskError(refusal)));
  error.set_bytes(record.key, record.value);
  throw error;
}

}  // namespace levada
