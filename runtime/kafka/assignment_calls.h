// What a consumer tells librdkafka of its assignment. Each waits for librdkafka's main thread, which answers as long as
// the client is not closed.
//
//   void on_rebalance(…) { … answer_assigned(handle, incremental); }
#pragma once

struct rd_kafka_s;
struct rd_kafka_topic_partition_list_s;

namespace levada::internal {

// Returns when what earlier assignments asked for is over. librdkafka ends the process when a partition is taken away
// that is being stopped already: when one assignment comes right after another, or the end after it.
void let_stops_end(rd_kafka_s* handle);

// Reads exactly this from now on, or nothing and gives back what the group gave (nullptr), once earlier stops are over.
// Returns librdkafka's error code.
int tell_assignment(rd_kafka_s* handle, const rd_kafka_topic_partition_list_s* list);

// To what the group gives or takes: that nothing is read yet, or any more. `incremental`: the group adds and removes.
void answer_assigned(rd_kafka_s* handle, bool incremental);
void answer_revoked(rd_kafka_s* handle, bool incremental);

}  // namespace levada::internal
