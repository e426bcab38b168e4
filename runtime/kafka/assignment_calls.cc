#include <librdkafka/rdkafka.h>

#include <levada/runtime/kafka/assignment_calls.h>
#include <levada/runtime/kafka/log_queries.h>

namespace levada::internal {

namespace {

using ErrorPtr = KafkaPtr<rd_kafka_error_s>;

}  // namespace

// librdkafka's main thread works in the order of what it is told: when it has answered two questions, the stops that
// its last assignment asked for are over.
void let_stops_end(rd_kafka_s* handle) {
  for (int i = 0; i < 2; ++i) {
    rd_kafka_topic_partition_list_t* assigned = nullptr;
    (void)rd_kafka_assignment(handle, &assigned);
    const PartitionListPtr owner(assigned);
  }
}

int tell_assignment(rd_kafka_s* handle, const rd_kafka_topic_partition_list_s* list) {
  let_stops_end(handle);
  return rd_kafka_assign(handle, list);
}

void answer_assigned(rd_kafka_s* handle, bool incremental) {
  const PartitionListPtr nothing(rd_kafka_topic_partition_list_new(0));
  if (incremental) {
    const ErrorPtr refused(rd_kafka_incremental_assign(handle, nothing.get()));
  } else {
    (void)tell_assignment(handle, nothing.get());
  }
}

// An empty list is an answer, too: what is removed was never added.
void answer_revoked(rd_kafka_s* handle, bool incremental) {
  const PartitionListPtr nothing(rd_kafka_topic_partition_list_new(0));
  if (incremental) {
    const ErrorPtr refused(rd_kafka_incremental_unassign(handle, nothing.get()));
  } else {
    (void)tell_assignment(handle, nullptr);
  }
}

}  // namespace levada::internal
