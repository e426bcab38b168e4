// A record of a dead-letter topic, in Kafka Streams' format: key and value are the bytes that were read from the source
// topic, timestamp and headers are those the record had where it failed, and these headers stand behind them:
//
//   __streams.errors.exception    the type of what was thrown
//   __streams.errors.message      what it says; null if it says nothing
//   __streams.errors.stacktrace   "<type>: <message>", and a line for the node and the task
//   __streams.errors.topic        the source topic; null in a punctuation
//   __streams.errors.partition    decimal; "-1" in a punctuation
//   __streams.errors.offset       decimal; "-1" in a punctuation
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <levada/core/bytes.h>
#include <levada/core/headers.h>
#include <levada/core/time.h>
#include <levada/core/topic_partition.h>

namespace levada {

inline constexpr std::string_view kErrorHeaderPrefix = "__streams.errors.";
inline constexpr std::string_view kExceptionHeader = "__streams.errors.exception";
inline constexpr std::string_view kMessageHeader = "__streams.errors.message";
inline constexpr std::string_view kStackTraceHeader = "__streams.errors.stacktrace";
inline constexpr std::string_view kTopicHeader = "__streams.errors.topic";
inline constexpr std::string_view kPartitionHeader = "__streams.errors.partition";
inline constexpr std::string_view kOffsetHeader = "__streams.errors.offset";

struct DeadLetter {
  std::string topic = {};
  NullableBytes key = std::nullopt;
  NullableBytes value = std::nullopt;
  Timestamp timestamp = kNoTimestamp;
  Headers headers = {};
  std::optional<Partition> partition = std::nullopt;  // none: that of the key
};

}  // namespace levada
