// Reads topics of a simulation as others see them: committed records only.
//
//   ASSIGN_OR_RETURN(auto reader, TopicReader::create(cluster, {{"counts", 0}, {"counts", 1}}));
//   RETURN_IF_ERROR(reader->read());                    // what has come since the last time
//   reader->records({"counts", 0});
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <levada/runtime/cluster.h>
#include <levada/runtime/topology_test_driver.h>

namespace levada::internal {

class TopicReader final : private RecordHandler {
 public:
  static absl::StatusOr<std::unique_ptr<TopicReader>> create(Cluster& cluster,
                                                             const std::vector<TopicPartition>& partitions);

  // Up to the end there is now.
  absl::Status read();
  const std::map<TopicPartition, std::vector<TestBytes>>& records() const { return records_; }
  const std::vector<TestBytes>& records(const TopicPartition& partition) const { return records_.at(partition); }
  // Of one partition: where each record stands.
  const std::vector<Offset>& offsets(const TopicPartition& partition) const { return offsets_.at(partition); }

 private:
  TopicReader(std::unique_ptr<Consumer> consumer, std::vector<TopicPartition> partitions)
      : consumer_(std::move(consumer)), partitions_(std::move(partitions)) {}

  void on_record(std::size_t tag, const LogRecord& record) override;
  void on_end_of_partition(std::size_t, Offset) override { came_further_ = true; }

  std::unique_ptr<Consumer> consumer_;
  std::vector<TopicPartition> partitions_;
  std::map<TopicPartition, std::vector<TestBytes>> records_ = {};
  std::map<TopicPartition, std::vector<Offset>> offsets_ = {};
  bool came_further_ = false;
};

// All records of all partitions of the topics, partition by partition.
absl::StatusOr<std::map<std::string, std::vector<TestBytes>>> read_topics(
    Cluster& cluster, const std::map<std::string, Partition>& topics);

}  // namespace levada::internal
