// Questions about logs that consumers and admins ask alike: lists of partitions, ends, offsets of times, metadata.
//
//   LEVADA_ASSIGN_OR_RETURN(const OffsetRange range, query_range(*client, {"orders", 0}, 10s));
//
// They wait for their answer, at most for the time given, and fail with kNotFound for what does not exist.
#pragma once

#include <algorithm>
#include <chrono>
#include <map>
#include <string>
#include <vector>

#include <absl/status/statusor.h>
#include <absl/types/span.h>

#include <levada/core/time.h>
#include <levada/core/topic_partition.h>
#include <levada/runtime/consumer.h>
#include <levada/runtime/kafka/client.h>
#include <levada/runtime/kafka/handles.h>

namespace levada::internal {

using Deadline = std::chrono::steady_clock::time_point;

Duration time_left(Deadline deadline);

// The pauses between tries until a deadline: short at first, since most of what is waited for is done in milliseconds.
class Retries {
 public:
  explicit Retries(Deadline deadline) : deadline_(deadline) {}

  // Waits a moment, longer each time; false when there is no time left for another try.
  bool wait();

 private:
  Deadline deadline_;
  Duration pause_{5};
};

// Asks again after failures that pass, and when no answer comes for a while, until the deadline. `ask` gets the time to
// wait for its answer and returns a StatusOr.
template <typename Ask>
auto ask_until(Deadline deadline, const Ask& ask) {
  constexpr Duration kPatience(5000);
  Retries retries(deadline);
  while (true) {
    auto answer = ask(std::min(time_left(deadline), kPatience));
    const bool passing = absl::IsUnavailable(answer.status()) || absl::IsDeadlineExceeded(answer.status());
    if (!passing || !retries.wait()) return answer;
  }
}

using PartitionListPtr = KafkaPtr<rd_kafka_topic_partition_list_s>;

PartitionListPtr to_list(absl::Span<const TopicPartition> partitions);
PartitionListPtr to_list(absl::Span<const CommittedOffset> offsets);
std::vector<TopicPartition> partitions_of(const rd_kafka_topic_partition_list_s* list);
// In the order of the list; an offset that is none becomes kUnknownOffset. The first partition with an error is the
// answer.
absl::StatusOr<std::vector<CommittedOffset>> committed_of(const rd_kafka_topic_partition_list_s* list,
                                                          std::string_view what);
// The same of an answer that may come in another order, or without partitions of which nothing is known.
absl::StatusOr<std::vector<CommittedOffset>> in_order(absl::Span<const TopicPartition> partitions,
                                                      const rd_kafka_topic_partition_list_s* answer,
                                                      std::string_view what);
// The first error that stands at a partition of the list.
absl::Status first_error(const rd_kafka_topic_partition_list_s* list, std::string_view what);

absl::StatusOr<std::vector<Offset>> query_ends(const KafkaClient& client, absl::Span<const TopicPartition> partitions,
                                               Duration timeout);
absl::StatusOr<OffsetRange> query_range(const KafkaClient& client, const TopicPartition& partition, Duration timeout);
absl::StatusOr<Offset> query_time(const KafkaClient& client, const TopicPartition& partition, Timestamp time,
                                  Duration timeout);

absl::StatusOr<Partition> query_partitions(const KafkaClient& client, rd_kafka_topic_s& topic, Duration timeout);

struct TopicState {
  Partition partitions = 0;
  bool usable = false;  // each partition has a leader
};

// All topics there are, internal ones included. Creates none.
absl::StatusOr<std::map<std::string, TopicState>> query_topics(const KafkaClient& client, Duration timeout);

}  // namespace levada::internal
