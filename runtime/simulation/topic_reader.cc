#include <levada/core/status_macros.h>
#include <levada/runtime/simulation/topic_reader.h>

namespace levada::internal {
namespace {

constexpr std::size_t kRecordsAtOnce = 10'000;

NullableBytes copy(NullableView view) { return view ? NullableBytes(Bytes(*view)) : std::nullopt; }

}  // namespace

absl::StatusOr<std::unique_ptr<TopicReader>> TopicReader::create(Cluster& cluster,
                                                                 const std::vector<TopicPartition>& partitions) {
  LEVADA_ASSIGN_OR_RETURN(auto consumer, cluster.consumer({{"isolation.level", "read_committed"}}));
  std::vector<Assignment> assignments;
  for (const TopicPartition& each : partitions) assignments.push_back({each, 0, assignments.size()});
  LEVADA_RETURN_IF_ERROR(consumer->assign(assignments));
  std::unique_ptr<TopicReader> reader(new TopicReader(std::move(consumer), partitions));
  for (const TopicPartition& each : partitions) reader->records_[each] = {}, reader->offsets_[each] = {};
  return reader;
}

absl::Status TopicReader::read() {
  do {
    came_further_ = false;
    LEVADA_RETURN_IF_ERROR(consumer_->poll(Duration(0), kRecordsAtOnce, *this));
  } while (came_further_);
  return absl::OkStatus();
}

void TopicReader::on_record(std::size_t tag, const LogRecord& record) {
  records_[partitions_[tag]].push_back(
      {copy(record.key), copy(record.value), record.timestamp, Headers(record.headers)});
  offsets_[partitions_[tag]].push_back(record.offset);
  came_further_ = true;
}

absl::StatusOr<std::map<std::string, std::vector<TestBytes>>> read_topics(
    Cluster& cluster, const std::map<std::string, Partition>& topics) {
  std::vector<TopicPartition> partitions;
  for (const auto& [topic, count] : topics) {
    for (Partition partition = 0; partition < count; ++partition) partitions.push_back({topic, partition});
  }
  LEVADA_ASSIGN_OR_RETURN(const auto reader, TopicReader::create(cluster, partitions));
  LEVADA_RETURN_IF_ERROR(reader->read());
  std::map<std::string, std::vector<TestBytes>> records;
  for (const auto& [topic, count] : topics) records[topic] = {};
  for (const auto& [partition, read] : reader->records()) {
    std::vector<TestBytes>& all = records[partition.topic];
    all.insert(all.end(), read.begin(), read.end());
  }
  return records;
}

}  // namespace levada::internal
