#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

#include <levada/core/status_macros.h>
#include <levada/runtime/kafka/errors.h>
#include <levada/runtime/kafka/kafka_admin.h>
#include <levada/runtime/kafka/log_queries.h>

namespace levada::internal {

namespace {

using namespace std::chrono_literals;

constexpr Duration kAnswerSlack = 1s;  // librdkafka gives up itself at the time given; this is for its answer

template <typename T>
std::vector<T*> pointers_to(const std::vector<KafkaPtr<T>>& owners) {
  std::vector<T*> pointers;
  for (const KafkaPtr<T>& owner : owners) pointers.push_back(owner.get());
  return pointers;
}

absl::Status failure_of(const rd_kafka_topic_result_t& result, rd_kafka_resp_err_t accepted) {
  const rd_kafka_resp_err_t error = rd_kafka_topic_result_error(&result);
  if (error == accepted) return absl::OkStatus();
  const char* detail = rd_kafka_topic_result_error_string(&result);
  return kafka_status(error, fmt::format("topic {}", rd_kafka_topic_result_name(&result)), detail ? detail : "");
}

absl::Status first_failure(const rd_kafka_topic_result_t** results, std::size_t count, rd_kafka_resp_err_t accepted) {
  for (std::size_t i = 0; i < count; ++i) LEVADA_RETURN_IF_ERROR(failure_of(*results[i], accepted));
  return absl::OkStatus();
}

absl::StatusOr<KafkaPtr<rd_kafka_NewTopic_s>> to_kafka(const NewTopic& topic) {
  std::array<char, 256> reason = {};
  KafkaPtr<rd_kafka_NewTopic_s> made(rd_kafka_NewTopic_new(topic.name.c_str(), topic.partitions,
                                                           topic.replication_factor, reason.data(), reason.size()));
  if (made == nullptr) return absl::InvalidArgumentError(fmt::format("topic {}: {}", topic.name, reason.data()));
  for (const auto& [key, value] : topic.config) rd_kafka_NewTopic_set_config(made.get(), key.c_str(), value.c_str());
  return made;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Admin>> KafkaAdmin::create(ClientConfig config, const Logger& log,
                                                          OpenGroup open_group) {
  LEVADA_ASSIGN_OR_RETURN(auto client, KafkaClient::create(std::move(config), log));
  return std::unique_ptr<Admin>(new KafkaAdmin(std::move(client), std::move(open_group)));
}

KafkaAdmin::KafkaAdmin(std::unique_ptr<KafkaClient> client, OpenGroup open_group)
    : client_(std::move(client)), open_group_(std::move(open_group)) {}
KafkaAdmin::~KafkaAdmin() = default;

absl::StatusOr<KafkaAdmin::EventPtr> KafkaAdmin::ask(int operation, std::string_view what, Duration timeout,
                                                     const Send& send) {
  const auto kind = static_cast<rd_kafka_admin_op_t>(operation);
  const KafkaPtr<rd_kafka_AdminOptions_s> options(rd_kafka_AdminOptions_new(client_->handle(), kind));
  const int limit = std::max(1, to_milliseconds(timeout));
  (void)rd_kafka_AdminOptions_set_request_timeout(options.get(), limit, nullptr, 0);
  const KafkaPtr<rd_kafka_queue_s> answers(rd_kafka_queue_new(client_->handle()));
  send(options.get(), answers.get());
  EventPtr event(rd_kafka_queue_poll(answers.get(), to_milliseconds(timeout + kAnswerSlack)));
  if (event == nullptr) return client_->status(RD_KAFKA_RESP_ERR__TIMED_OUT, what);
  if (const rd_kafka_resp_err_t error = rd_kafka_event_error(event.get())) {
    return client_->status(error, what, rd_kafka_event_error_string(event.get()));
  }
  return event;
}

absl::Status KafkaAdmin::create_topics(const std::vector<NewTopic>& topics, Duration timeout) {
  if (topics.empty()) return absl::OkStatus();
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  std::vector<KafkaPtr<rd_kafka_NewTopic_s>> requests;
  for (const NewTopic& topic : topics) {
    LEVADA_ASSIGN_OR_RETURN(auto request, to_kafka(topic));
    requests.push_back(std::move(request));
  }
  std::vector<rd_kafka_NewTopic_t*> pointers = pointers_to(requests);
  LEVADA_ASSIGN_OR_RETURN(const EventPtr event,
                          ask(RD_KAFKA_ADMIN_OP_CREATETOPICS, "creation of topics", timeout,
                              [&](const rd_kafka_AdminOptions_t* options, rd_kafka_queue_t* answers) {
                                rd_kafka_CreateTopics(client_->handle(), pointers.data(), pointers.size(), options,
                                                      answers);
                              }));
  std::size_t count = 0;
  const auto** results = rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event.get()), &count);
  for (std::size_t i = 0; i < count; ++i) {
    const absl::Status status = failure_of(*results[i], RD_KAFKA_RESP_ERR_NO_ERROR);
    if (!status.ok() && !absl::IsAlreadyExists(status)) return status;
  }
  return wait_until_usable(topics, time_left(deadline));
}

absl::Status KafkaAdmin::wait_until_usable(const std::vector<NewTopic>& topics, Duration timeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  Retries retries(deadline);
  while (true) {
    LEVADA_ASSIGN_OR_RETURN(const auto known, query_topics(*client_, time_left(deadline)));
    const auto missing = std::find_if(topics.begin(), topics.end(), [&known](const NewTopic& topic) {
      const auto found = known.find(topic.name);
      return found == known.end() || !found->second.usable;
    });
    if (missing == topics.end()) return absl::OkStatus();
    if (!retries.wait()) {
      return absl::DeadlineExceededError(fmt::format("topic {}: created, but without leaders yet", missing->name));
    }
  }
}

absl::Status KafkaAdmin::delete_topics(const std::vector<std::string>& topics, Duration timeout) {
  if (topics.empty()) return absl::OkStatus();
  std::vector<KafkaPtr<rd_kafka_DeleteTopic_s>> requests;
  for (const std::string& topic : topics) requests.emplace_back(rd_kafka_DeleteTopic_new(topic.c_str()));
  std::vector<rd_kafka_DeleteTopic_t*> pointers = pointers_to(requests);
  LEVADA_ASSIGN_OR_RETURN(const EventPtr event,
                          ask(RD_KAFKA_ADMIN_OP_DELETETOPICS, "deletion of topics", timeout,
                              [&](const rd_kafka_AdminOptions_t* options, rd_kafka_queue_t* answers) {
                                rd_kafka_DeleteTopics(client_->handle(), pointers.data(), pointers.size(), options,
                                                      answers);
                              }));
  std::size_t count = 0;
  const auto** results = rd_kafka_DeleteTopics_result_topics(rd_kafka_event_DeleteTopics_result(event.get()), &count);
  return first_failure(results, count, RD_KAFKA_RESP_ERR_NO_ERROR);
}

absl::StatusOr<std::map<std::string, Partition>> KafkaAdmin::describe_topics(const std::vector<std::string>& topics,
                                                                             Duration timeout) {
  LEVADA_ASSIGN_OR_RETURN(const auto known, query_topics(*client_, timeout));
  std::map<std::string, Partition> partitions;
  for (const std::string& topic : topics) {
    if (const auto found = known.find(topic); found != known.end()) partitions[topic] = found->second.partitions;
  }
  return partitions;
}

absl::StatusOr<std::vector<std::string>> KafkaAdmin::list_topics(Duration timeout) {
  LEVADA_ASSIGN_OR_RETURN(const auto known, query_topics(*client_, timeout));
  std::vector<std::string> names;
  for (const auto& [name, state] : known) names.push_back(name);
  return names;
}

absl::StatusOr<std::map<std::string, std::string>> KafkaAdmin::topic_config(const std::string& topic,
                                                                            Duration timeout) {
  const std::string what = fmt::format("configuration of topic {}", topic);
  const KafkaPtr<rd_kafka_ConfigResource_s> request(
      rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic.c_str()));
  LEVADA_ASSIGN_OR_RETURN(const EventPtr event,
                          ask(RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, what, timeout,
                              [&](const rd_kafka_AdminOptions_t* options, rd_kafka_queue_t* answers) {
                                rd_kafka_ConfigResource_t* resource = request.get();
                                rd_kafka_DescribeConfigs(client_->handle(), &resource, 1, options, answers);
                              }));
  std::size_t count = 0;
  const auto* result = rd_kafka_event_DescribeConfigs_result(event.get());
  const auto** resources = rd_kafka_DescribeConfigs_result_resources(result, &count);
  std::map<std::string, std::string> config;
  for (std::size_t i = 0; i < count; ++i) {
    const char* detail = rd_kafka_ConfigResource_error_string(resources[i]);
    LEVADA_RETURN_IF_ERROR(kafka_status(rd_kafka_ConfigResource_error(resources[i]), what, detail ? detail : ""));
    std::size_t entries = 0;
    const auto** entry = rd_kafka_ConfigResource_configs(resources[i], &entries);
    for (std::size_t j = 0; j < entries; ++j) {
      const char* value = rd_kafka_ConfigEntry_value(entry[j]);
      config[rd_kafka_ConfigEntry_name(entry[j])] = value ? value : "";
    }
  }
  return config;
}

