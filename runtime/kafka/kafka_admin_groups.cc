// What the admin asks about groups.

#include <chrono>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

#include <levada/core/status_macros.h>
#include <levada/runtime/kafka/kafka_admin.h>
#include <levada/runtime/kafka/log_queries.h>

namespace levada::internal {

namespace {

std::string text_or_empty(const char* text) { return text == nullptr ? "" : text; }

// As Kafka names them.
std::string state_name(rd_kafka_consumer_group_state_t state) {
  switch (state) {
    case RD_KAFKA_CONSUMER_GROUP_STATE_PREPARING_REBALANCE:
      return "PreparingRebalance";
    case RD_KAFKA_CONSUMER_GROUP_STATE_COMPLETING_REBALANCE:
      return "CompletingRebalance";
    case RD_KAFKA_CONSUMER_GROUP_STATE_STABLE:
      return "Stable";
    case RD_KAFKA_CONSUMER_GROUP_STATE_DEAD:
      return "Dead";
    case RD_KAFKA_CONSUMER_GROUP_STATE_EMPTY:
      return "Empty";
    default:
      return "Unknown";
  }
}

GroupMember member_of(const rd_kafka_MemberDescription_t* member) {
  const auto* assignment = rd_kafka_MemberDescription_assignment(member);
  return {.member_id = text_or_empty(rd_kafka_MemberDescription_consumer_id(member)),
          .client_id = text_or_empty(rd_kafka_MemberDescription_client_id(member)),
          .instance_id = text_or_empty(rd_kafka_MemberDescription_group_instance_id(member)),
          .assignment = partitions_of(rd_kafka_MemberAssignment_partitions(assignment))};
}

}  // namespace

// Not by ListConsumerGroupOffsets: in librdkafka 2.0.2 it crashes while the group's coordinator is still loading, as it
// is on a broker that has had no group yet.
absl::StatusOr<std::vector<CommittedOffset>> KafkaAdmin::committed(const std::string& group,
                                                                   absl::Span<const TopicPartition> partitions,
                                                                   Duration timeout) {
  LEVADA_ASSIGN_OR_RETURN(Consumer * consumer, this->group(group));
  return consumer->committed(partitions, timeout);
}

absl::StatusOr<Consumer*> KafkaAdmin::group(const std::string& name) {
  auto known = groups_.find(name);
  if (known == groups_.end()) {
    LEVADA_ASSIGN_OR_RETURN(auto opened, open_group_(name));
    known = groups_.emplace(name, std::move(opened)).first;
  }
  return known->second.get();
}

absl::StatusOr<std::vector<CommittedOffset>> KafkaAdmin::all_committed(const std::string& group, Duration timeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  LEVADA_ASSIGN_OR_RETURN(const auto topics, query_topics(*client_, timeout));
  std::vector<TopicPartition> partitions;
  for (const auto& [name, topic] : topics) {
    for (Partition partition = 0; partition < topic.partitions; ++partition) partitions.push_back({name, partition});
  }
  LEVADA_ASSIGN_OR_RETURN(auto offsets, committed(group, partitions, time_left(deadline)));
  std::erase_if(offsets, [](const CommittedOffset& each) { return each.offset == kUnknownOffset; });
  return offsets;
}

// A group whose coordinator is still loading, or is just being found, answers later.
absl::Status KafkaAdmin::set_committed(const std::string& group, absl::Span<const CommittedOffset> offsets,
                                       Duration timeout) {
  LEVADA_ASSIGN_OR_RETURN(Consumer * consumer, this->group(group));
  Retries retries(std::chrono::steady_clock::now() + timeout);
  while (true) {
    const absl::Status status = consumer->commit(offsets);
    if (!absl::IsUnavailable(status) || !retries.wait()) return status;
  }
}

absl::StatusOr<GroupDescription> KafkaAdmin::describe_group(const std::string& group, Duration timeout) {
  const std::string what = fmt::format("description of group {}", group);
  LEVADA_ASSIGN_OR_RETURN(const EventPtr event,
                          ask(RD_KAFKA_ADMIN_OP_DESCRIBECONSUMERGROUPS, what, timeout,
                              [&](const rd_kafka_AdminOptions_t* options, rd_kafka_queue_t* answers) {
                                const char* name = group.c_str();
                                rd_kafka_DescribeConsumerGroups(client_->handle(), &name, 1, options, answers);
                              }));
  std::size_t count = 0;
  const auto* result = rd_kafka_event_DescribeConsumerGroups_result(event.get());
  const auto** groups = rd_kafka_DescribeConsumerGroups_result_groups(result, &count);
  if (count != 1) return absl::InternalError(fmt::format("{}: answers for {} groups", what, count));
  LEVADA_RETURN_IF_ERROR(client_->status(rd_kafka_ConsumerGroupDescription_error(groups[0]), what));
  GroupDescription description = {.state = state_name(rd_kafka_ConsumerGroupDescription_state(groups[0]))};
  for (std::size_t i = 0; i < rd_kafka_ConsumerGroupDescription_member_count(groups[0]); ++i) {
    description.members.push_back(member_of(rd_kafka_ConsumerGroupDescription_member(groups[0], i)));
  }
  return description;
}

absl::Status KafkaAdmin::delete_group(const std::string& group, Duration timeout) {
  const std::string what = fmt::format("deletion of group {}", group);
  const KafkaPtr<rd_kafka_DeleteGroup_s> request(rd_kafka_DeleteGroup_new(group.c_str()));
  LEVADA_ASSIGN_OR_RETURN(const EventPtr event,
                          ask(RD_KAFKA_ADMIN_OP_DELETEGROUPS, what, timeout,
                              [&](const rd_kafka_AdminOptions_t* options, rd_kafka_queue_t* answers) {
                                rd_kafka_DeleteGroup_t* target = request.get();
                                rd_kafka_DeleteGroups(client_->handle(), &target, 1, options, answers);
                              }));
  std::size_t count = 0;
  const auto** groups = rd_kafka_DeleteGroups_result_groups(rd_kafka_event_DeleteGroups_result(event.get()), &count);
  for (std::size_t i = 0; i < count; ++i) {
    LEVADA_RETURN_IF_ERROR(client_->status(rd_kafka_group_result_error(groups[i]), what));
  }
  return absl::OkStatus();
}

}  // namespace levada::internal
