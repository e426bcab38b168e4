#include <algorithm>
#include <chrono>
#include <thread>

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

#include <levada/core/status_macros.h>
#include <levada/runtime/kafka/errors.h>
#include <levada/runtime/kafka/log_queries.h>

namespace levada::internal {

namespace {

using MetadataPtr = KafkaPtr<const struct rd_kafka_metadata>;

// What ListOffsets takes in the place of a time; librdkafka hands them through.
constexpr std::int64_t kBeginning = -2;
constexpr std::int64_t kEnd = -1;

absl::Span<const rd_kafka_topic_partition_t> elements(const rd_kafka_topic_partition_list_t* list) {
  return {list->elems, static_cast<std::size_t>(list->cnt)};
}

void set_metadata(rd_kafka_topic_partition_t& element, const std::string& metadata) {
  if (metadata.empty()) return;
  element.metadata = rd_kafka_mem_malloc(nullptr, metadata.size());  // the list frees it
  element.metadata_size = metadata.size();
  std::copy(metadata.begin(), metadata.end(), static_cast<char*>(element.metadata));
}

std::string described(std::string_view what, const rd_kafka_topic_partition_t& element) {
  return fmt::format("{} of {}-{}", what, element.topic, element.partition);
}

absl::StatusOr<std::vector<Offset>> query_once(const KafkaClient& client, absl::Span<const TopicPartition> partitions,
                                               std::int64_t time, Duration timeout) {
  constexpr std::string_view kWhat = "offsets";
  const PartitionListPtr list = to_list(partitions);
  for (int i = 0; i < list->cnt; ++i) list->elems[i].offset = time;
  const auto error = rd_kafka_offsets_for_times(client.handle(), list.get(), to_milliseconds(timeout));
  for (const rd_kafka_topic_partition_t& element : elements(list.get())) {
    const bool unanswered = element.err == RD_KAFKA_RESP_ERR__IN_PROGRESS;
    LEVADA_RETURN_IF_ERROR(client.status(unanswered ? error : element.err, described(kWhat, element)));
  }
  LEVADA_RETURN_IF_ERROR(client.status(error, described(kWhat, list->elems[0])));
  std::vector<Offset> offsets;
  for (const rd_kafka_topic_partition_t& element : elements(list.get())) offsets.push_back(element.offset);
  return offsets;
}

absl::StatusOr<std::vector<Offset>> query(const KafkaClient& client, absl::Span<const TopicPartition> partitions,
                                          std::int64_t time, Duration timeout) {
  if (partitions.empty()) return std::vector<Offset>();
  return ask_until(std::chrono::steady_clock::now() + timeout,
                   [&client, partitions, time](Duration limit) { return query_once(client, partitions, time, limit); });
}

absl::StatusOr<Offset> query_one(const KafkaClient& client, const TopicPartition& partition, std::int64_t time,
                                 Duration timeout) {
  LEVADA_ASSIGN_OR_RETURN(const std::vector<Offset> offsets, query(client, {&partition, 1}, time, timeout));
  return offsets.front();
}

bool all_led(const rd_kafka_metadata_topic_t& topic) {
  const auto partitions = absl::MakeSpan(topic.partitions, static_cast<std::size_t>(topic.partition_cnt));
  return std::all_of(partitions.begin(), partitions.end(), [](const auto& partition) { return partition.leader >= 0; });
}

// Of all topics when `topic` is null.
absl::StatusOr<MetadataPtr> query_metadata(const KafkaClient& client, rd_kafka_topic_s* topic, std::string_view what,
                                           Duration timeout) {
  const rd_kafka_metadata_t* answer = nullptr;
  const int all = topic == nullptr ? 1 : 0;
  const auto error = rd_kafka_metadata(client.handle(), all, topic, &answer, to_milliseconds(timeout));
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) return client.status(error, what);
  return MetadataPtr(answer);
}

absl::StatusOr<Partition> query_partitions_once(const KafkaClient& client, rd_kafka_topic_s& topic, Duration timeout) {
  const std::string what = fmt::format("topic {}", rd_kafka_topic_name(&topic));
  LEVADA_ASSIGN_OR_RETURN(const MetadataPtr metadata, query_metadata(client, &topic, what, timeout));
  const rd_kafka_metadata_topic_t& answer = metadata->topics[0];
  LEVADA_RETURN_IF_ERROR(client.status(answer.err, what));
  if (!all_led(answer)) return client.status(RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE, what);
  return answer.partition_cnt;
}

}  // namespace

bool Retries::wait() {
  constexpr Duration kLongest(50);
  if (std::chrono::steady_clock::now() + pause_ >= deadline_) return false;
  std::this_thread::sleep_for(pause_);
  pause_ = std::min(2 * pause_, kLongest);
  return true;
}

Duration time_left(Deadline deadline) {
  const auto left = std::chrono::floor<Duration>(deadline - std::chrono::steady_clock::now());
  return std::max(left, Duration(0));
}

