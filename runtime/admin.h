// Looks after topics and groups: creation, configuration, deletion of what is no longer needed.
//
//   admin->create_topics({{.name = "app-counts-changelog", .partitions = 4, .config = {{"cleanup.policy",
//   "compact"}}}}, 30s);
//
// Two implementations, one contract (tests/clients/). One thread at a time; calls wait for their answer.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <absl/types/span.h>

#include <levada/core/time.h>
#include <levada/core/topic_partition.h>
#include <levada/runtime/consumer.h>

namespace levada {

struct NewTopic {
  std::string name = {};
  Partition partitions = 1;
  std::int16_t replication_factor = -1;  // -1: the broker's default
  std::map<std::string, std::string> config = {};
};

struct GroupMember {
  std::string member_id = {};
  std::string client_id = {};
  std::string instance_id = {};  // empty for a dynamic member
  std::vector<TopicPartition> assignment = {};
};

struct GroupDescription {
  std::string state = {};  // Kafka's names: Empty, PreparingRebalance, CompletingRebalance, Stable, Dead
  std::vector<GroupMember> members = {};
};

class Admin {
 public:
  virtual ~Admin() = default;

  // A topic that exists already is no error: describe_topics() tells what it is like. Returns when all can be used.
  virtual absl::Status create_topics(const std::vector<NewTopic>& topics, Duration timeout) = 0;
  virtual absl::Status delete_topics(const std::vector<std::string>& topics, Duration timeout) = 0;
  // The number of partitions of each topic asked for; those that do not exist are absent.
  virtual absl::StatusOr<std::map<std::string, Partition>> describe_topics(const std::vector<std::string>& topics,
                                                                           Duration timeout) = 0;
  virtual absl::StatusOr<std::vector<std::string>> list_topics(Duration timeout) = 0;
  virtual absl::StatusOr<std::map<std::string, std::string>> topic_config(const std::string& topic,
                                                                          Duration timeout) = 0;

  // Forgets all records before the given offsets ("before" stands in CommittedOffset::offset).
  virtual absl::Status delete_records(absl::Span<const CommittedOffset> before, Duration timeout) = 0;

  // Up to the last stable offset, or with isolation.level=read_uncommitted to the end of all that was written.
  virtual absl::StatusOr<OffsetRange> offsets(const TopicPartition& partition, Duration timeout) = 0;
  // The ends of many partitions in one round trip, in the order asked for.
  virtual absl::StatusOr<std::vector<Offset>> end_offsets(absl::Span<const TopicPartition> partitions,
                                                          Duration timeout) = 0;
  // The first offset whose timestamp is at or after `time`; the end of the log when there is none.
  virtual absl::StatusOr<Offset> offset_at(const TopicPartition& partition, Timestamp time, Duration timeout) = 0;

  virtual absl::StatusOr<std::vector<CommittedOffset>> committed(const std::string& group,
                                                                 absl::Span<const TopicPartition> partitions,
                                                                 Duration timeout) = 0;
  // Of all topics there are, where something is committed.
  virtual absl::StatusOr<std::vector<CommittedOffset>> all_committed(const std::string& group, Duration timeout) = 0;
  // kFailedPrecondition while the group has members: only they may commit then.
  virtual absl::Status set_committed(const std::string& group, absl::Span<const CommittedOffset> offsets,
                                     Duration timeout) = 0;
  virtual absl::StatusOr<GroupDescription> describe_group(const std::string& group, Duration timeout) = 0;
  virtual absl::Status delete_group(const std::string& group, Duration timeout) = 0;
};

}  // namespace levada
