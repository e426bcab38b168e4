// Appends to logs, in order per partition, each record once (idempotent), all or none within a transaction.
//
//   const TopicHandle counts = producer->topic("counts").value();
//   producer->send({.topic = counts, .partition = 2, .key = "a", .value = bytes, .timestamp = now});
//   producer->flush(30s);                        // what was sent is in the log, or the error says what is not
//
// Two implementations, one contract (tests/clients/). One thread at a time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <absl/types/span.h>

#include <levada/core/bytes.h>
#include <levada/core/headers.h>
#include <levada/core/time.h>
#include <levada/runtime/consumer.h>

namespace levada {

// A topic looked up once, so that sending a record needs no name. Valid for its producer.
enum class TopicHandle : std::int32_t {};

inline constexpr Partition kAnyPartition = -1;  // the producer chooses: for records without a key

struct OutgoingRecord {
  TopicHandle topic = {};
  Partition partition = kAnyPartition;
  NullableView key = std::nullopt;
  NullableView value = std::nullopt;
  Timestamp timestamp = kNoTimestamp;  // kNoTimestamp: the time of sending
  const Headers* headers = nullptr;    // nullptr or empty: none
};

// A record that send() took and that did not get into its log. Views.
struct FailedDelivery {
  std::string_view topic = {};
  NullableView key = std::nullopt;
  NullableView value = std::nullopt;
  Timestamp timestamp = kNoTimestamp;
  const Headers& headers = no_headers();
  absl::Status reason = {};
};

class DeliveryListener {
 public:
  // Called within send() and flush(). Ok if the application goes on without the record, else what they return. May
  // send others; must not throw.
  virtual absl::Status on_failed_delivery(const FailedDelivery& failed) = 0;

 protected:
  ~DeliveryListener() = default;
};

class Producer {
 public:
  virtual ~Producer() = default;  // waits a bounded time for what is in flight; aborts an open transaction

  // Without one every failed delivery is an error. It must outlive the producer, but for nullptr. A producer whose
  // records cannot fail after send() never calls it.
  virtual void set_delivery_listener(DeliveryListener* /*listener*/) {}

  // kNotFound when the topic does not exist.
  virtual absl::StatusOr<TopicHandle> topic(const std::string& name, Duration timeout) = 0;
  virtual Partition partitions(TopicHandle topic) const = 0;

  // Copies the record and returns at once; waits when the buffer is full (bounded by buffer memory, not by records).
  // An error is either about this record (kInvalidArgument: too large, no such partition) or the first failed delivery
  // since the last flush(), whose message names topic and partition.
  virtual absl::Status send(const OutgoingRecord& record) = 0;

  // Returns when everything sent before is in its log, else the first failure, or kDeadlineExceeded while there is hope
  // for all of it: a later flush() may succeed. Failures are reported once: after it the producer is as new. kAborted:
  // a record found no broker until delivery.timeout.ms was over, or the order of records cannot be kept any more, and
  // what was not in its log yet was given up. kFailedPrecondition: fenced, the producer can do no more.
  virtual absl::Status flush(Duration timeout) = 0;

  // Transactions, with "transactional.id" set. kAborted: abort_transaction() and begin again; kFailedPrecondition:
  // fenced by a newer producer of the same id; kUnavailable: the same call may be repeated.
  virtual absl::Status init_transactions(Duration timeout) = 0;
  virtual absl::Status begin_transaction() = 0;
  virtual absl::Status send_offsets(absl::Span<const CommittedOffset> offsets, const GroupMetadata& group,
                                    Duration timeout) = 0;
  virtual absl::Status commit_transaction(Duration timeout) = 0;
  virtual absl::Status abort_transaction(Duration timeout) = 0;
};

}  // namespace levada
