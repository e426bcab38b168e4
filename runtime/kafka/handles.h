// Owners of librdkafka's objects, without its header: each is given back when its owner goes.
//
//   const KafkaPtr<rd_kafka_error_s> error(rd_kafka_abort_transaction(rk, timeout_ms));
//
// Clients themselves (rd_kafka_s) are owned by KafkaClient, because giving one back may take time.
#pragma once

#include <memory>

struct rd_kafka_s;
struct rd_kafka_conf_s;
struct rd_kafka_topic_s;
struct rd_kafka_queue_s;
struct rd_kafka_op_s;  // an event
struct rd_kafka_error_s;
struct rd_kafka_message_s;
struct rd_kafka_headers_s;
struct rd_kafka_metadata;
struct rd_kafka_topic_partition_list_s;
struct rd_kafka_consumer_group_metadata_s;
struct rd_kafka_AdminOptions_s;
struct rd_kafka_NewTopic_s;
struct rd_kafka_DeleteTopic_s;
struct rd_kafka_ConfigResource_s;
struct rd_kafka_DeleteRecords_s;
struct rd_kafka_DeleteGroup_s;
struct rd_kafka_ListConsumerGroupOffsets_s;

namespace levada::internal {

struct KafkaDeleter {
  void operator()(rd_kafka_conf_s* conf) const;
  void operator()(rd_kafka_topic_s* topic) const;
  void operator()(rd_kafka_queue_s* queue) const;
  void operator()(rd_kafka_op_s* event) const;
  void operator()(rd_kafka_error_s* error) const;
  void operator()(rd_kafka_headers_s* headers) const;
  void operator()(const struct rd_kafka_metadata* metadata) const;
  void operator()(rd_kafka_topic_partition_list_s* list) const;
  void operator()(rd_kafka_consumer_group_metadata_s* metadata) const;
  void operator()(rd_kafka_AdminOptions_s* options) const;
  void operator()(rd_kafka_NewTopic_s* topic) const;
  void operator()(rd_kafka_DeleteTopic_s* topic) const;
  void operator()(rd_kafka_ConfigResource_s* resource) const;
  void operator()(rd_kafka_DeleteRecords_s* records) const;
  void operator()(rd_kafka_DeleteGroup_s* group) const;
  void operator()(rd_kafka_ListConsumerGroupOffsets_s* offsets) const;
};

template <typename T>
using KafkaPtr = std::unique_ptr<T, KafkaDeleter>;

}  // namespace levada::internal
