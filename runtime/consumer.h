// Reads a log, as a member of a consumer group or from partitions of its own choice.
//
//   consumer->subscribe({"orders"}, listener);
//   while (running) consumer->poll(100ms, 1000, handler);      // listener and handler are called from within poll
//   consumer->commit({{{"orders", 0}, 42, metadata}});
//
// Two implementations, one contract (tests/clients/): librdkafka (kafka_cluster.h) and the embedded cluster.
// One thread at a time; only wake_up() may be called from another one. Destruction leaves the group at once (a static
// member leaves nothing behind but its session), tells the listener nothing, and takes bounded time.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <absl/types/span.h>

#include <levada/core/bytes.h>
#include <levada/core/headers.h>
#include <levada/core/time.h>
#include <levada/core/topic_partition.h>

namespace levada {

// A record as it stands in a log. A view: it lives until the call that handed it out returns.
struct LogRecord {
  NullableView key;
  NullableView value;
  Timestamp timestamp;
  Offset offset;
  const Headers& headers;
};

// What poll() delivers. `tag` is the number the caller gave to the partition in Assignment.
class RecordHandler {
 public:
  virtual void on_record(std::size_t tag, const LogRecord& record) = 0;
  // The reader stands at the end of the partition: `next` is the offset it will read when something arrives. Control
  // records and aborted ones are behind it, so a reader of a transactional log is complete here, and only here.
  virtual void on_end_of_partition(std::size_t tag, Offset next) = 0;

 protected:
  ~RecordHandler() = default;
};

// What the group decides, told from within poll(). The listener answers by Consumer::assign(), now or later: nothing is
// fetched of what it was given until then. Work in here must be bounded: the whole group waits for it.
class RebalanceListener {
 public:
  // Everything this member has from now on. Under Kafka's newer group protocol it may have had some of it all along.
  virtual void on_assigned(const std::vector<TopicPartition>& partitions) = 0;
  // Taken from this member: everything it had, or a part under the newer protocol, where on_assigned() follows. Offsets
  // can still be committed in here.
  virtual void on_revoked(const std::vector<TopicPartition>& partitions) = 0;
  // The group has already given them to others: a commit would be refused.
  virtual void on_lost(const std::vector<TopicPartition>& partitions) = 0;

 protected:
  ~RebalanceListener() = default;
};

struct Assignment {
  TopicPartition partition;
  Offset start = 0;     // the first offset to read; below the log's beginning it is taken as that beginning
  std::size_t tag = 0;  // handed back with each of its records
};

// An offset as a group keeps it: the next one to read, with a text of the application's own.
struct CommittedOffset {
  TopicPartition partition;
  Offset offset = kUnknownOffset;  // kUnknownOffset: nothing committed
  std::string metadata = {};

  friend bool operator==(const CommittedOffset&, const CommittedOffset&) = default;
};

// The offsets a partition holds: [begin, end). Under read_committed, `end` is the last stable offset.
struct OffsetRange {
  Offset begin = 0;
  Offset end = 0;

  friend bool operator==(const OffsetRange&, const OffsetRange&) = default;
};

// Who a member is within its group: what a transactional producer shows to commit offsets in its name.
struct GroupMetadata {
  std::string group_id = {};
  std::int32_t generation = -1;
  std::string member_id = {};
  std::string instance_id = {};
  std::string opaque = {};  // the same in the words of the client library, where it does not show them otherwise
};

class Consumer {
 public:
  virtual ~Consumer() = default;

  // Joins the group of "group.id". Replaces an earlier subscription. The listener must outlive the consumer.
  virtual absl::Status subscribe(const std::vector<std::string>& topics, RebalanceListener& listener) = 0;

  // Reads exactly these partitions from now on, replacing what was read before; what was prefetched is dropped, so the
  // caller gives the offset where it stands. Allowed with a subscription (for partitions the group gave) and without.
  virtual absl::Status assign(absl::Span<const Assignment> partitions) = 0;

  // Delivers up to `max_records` in the order of each partition, waiting at most `timeout` for the first one. With 0
  // none is delivered, nor the end of a partition, but the group is served. Errors: kFailedPrecondition when this
  // member was fenced, kPermissionDenied, kUnauthenticated, kNotFound (a topic that is gone), kOutOfRange (a start
  // offset outside the log with auto.offset.reset=none), kInternal. Brokers that cannot be reached are no error here:
  // they are retried, and reported to the log.
  virtual absl::Status poll(Duration timeout, std::size_t max_records, RecordHandler& handler) = 0;

  // Makes a poll() that waits in another thread return early.
  virtual void wake_up() = 0;

  // Synchronous. kFailedPrecondition: the generation is over, or the member was fenced. kUnavailable: try again.
  virtual absl::Status commit(absl::Span<const CommittedOffset> offsets) = 0;
  virtual absl::StatusOr<std::vector<CommittedOffset>> committed(absl::Span<const TopicPartition> partitions,
                                                                 Duration timeout) = 0;

  virtual absl::StatusOr<OffsetRange> offsets(const TopicPartition& partition, Duration timeout) = 0;
  // The ends of many partitions in one round trip, in the order asked for.
  virtual absl::StatusOr<std::vector<Offset>> end_offsets(absl::Span<const TopicPartition> partitions,
                                                          Duration timeout) = 0;
  // The first offset whose timestamp is at or after `time`; the end of the log when there is none.
  virtual absl::StatusOr<Offset> offset_at(const TopicPartition& partition, Timestamp time, Duration timeout) = 0;
  // The end of an assigned partition as the last fetch saw it: no request. kUnknownOffset before the first fetch.
  virtual Offset last_known_end(const TopicPartition& partition) const = 0;

  virtual GroupMetadata group_metadata() const = 0;
};

}  // namespace levada
