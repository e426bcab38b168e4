#include <array>
#include <stdexcept>

#include <fmt/core.h>
#include <librdkafka/rdkafka.h>

#include "bench/support/kafka.h"
#include "bench/support/kafka_handle.h"

namespace bench {
namespace {

void count_failure(rd_kafka_t*, const rd_kafka_message_t* message, void* opaque) {
  if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) ++*static_cast<std::int64_t*>(opaque);
}

const std::map<std::string, std::string> kTuning = {
    {"enable.idempotence", "true"},
    {"acks", "all"},
    {"partitioner", "murmur2_random"},
    {"linger.ms", "50"},
    {"batch.size", "1000000"},
    {"queue.buffering.max.messages", "500000"},
    {"queue.buffering.max.kbytes", "131072"},
    {"delivery.report.only.error", "true"},
};

}  // namespace

Producer::Producer(const Connection& connection)
    : handle_(make_handle({.type = RD_KAFKA_PRODUCER,
                           .tuning = kTuning,
                           .prepare =
                               [this](rd_kafka_conf_t* conf) {
                                 rd_kafka_conf_set_opaque(conf, failures_.get());
                                 rd_kafka_conf_set_dr_msg_cb(conf, count_failure);
                               }},
                          connection)) {}

// The metadata is asked for at once: librdkafka 2.0.2 otherwise holds the first records of a topic back for a second.
Topic Producer::topic(const std::string& name) {
  Topic topic(rd_kafka_topic_new(handle_.get(), name.c_str(), nullptr));
  partition_count(handle_.get(), topic.get());
  return topic;
}

void Producer::send(const Topic& topic, const Outgoing& record) {
  std::array<rd_kafka_vu_t, 5> parts;
  parts[0].vtype = RD_KAFKA_VTYPE_RKT;
  parts[0].u.rkt = topic.get();
  parts[1].vtype = RD_KAFKA_VTYPE_MSGFLAGS;
  parts[1].u.i = RD_KAFKA_MSG_F_COPY;
  parts[2].vtype = RD_KAFKA_VTYPE_KEY;
  parts[2].u.mem = {const_cast<char*>(record.key.data()), record.key.size()};
  parts[3].vtype = RD_KAFKA_VTYPE_VALUE;
  parts[3].u.mem = {const_cast<char*>(record.value.data()), record.value.size()};
  parts[4].vtype = RD_KAFKA_VTYPE_TIMESTAMP;
  parts[4].u.i64 = record.timestamp_ms;
  while (rd_kafka_error_t* error = rd_kafka_produceva(handle_.get(), parts.data(), parts.size())) {
    const rd_kafka_resp_err_t code = rd_kafka_error_code(error);
    rd_kafka_error_destroy(error);
    if (code != RD_KAFKA_RESP_ERR__QUEUE_FULL) {
      throw std::runtime_error(
          fmt::format("cannot produce to {}: {}", rd_kafka_topic_name(topic.get()), rd_kafka_err2str(code)));
    }
    rd_kafka_poll(handle_.get(), 5);
  }
}

void Producer::flush() {
  throw_on(rd_kafka_flush(handle_.get(), 60'000), "flush");
  if (*failures_ > 0) throw std::runtime_error(fmt::format("{} records were not delivered", *failures_));
}

}  // namespace bench
