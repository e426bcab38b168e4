// What a task offers to the library's own operators beyond Context: the way out, and the count of what is dropped.
#pragma once

#include <chrono>
#include <string>

#include <levada/core/bytes.h>
#include <levada/core/context.h>
#include <levada/core/default_timestamp_extractor.h>
#include <levada/core/observed_time.h>
#include <levada/core/record_collector.h>

namespace levada {

// Why a record went no further. Kafka Streams counts them all as dropped-records; Levada also tells them apart.
enum class DropReason {
  kNullKey,
  kNullValue,
  kLate,              // its window was closed: stream time is past the window's end and grace
  kDeserialization,   // its bytes are no K or V
  kInvalidTimestamp,  // negative
  kNoPartition,       // a partitioner chose none
  kProcessing,        // a processor or a punctuation threw, and the application goes on without it
  kProduction,        // it could not be written to its topic, and the application goes on without it
  kOutdated,          // something newer is known already: a later row of the key, or another row it was the answer for
};
inline constexpr int kDropReasons = 9;

const char* to_string(DropReason reason);

// The value that a source has decoded and is sending down: where that very object is to be written in the form it was
// read in, its bytes will do. Views; all null outside of a record.
struct SourceValue {
  const void* object = nullptr;
  const void* form = nullptr;  // Serde::form()
  NullableView bytes = std::nullopt;
};

// How often results that wait for event time to pass are looked for, by the wall clock; 0: after every record.
struct EmitIntervals {
  Duration closed_windows = std::chrono::seconds(1);
  Duration outer_joins = std::chrono::seconds(1);
};

class OperatorContext : public Context {
 public:
  const SourceValue& source_value() const { return source_value_; }
  void set_source_value(const SourceValue& value) { source_value_ = value; }

  // Of sources without an extractor of their own.
  DefaultTimestampExtractor default_timestamp_extractor() const { return default_timestamp_extractor_; }
  void set_default_timestamp_extractor(DefaultTimestampExtractor extractor) {
    default_timestamp_extractor_ = extractor;
  }

  // How far event time may have come for whoever decides what is late. What it refers to outlives the processors.
  const Timestamp& time_limit() const { return *time_limit_; }
  void set_time_limit(const Timestamp& limit) { time_limit_ = &limit; }

  virtual RecordCollector& collector() = 0;
  // "orders", or "<application.id>-counts-repartition" for a topic that is the topology's own.
  virtual std::string topic_name(const std::string& name_in_topology) const = 0;
  // Counts the current record as dropped, and logs it.
  virtual void drop(DropReason reason) = 0;
  virtual const EmitIntervals& emit_intervals() const = 0;
  // Tells that `record` is what happens now: a change held back by a record cache goes on with the place, time and
  // headers of the record that made it.
  virtual void set_record(const RecordContext& record) = 0;
  // Up to where results of closed windows have gone on, by the store of the operator; kNoTimestamp if nowhere. It is
  // the operator's to change, and committed with the offsets. Lives as long as the context.
  virtual Timestamp& processor_time(const std::string& store) = 0;

 private:
  SourceValue source_value_ = {};
  const Timestamp* time_limit_ = &kNoTimeLimit;
  DefaultTimestampExtractor default_timestamp_extractor_ = DefaultTimestampExtractor::kFail;
};

}  // namespace levada
