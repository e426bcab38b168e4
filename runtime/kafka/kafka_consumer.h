// The Consumer over librdkafka. Records are views into what librdkafka fetched; a batch of them is taken at once.
//
// In a group, librdkafka is told to assign nothing when the group gives partitions, and is given offsets when the
// caller calls assign(): so nothing is fetched from where nobody wants it. What stood in a batch while the group moved
// partitions is dropped unseen, since it may belong to the assignment before.
//
// Where a log no longer has, or does not yet have, the offset to be read is decided here (auto.offset.reset is given to
// librdkafka as "error"): below its beginning the beginning is read, beyond its end what auto.offset.reset says.
//
// Under Kafka's newer group protocol (group.protocol=consumer) it is a member only, and reads nothing: see
// kip848_consumer.h. There the group adds and removes partitions.
//
// A static member whose session has timed out may fence itself, and one that comes back under the newer protocol may
// find its instance id still taken by the one before. Either ends a librdkafka client for good: another client takes
// its place.
//
// A handler or listener that throws passes through poll(); the rest of the batch is lost then until assign() is called.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <exception>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <absl/container/flat_hash_map.h>
#include <absl/functional/function_ref.h>

#include <levada/runtime/consumer.h>
#include <levada/runtime/kafka/client.h>
#include <levada/runtime/kafka/fetch_watch.h>
#include <levada/runtime/kafka/handles.h>
#include <levada/runtime/kafka/message_batch.h>

namespace levada::internal {

class KafkaConsumer final : public Consumer, private ClientEvents {
 public:
  static absl::StatusOr<std::unique_ptr<KafkaConsumer>> create(ClientConfig config, const Logger& log);
  ~KafkaConsumer() override;

  // A poll() of the other returns early, too, when there is something for this one. The other outlives this.
  void wake_too(Consumer& other);

  absl::Status subscribe(const std::vector<std::string>& topics, RebalanceListener& listener) override;
  absl::Status assign(absl::Span<const Assignment> partitions) override;
  absl::Status poll(Duration timeout, std::size_t max_records, RecordHandler& handler) override;
  void wake_up() override;
  absl::Status commit(absl::Span<const CommittedOffset> offsets) override;
  absl::StatusOr<std::vector<CommittedOffset>> committed(absl::Span<const TopicPartition> partitions,
                                                         Duration timeout) override;
  absl::StatusOr<OffsetRange> offsets(const TopicPartition& partition, Duration timeout) override;
  absl::StatusOr<std::vector<Offset>> end_offsets(absl::Span<const TopicPartition> partitions,
                                                  Duration timeout) override;
  absl::StatusOr<Offset> offset_at(const TopicPartition& partition, Timestamp time, Duration timeout) override;
  Offset last_known_end(const TopicPartition& partition) const override;
  GroupMetadata group_metadata() const override;

 private:
  // A partition that is read: `next` is what will be delivered of it next, everything before it is old.
  struct Slot {
    TopicPartition partition;
    std::size_t tag = 0;
    Offset next = 0;
    bool misplaced = false;  // `next` is not in the log: a new place must be found before it is read again
  };
  // What it was made with.
  struct Settings {
    std::string group_id = {};  // empty: none was given
    std::string instance_id = {};
    bool incremental = false;  // the group adds and removes partitions
    Duration session_timeout = {};
    OffsetReset offset_reset = OffsetReset::kEarliest;
    std::size_t most_messages = 0;  // in the queue, before fetching pauses
    std::size_t most_bytes = 0;
    bool sleeps_when_full = false;  // and does not notice when there is room again
  };
  using SlotKey = std::pair<const rd_kafka_topic_s*, Partition>;

  KafkaConsumer(ClientConfig config, std::unique_ptr<KafkaClient> client, Settings settings);

  // kafka_consumer.cc
  absl::Status serve(Duration timeout);
  void receive(Duration timeout, std::size_t max_records);
  void take(Duration timeout, std::size_t max_records);
  bool drop_if_rebalanced();
  absl::Status deliver(RecordHandler& handler);
  void deliver_record(const rd_kafka_message_s& message, RecordHandler& handler);
  absl::Status deliver_event(const rd_kafka_message_s& message, RecordHandler& handler);
  absl::Status heed_event(const rd_kafka_message_s& message, Slot* slot);
  absl::Status first_failure();
  absl::Status check_failures();
  absl::Status fatal_status();

  // kafka_consumer_assignment.cc
  absl::Status apply_assignment();
  absl::Status stop_fetching();
  absl::Status fetch_again();
  Slot* find_slot(const rd_kafka_topic_s* topic, Partition partition);
  const rd_kafka_topic_s* topic_handle(const std::string& name);
  void forget_assignment();
  absl::Status place_again();
  void wake_fetcher();
  absl::Status find_place(Slot& slot);

  // kafka_consumer_group.cc
  void on_rebalance(int kind, rd_kafka_topic_partition_list_s* partitions) override;
  void on_delivery_failure(const rd_kafka_message_s*) override {}
  void assigned(std::vector<TopicPartition> partitions);
  void revoked(std::vector<TopicPartition> partitions);
  void close();
  void answer_what_waits(std::chrono::steady_clock::time_point deadline);
  void answer_at_the_end(int kind);
  void use(std::unique_ptr<KafkaClient> client);
  void notify(Consumer* other);
  absl::Status join_anew();
  void tell(absl::FunctionRef<void(RebalanceListener&)> what);
  int commit_in_time(absl::Span<const CommittedOffset> offsets);
  absl::StatusOr<std::vector<CommittedOffset>> committed_once(absl::Span<const TopicPartition> partitions,
                                                              Duration timeout);
  absl::Status require_group(std::string_view what) const;

  const ClientConfig config_;
  std::unique_ptr<KafkaClient> client_;
  const Settings settings_;
  std::mutex waking_;                                         // of queue_, which wake_up() uses from other threads
  KafkaPtr<rd_kafka_queue_s> queue_;                          // of client_
  std::map<std::string, KafkaPtr<rd_kafka_topic_s>> topics_;  // keeps the addresses that messages carry

  std::vector<Slot> slots_;
  absl::flat_hash_map<SlotKey, std::size_t> slot_numbers_;
  SlotKey last_key_ = {nullptr, 0};
  std::size_t last_slot_ = 0;
  std::uint64_t assignment_number_ = 0;
  bool misplaced_ = false;      // some slot is
  bool fetch_stopped_ = false;  // librdkafka was told to read nothing, since nobody wants records
  std::chrono::steady_clock::time_point served_ = {};  // when librdkafka's queue was last looked at

  RebalanceListener* listener_ = nullptr;
  std::vector<std::string> subscription_;
  bool joins_anew_ = false;  // with another client
  bool told_why_ = false;    // it does, since it was last given partitions
  std::chrono::steady_clock::time_point joined_anew_ = {};
  Consumer* woken_too_ = nullptr;
  std::vector<TopicPartition> granted_;  // what the listener has been given, and not been taken
  bool closing_ = false;                 // librdkafka was told to close
  bool in_callback_ = false;
  bool rebalanced_ = false;          // while the current batch was taken
  bool assignment_pending_ = false;  // assign() was called while librdkafka could not be told
  std::exception_ptr callback_failure_;

  MessageBatch batch_;
  FetchWatch watch_;
  std::atomic<bool> woken_ = false;
};

}  // namespace levada::internal
