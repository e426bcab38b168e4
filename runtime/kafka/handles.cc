#include <librdkafka/rdkafka.h>

#include <levada/runtime/kafka/handles.h>

namespace levada::internal {

void KafkaDeleter::operator()(rd_kafka_conf_s* conf) const { rd_kafka_conf_destroy(conf); }
void KafkaDeleter::operator()(rd_kafka_topic_s* topic) const { rd_kafka_topic_destroy(topic); }
void KafkaDeleter::operator()(rd_kafka_queue_s* queue) const { rd_kafka_queue_destroy(queue); }
void KafkaDeleter::operator()(rd_kafka_op_s* event) const { rd_kafka_event_destroy(event); }
void KafkaDeleter::operator()(rd_kafka_error_s* error) const { rd_kafka_error_destroy(error); }
void KafkaDeleter::operator()(rd_kafka_headers_s* headers) const { rd_kafka_headers_destroy(headers); }
void KafkaDeleter::operator()(const struct rd_kafka_metadata* metadata) const { rd_kafka_metadata_destroy(metadata); }
void KafkaDeleter::operator()(rd_kafka_topic_partition_list_s* list) const {
  rd_kafka_topic_partition_list_destroy(list);
}
void KafkaDeleter::operator()(rd_kafka_consumer_group_metadata_s* metadata) const {
  rd_kafka_consumer_group_metadata_destroy(metadata);
}
void KafkaDeleter::operator()(rd_kafka_AdminOptions_s* options) const { rd_kafka_AdminOptions_destroy(options); }
void KafkaDeleter::operator()(rd_kafka_NewTopic_s* topic) const { rd_kafka_NewTopic_destroy(topic); }
void KafkaDeleter::operator()(rd_kafka_DeleteTopic_s* topic) const { rd_kafka_DeleteTopic_destroy(topic); }
void KafkaDeleter::operator()(rd_kafka_ConfigResource_s* resource) const { rd_kafka_ConfigResource_destroy(resource); }
void KafkaDeleter::operator()(rd_kafka_DeleteRecords_s* records) const { rd_kafka_DeleteRecords_destroy(records); }
void KafkaDeleter::operator()(rd_kafka_DeleteGroup_s* group) const { rd_kafka_DeleteGroup_destroy(group); }
void KafkaDeleter::operator()(rd_kafka_ListConsumerGroupOffsets_s* offsets) const {
  rd_kafka_ListConsumerGroupOffsets_destroy(offsets);
}

}  // namespace levada::internal
