// Where a task's output goes: bytes for topics. Sinks write to it; the runtime sends them to a cluster, the test driver
// keeps them.
//
//   const SinkTopic counts = collector.topic("order-counts");
//   collector.send(counts, {.key = key, .value = value, .timestamp = record.timestamp, .headers = &record.headers});
//
// Used on the task's thread only. Throws TaskError when the topic does not exist or the log fails, OutputError
// when it refuses the record.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include <levada/core/bytes.h>
#include <levada/core/headers.h>
#include <levada/core/time.h>
#include <levada/core/topic_partition.h>

namespace levada {

// A topic looked up once. Valid for its collector.
enum class SinkTopic : std::int32_t {};

struct OutputRecord {
  NullableView key = std::nullopt;
  NullableView value = std::nullopt;
  Timestamp timestamp = kNoTimestamp;
  const Headers* headers = nullptr;
  // Where it goes: the given partition, else the one of the key's murmur2 (without the last `unpartitioned_suffix`
  // bytes), else, without a key, any.
  std::optional<Partition> partition = std::nullopt;
  std::size_t unpartitioned_suffix = 0;
};

class RecordCollector {
 public:
  virtual ~RecordCollector() = default;
  virtual SinkTopic topic(const std::string& name) = 0;
  virtual const std::string& name(SinkTopic topic) const = 0;
  virtual Partition partitions(SinkTopic topic) const = 0;
  virtual void send(SinkTopic topic, const OutputRecord& record) = 0;  // copies what it keeps
};

}  // namespace levada
