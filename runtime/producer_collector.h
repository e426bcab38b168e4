// Sends a thread's output to the cluster: picks the partition, looks a topic up once.
// Owned by the thread, shared by its tasks; used on that thread only.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <levada/core/record_collector.h>
#include <levada/runtime/producer.h>
#include <levada/runtime/refused_records.h>

namespace levada {

class ProducerCollector final : public RecordCollector {
 public:
  // The producer must outlive it.
  explicit ProducerCollector(Producer& producer) : producer_(producer) {}

  SinkTopic topic(const std::string& name) override;
  const std::string& name(SinkTopic topic) const override;
  Partition partitions(SinkTopic topic) const override;
  void send(SinkTopic topic, const OutputRecord& record) override;

  RefusedRecords& refused() { return refused_; }

 private:
  struct Topic {
    std::string name;
    TopicHandle handle;
    Partition partitions;
  };

  absl::Status send(const Topic& topic, const OutgoingRecord& record);
  absl::Status send_cautiously(const Topic& topic, const OutgoingRecord& record);
  // An error about this one record is told apart from those of the log.
  [[noreturn]] static void refuse(const std::string& topic, const OutputRecord& record, const absl::Status& refusal);

  Producer& producer_;
  RefusedRecords refused_ = {};
  std::vector<Topic> topics_ = {};
  std::map<std::string, SinkTopic> by_name_ = {};
};

// Where Kafka's default partitioner puts the record: by the murmur2 of its key, without the window of a windowed key.
Partition partition_of(const OutputRecord& record, Partition partitions);

}  // namespace levada