PartitionListPtr to_list(absl::Span<const TopicPartition> partitions) {
  PartitionListPtr list(rd_kafka_topic_partition_list_new(static_cast<int>(partitions.size())));
  for (const TopicPartition& where : partitions) {
    rd_kafka_topic_partition_list_add(list.get(), where.topic.c_str(), where.partition);
  }
  return list;
}

PartitionListPtr to_list(absl::Span<const CommittedOffset> offsets) {
  PartitionListPtr list(rd_kafka_topic_partition_list_new(static_cast<int>(offsets.size())));
  for (const CommittedOffset& committed : offsets) {
    const TopicPartition& where = committed.partition;
    auto* element = rd_kafka_topic_partition_list_add(list.get(), where.topic.c_str(), where.partition);
    element->offset = committed.offset;
    set_metadata(*element, committed.metadata);
  }
  return list;
}

std::vector<TopicPartition> partitions_of(const rd_kafka_topic_partition_list_s* list) {
  std::vector<TopicPartition> partitions;
  for (const auto& element : elements(list)) partitions.push_back({element.topic, element.partition});
  return partitions;
}

absl::StatusOr<std::vector<CommittedOffset>> committed_of(const rd_kafka_topic_partition_list_s* list,
                                                          std::string_view what) {
  LEVADA_RETURN_IF_ERROR(first_error(list, what));
  std::vector<CommittedOffset> offsets;
  for (const auto& element : elements(list)) {
    CommittedOffset committed = {.partition = {element.topic, element.partition}};
    if (element.offset >= 0) {
      committed.offset = element.offset;
      committed.metadata.assign(static_cast<const char*>(element.metadata), element.metadata_size);
    }
    offsets.push_back(std::move(committed));
  }
  return offsets;
}

absl::StatusOr<std::vector<CommittedOffset>> in_order(absl::Span<const TopicPartition> partitions,
                                                      const rd_kafka_topic_partition_list_s* answer,
                                                      std::string_view what) {
  LEVADA_ASSIGN_OR_RETURN(std::vector<CommittedOffset> found, committed_of(answer, what));
  std::vector<CommittedOffset> ordered;
  for (const TopicPartition& where : partitions) {
    const auto same = [&where](const CommittedOffset& committed) { return committed.partition == where; };
    const auto committed = std::find_if(found.begin(), found.end(), same);
    ordered.push_back(committed == found.end() ? CommittedOffset{.partition = where} : *committed);
  }
  return ordered;
}

absl::Status first_error(const rd_kafka_topic_partition_list_s* list, std::string_view what) {
  for (const auto& element : elements(list)) {
    if (element.err != RD_KAFKA_RESP_ERR_NO_ERROR) return kafka_status(element.err, described(what, element));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Offset>> query_ends(const KafkaClient& client, absl::Span<const TopicPartition> partitions,
                                               Duration timeout) {
  return query(client, partitions, kEnd, timeout);
}

absl::StatusOr<OffsetRange> query_range(const KafkaClient& client, const TopicPartition& partition, Duration timeout) {
  LEVADA_ASSIGN_OR_RETURN(const Offset begin, query_one(client, partition, kBeginning, timeout));
  LEVADA_ASSIGN_OR_RETURN(const Offset end, query_one(client, partition, kEnd, timeout));
  return OffsetRange{.begin = begin, .end = std::max(begin, end)};
}

absl::StatusOr<Offset> query_time(const KafkaClient& client, const TopicPartition& partition, Timestamp time,
                                  Duration timeout) {
  const std::int64_t milliseconds = std::max<std::int64_t>(0, time.time_since_epoch().count());
  LEVADA_ASSIGN_OR_RETURN(const Offset offset, query_one(client, partition, milliseconds, timeout));
  if (offset >= 0) return offset;
  return query_one(client, partition, kEnd, timeout);
}

absl::StatusOr<Partition> query_partitions(const KafkaClient& client, rd_kafka_topic_s& topic, Duration timeout) {
  return ask_until(std::chrono::steady_clock::now() + timeout,
                   [&client, &topic](Duration limit) { return query_partitions_once(client, topic, limit); });
}

absl::StatusOr<std::map<std::string, TopicState>> query_topics(const KafkaClient& client, Duration timeout) {
  LEVADA_ASSIGN_OR_RETURN(const MetadataPtr metadata,
                          ask_until(std::chrono::steady_clock::now() + timeout, [&client](Duration limit) {
                            return query_metadata(client, nullptr, "list of topics", limit);
                          }));
  std::map<std::string, TopicState> topics;
  for (const auto& topic : absl::MakeSpan(metadata->topics, static_cast<std::size_t>(metadata->topic_cnt))) {
    if (topic.partition_cnt == 0) continue;
    topics[topic.topic] = {.partitions = topic.partition_cnt, .usable = all_led(topic)};
  }
  return topics;
}

}  // namespace levada::internal
