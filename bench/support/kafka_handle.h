// Inside of kafka.h: making librdkafka handles. Included by .cc files only.
#pragma once

#include <functional>
#include <map>
#include <string>

#include <librdkafka/rdkafka.h>

#include "bench/support/kafka.h"

namespace bench {

struct HandleKind {
  rd_kafka_type_t type = RD_KAFKA_PRODUCER;
  std::map<std::string, std::string> tuning = {};
  std::function<void(rd_kafka_conf_t*)> prepare = {};
};

KafkaHandle make_handle(const HandleKind& kind, const Connection& connection);

// How many partitions the topic has; throws if it does not exist.
std::int32_t partition_count(rd_kafka_t* handle, rd_kafka_topic_t* topic);

void throw_on(rd_kafka_resp_err_t error, const std::string& action);

}  // namespace bench
