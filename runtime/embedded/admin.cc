#include <fmt/format.h>

#include <levada/core/status_macros.h>
#include <levada/runtime/embedded/admin.h>

namespace levada::internal::embedded {
namespace {

absl::Status create(BrokerAccess& access, const NewTopic& topic) {
  const absl::Status created = access.topics().create(topic).status();
  if (absl::IsAlreadyExists(created)) return absl::OkStatus();
  LEVADA_RETURN_IF_ERROR(created);
  access.groups().on_topic_created(topic.name);
  return absl::OkStatus();
}

absl::Status remove(BrokerAccess& access, const std::string& topic) {
  LEVADA_RETURN_IF_ERROR(access.topics().remove(topic));
  access.groups().on_topic_deleted(topic);
  return absl::OkStatus();
}

// As with Kafka, an offset of -1 means all there is.
absl::Status delete_before(Topics& topics, const CommittedOffset& before) {
  LEVADA_ASSIGN_OR_RETURN(Topic * topic, topics.get(before.partition));
  const std::string name = before.partition.to_string();
  if (!topic->config.deletes) {
    return absl::InvalidArgumentError(fmt::format("{}: records can be deleted only with cleanup.policy=delete", name));
  }
  PartitionLog& log = topic->partitions[static_cast<std::size_t>(before.partition.partition)];
  if (before.offset > log.end()) {
    return absl::OutOfRangeError(fmt::format("{}: offset {} is past the end {}", name, before.offset, log.end()));
  }
  log.delete_before(before.offset == -1 ? log.end() : before.offset);
  return absl::OkStatus();
}

}  // namespace

absl::Status EmbeddedAdmin::create_topics(const std::vector<NewTopic>& topics, Duration /*timeout*/) {
  BrokerAccess access(broker_);
  absl::Status result;
  for (const NewTopic& topic : topics) result.Update(create(access, topic));
  access.announce();
  return result;
}

absl::Status EmbeddedAdmin::delete_topics(const std::vector<std::string>& topics, Duration /*timeout*/) {
  BrokerAccess access(broker_);
  absl::Status result;
  for (const std::string& topic : topics) result.Update(remove(access, topic));
  access.announce();
  return result;
}

absl::StatusOr<std::map<std::string, Partition>> EmbeddedAdmin::describe_topics(const std::vector<std::string>& topics,
                                                                                Duration /*timeout*/) {
  BrokerAccess access(broker_);
  std::map<std::string, Partition> result;
  for (const std::string& topic : topics) {
    const Partition count = access.topics().partition_count(topic);
    if (count > 0) result[topic] = count;
  }
  return result;
}

absl::StatusOr<std::vector<std::string>> EmbeddedAdmin::list_topics(Duration /*timeout*/) {
  return BrokerAccess(broker_).topics().names();
}

absl::StatusOr<std::map<std::string, std::string>> EmbeddedAdmin::topic_config(const std::string& topic,
                                                                               Duration /*timeout*/) {
  BrokerAccess access(broker_);
  const Topic* found = access.topics().find(topic);
  if (found == nullptr) return no_such_topic(topic);
  return found->config.all;
}

absl::Status EmbeddedAdmin::delete_records(absl::Span<const CommittedOffset> before, Duration /*timeout*/) {
  BrokerAccess access(broker_);
  absl::Status result;
  for (const CommittedOffset& each : before) result.Update(delete_before(access.topics(), each));
  access.announce();
  return result;
}

absl::StatusOr<OffsetRange> EmbeddedAdmin::offsets(const TopicPartition& partition, Duration /*timeout*/) {
  BrokerAccess access(broker_);
  access.catch_up();
  LEVADA_ASSIGN_OR_RETURN(const PartitionLog* log, access.topics().log(partition));
  return log->range(isolation_);
}

absl::StatusOr<std::vector<Offset>> EmbeddedAdmin::end_offsets(absl::Span<const TopicPartition> partitions,
                                                               Duration /*timeout*/) {
  BrokerAccess access(broker_);
  access.catch_up();
  std::vector<Offset> ends;
  for (const TopicPartition& partition : partitions) {
    LEVADA_ASSIGN_OR_RETURN(const PartitionLog* log, access.topics().log(partition));
    ends.push_back(log->visible_end(isolation_));
  }
  return ends;
}

absl::StatusOr<Offset> EmbeddedAdmin::offset_at(const TopicPartition& partition, Timestamp time, Duration /*timeout*/) {
  BrokerAccess access(broker_);
  access.catch_up();
  LEVADA_ASSIGN_OR_RETURN(const PartitionLog* log, access.topics().log(partition));
  return log->offset_at(time, isolation_);
}

absl::StatusOr<std::vector<CommittedOffset>> EmbeddedAdmin::committed(const std::string& group,
                                                                      absl::Span<const TopicPartition> partitions,
                                                                      Duration /*timeout*/) {
  BrokerAccess access(broker_);
  access.catch_up();
  return access.groups().committed(group, partitions);
}

absl::StatusOr<std::vector<CommittedOffset>> EmbeddedAdmin::all_committed(const std::string& group,
                                                                          Duration /*timeout*/) {
  BrokerAccess access(broker_);
  access.catch_up();
  return access.groups().all_committed(group);
}

absl::Status EmbeddedAdmin::set_committed(const std::string& group, absl::Span<const CommittedOffset> offsets,
                                          Duration /*timeout*/) {
  BrokerAccess access(broker_);
  access.catch_up();
  return access.groups().commit({.group_id = group}, offsets);
}

absl::StatusOr<GroupDescription> EmbeddedAdmin::describe_group(const std::string& group, Duration /*timeout*/) {
  BrokerAccess access(broker_);
  access.catch_up();
  return access.groups().describe(group);
}

absl::Status EmbeddedAdmin::delete_group(const std::string& group, Duration /*timeout*/) {
  BrokerAccess access(broker_);
  access.catch_up();
  return access.groups().remove(group);
}

}  // namespace levada::internal::embedded
