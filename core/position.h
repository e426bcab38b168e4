// How far a store has come in the topics it is made of, and the form in which Kafka Streams writes that to the header
// "c" of a changelog's records when it is asked for consistency:
//
//   byte 0 | int32 topics | per topic: int32 length | name | int32 partitions | per partition: int32 number | int64
//   offset
//
// followed by zeros: Kafka Streams reckons the size in bits and sends that many bytes. Readers ignore them.
//
//   Position position;
//   advance(position, {"orders", 0}, 5);
//   append_position(in_java_order(position), out);
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include <levada/core/bytes.h>
#include <levada/core/topic_partition.h>

namespace levada {

// By topic, the last offset of each partition.
using Position = std::vector<std::pair<std::string, std::map<Partition, Offset>>>;

// A record of that place was seen.
void advance(Position& position, const TopicPartition& source, Offset offset);

// In the order in which Kafka Streams writes topics, which is that of a Java hash map.
Position in_java_order(const Position& position);

void append_position(const Position& position, Bytes& out);
// Throws SerdeError for bytes that are no position.
Position read_position(BytesView bytes);

}  // namespace levada
