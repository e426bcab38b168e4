#include <algorithm>
#include <utility>

#include <absl/status/status.h>
#include <fmt/format.h>

#include <levada/core/status_macros.h>
#include <levada/runtime/embedded/topics.h>

namespace levada::internal::embedded {
namespace {

bool legal_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

bool legal_name(const std::string& name) {
  return !name.empty() && name.size() <= 249 && name != "." && name != ".." &&
         std::all_of(name.begin(), name.end(), legal_character);
}

absl::Status check(const NewTopic& topic) {
  if (!legal_name(topic.name)) {
    return absl::InvalidArgumentError(
        fmt::format("topic \"{}\": expected 1 to 249 letters, digits, dots, underscores and hyphens", topic.name));
  }
  if (topic.partitions < 1) {
    return absl::InvalidArgumentError(fmt::format("topic {}: {} partitions", topic.name, topic.partitions));
  }
  if (topic.replication_factor != -1 && topic.replication_factor != 1) {
    return absl::InvalidArgumentError(fmt::format("topic {}: replication factor {}, but the embedded cluster is 1 node",
                                                  topic.name, topic.replication_factor));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Topic*> Topics::create(const NewTopic& topic) {
  LEVADA_RETURN_IF_ERROR(check(topic));
  if (by_name_.contains(topic.name)) return absl::AlreadyExistsError(fmt::format("topic {} exists", topic.name));
  LEVADA_ASSIGN_OR_RETURN(TopicConfig config, parse_topic_config(topic.name, topic.config));
  Topic& created = all_.emplace_back();
  created.name = topic.name;
  created.config = std::move(config);
  created.partitions.resize(static_cast<std::size_t>(topic.partitions));
  by_name_[topic.name] = &created;
  return &created;
}

absl::Status Topics::remove(const std::string& name) {
  Topic* topic = find(name);
  if (topic == nullptr) return no_such_topic(name);
  by_name_.erase(name);
  topic->deleted = true;
  std::vector<PartitionLog>().swap(topic->partitions);
  return absl::OkStatus();
}

Topic* Topics::find(const std::string& name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : found->second;
}

Partition Topics::partition_count(const std::string& name) const {
  const Topic* topic = find(name);
  return topic == nullptr ? 0 : static_cast<Partition>(topic->partitions.size());
}

absl::StatusOr<Topic*> Topics::get(const TopicPartition& partition) const {
  Topic* topic = find(partition.topic);
  if (topic == nullptr) return no_such_topic(partition.topic);
  if (partition.partition < 0 || partition.partition >= partition_count(partition.topic)) {
    return absl::NotFoundError(fmt::format("partition {} does not exist: the topic has {} partitions",
                                           partition.to_string(), topic->partitions.size()));
  }
  return topic;
}

absl::StatusOr<PartitionLog*> Topics::log(const TopicPartition& partition) const {
  LEVADA_ASSIGN_OR_RETURN(Topic * topic, get(partition));
  return &topic->partitions[static_cast<std::size_t>(partition.partition)];
}

std::vector<std::string> Topics::names() const {
  std::vector<std::string> names;
  for (const auto& [name, topic] : by_name_) names.push_back(name);
  std::sort(names.begin(), names.end());
  return names;
}

void Topics::clean(Cleaning cleaning, Timestamp now) {
  for (Topic& topic : all_) {
    for (PartitionLog& log : topic.partitions) {
      log.apply_retention(topic.config, now);
      if (cleaning == Cleaning::kEverything || log.worth_compacting(topic.config)) log.compact(topic.config, now);
    }
  }
}

std::size_t Topics::bytes() const {
  std::size_t sum = 0;
  for (const Topic& topic : all_) {
    for (const PartitionLog& log : topic.partitions) sum += log.bytes();
  }
  return sum;
}

absl::Status no_such_topic(const std::string& name) {
  return absl::NotFoundError(fmt::format("topic {} does not exist", name));
}

}  // namespace levada::internal::embedded