absl::Status KafkaAdmin::delete_records(absl::Span<const CommittedOffset> before, Duration timeout) {
  if (before.empty()) return absl::OkStatus();
  constexpr std::string_view kWhat = "deletion of records";
  const PartitionListPtr list = to_list(before);
  const KafkaPtr<rd_kafka_DeleteRecords_s> request(rd_kafka_DeleteRecords_new(list.get()));
  LEVADA_ASSIGN_OR_RETURN(const EventPtr event,
                          ask(RD_KAFKA_ADMIN_OP_DELETERECORDS, kWhat, timeout,
                              [&](const rd_kafka_AdminOptions_t* options, rd_kafka_queue_t* answers) {
                                rd_kafka_DeleteRecords_t* records = request.get();
                                rd_kafka_DeleteRecords(client_->handle(), &records, 1, options, answers);
                              }));
  const auto* result = rd_kafka_event_DeleteRecords_result(event.get());
  return first_error(rd_kafka_DeleteRecords_result_offsets(result), kWhat);
}

absl::StatusOr<OffsetRange> KafkaAdmin::offsets(const TopicPartition& partition, Duration timeout) {
  return query_range(*client_, partition, timeout);
}

absl::StatusOr<Offset> KafkaAdmin::offset_at(const TopicPartition& partition, Timestamp time, Duration timeout) {
  return query_time(*client_, partition, time, timeout);
}

absl::StatusOr<std::vector<Offset>> KafkaAdmin::end_offsets(absl::Span<const TopicPartition> partitions,
                                                            Duration timeout) {
  return query_ends(*client_, partitions, timeout);
}

}  // namespace levada::internal
