// The way from a topic into the graph. A task reads each partition of a source through a reader of its own, which holds
// the decoded record that is next in line, so that records can be chosen by timestamp before they are processed.
//
//   std::unique_ptr<PartitionReader> reader = source.reader();
//   reader->read(raw, partition_time);     // decodes, and extracts the timestamp
//   reader->process();                     // sends it down the graph
#pragma once

#include <memory>
#include <string>

#include <levada/core/bytes.h>
#include <levada/core/headers.h>
#include <levada/core/time.h>
#include <levada/core/topic_partition.h>

namespace levada {

// A record as it was read from a topic. A view.
struct RawRecord {
  NullableView key;
  NullableView value;
  Timestamp timestamp;
  const Headers& headers;
};

class PartitionReader {
 public:
  virtual ~PartitionReader() = default;

  // Decodes the record and returns its timestamp. `partition_time` is the highest timestamp of the partition so far.
  // Throws what a serde throws, the reader then holds nothing; ProcessorError if its time cannot be told. `headers`
  // must live until process() returns.
  virtual Timestamp read(const RawRecord& record, Timestamp partition_time) = 0;

  // Emits the record last read. Throws ProcessorError or TaskError.
  virtual void process() = 0;
};

class SourceReader {
 public:
  virtual std::unique_ptr<PartitionReader> reader() = 0;
  virtual const std::string& node_name() const = 0;

 protected:
  ~SourceReader() = default;
};

}  // namespace levada
