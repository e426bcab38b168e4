// Reads one assigned partition: copies a chunk at a time out of the log under the broker's lock, and hands its records
// out without it.
//
//   PartitionReader reader({.partition = {"orders", 0}, .start = 17, .tag = 3});
//   { BrokerAccess access(broker); reader.refill(access.topics(), settings); }
//   reader.deliver(delivery, 100);
//
// Owned by a consumer, used by its thread.
#pragma once

#include <absl/status/status.h>

#include <levada/runtime/consumer.h>
#include <levada/runtime/embedded/chunk_list.h>
#include <levada/runtime/embedded/client_settings.h>
#include <levada/runtime/embedded/topics.h>

namespace levada::internal::embedded {

// Where records go during one poll().
struct Delivery {
  RecordHandler& handler;
  Headers headers = {};      // of the record that is being handed out
  std::size_t records = 0;   // handed out so far
  std::size_t events = 0;    // ends of partitions told so far
  bool interrupted = false;  // the handler has asked for something else: stop
};

class PartitionReader {
 public:
  explicit PartitionReader(Assignment assignment) : assignment_(std::move(assignment)), position_(assignment_.start) {}

  // Looks at the log, and copies what comes next if nothing is left of the last copy. kNotFound; kOutOfRange.
  absl::Status refill(const Topics& topics, const ClientSettings& settings);

  // Hands out at most `limit` records of the copy, and then the end of the partition if that is where it stands.
  void deliver(Delivery& delivery, std::size_t limit);

  const TopicPartition& partition() const { return assignment_.partition; }
  Offset known_end() const { return known_end_; }

 private:
  absl::Status move_into(OffsetRange log, const ClientSettings& settings);
  void copy_from(const PartitionLog& log);
  bool deliver_next(Delivery& delivery);
  void finish_copy();

  Assignment assignment_;
  Offset position_;
  Offset known_end_ = kUnknownOffset;
  Offset told_end_ = kUnknownOffset;  // the end last told to the handler

  const Topic* topic_ = nullptr;
  bool show_aborted_ = false;
  ReadCursor cursor_;
  LogSlice slice_;
  Bytes copy_;
  std::size_t next_ = 0;  // in the copy
};

}  // namespace levada::internal::embedded
