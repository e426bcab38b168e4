#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

#include <levada/core/status_macros.h>
#include <levada/runtime/kafka/errors.h>
#include <levada/runtime/kafka/kafka_consumer.h>
#include <levada/runtime/kafka/log_queries.h>

namespace levada::internal {

namespace {

using namespace std::chrono_literals;

// Messages pin the fetched buffers they stand in: a batch is no larger than pays off.
constexpr std::size_t kBatchLimit = 2000;
constexpr Duration kLongestUnserved = 1s;
// librdkafka keeps no consumer without a group; nobody sees this one, since nothing is subscribed or committed in it.
constexpr const char* kNoGroup = "levada-without-group";

NullableView view_of(const void* data, std::size_t size) {
  if (data == nullptr) return std::nullopt;
  return BytesView(static_cast<const char*>(data), size);
}

Timestamp timestamp_of(const rd_kafka_message_t& message) {
  return Timestamp(Duration(rd_kafka_message_timestamp(&message, nullptr)));
}

std::string place_of(const rd_kafka_message_t& message) {
  if (message.rkt == nullptr) return "consumer";
  return fmt::format("{}-{}", rd_kafka_topic_name(message.rkt), message.partition);
}

}  // namespace

absl::StatusOr<std::unique_ptr<KafkaConsumer>> KafkaConsumer::create(ClientConfig config, const Logger& log) {
  Settings settings = {.group_id = config.get("group.id"),
                       .instance_id = config.get("group.instance.id"),
                       .incremental = config.get("group.protocol") == "consumer",
                       .session_timeout = config.milliseconds("session.timeout.ms"),
                       .offset_reset = config.offset_reset(),
                       .most_messages = config.number("queued.min.messages"),
                       .most_bytes = config.number("queued.max.messages.kbytes") * 1024,
                       .sleeps_when_full = config.get("fetch.queue.backoff.ms").empty()};
  if (settings.group_id.empty()) (void)rd_kafka_conf_set(config.conf(), "group.id", kNoGroup, nullptr, 0);
  LEVADA_ASSIGN_OR_RETURN(auto client, KafkaClient::create(config.copy(), log));
  return std::unique_ptr<KafkaConsumer>(new KafkaConsumer(std::move(config), std::move(client), std::move(settings)));
}

KafkaConsumer::KafkaConsumer(ClientConfig config, std::unique_ptr<KafkaClient> client, Settings settings)
    : config_(std::move(config)),
      settings_(std::move(settings)),
      watch_(settings_.most_messages, settings_.most_bytes) {
  use(std::move(client));
}

// The client before must not be gone while its queue is used.
void KafkaConsumer::use(std::unique_ptr<KafkaClient> client) {
  client_.swap(client);
  rd_kafka_poll_set_consumer(client_->handle());
  client_->set_events(this);
  topics_.clear();
  const std::lock_guard lock(waking_);
  queue_.reset(rd_kafka_queue_get_consumer(client_->handle()));
  notify(woken_too_);
}

void KafkaConsumer::wake_too(Consumer& other) {
  woken_too_ = &other;
  notify(woken_too_);
}

void KafkaConsumer::notify(Consumer* other) {
  const auto wake = [](rd_kafka_t*, void* opaque) { static_cast<Consumer*>(opaque)->wake_up(); };
  rd_kafka_queue_cb_event_enable(queue_.get(), other == nullptr ? nullptr : +wake, other);
}

KafkaConsumer::~KafkaConsumer() {
  notify(nullptr);
  close();
  batch_.clear();
}

absl::Status KafkaConsumer::poll(Duration timeout, std::size_t max_records, RecordHandler& handler) {
  if (joins_anew_) LEVADA_RETURN_IF_ERROR(join_anew());
  if (max_records == 0) return serve(timeout);
  LEVADA_RETURN_IF_ERROR(fetch_again());
  LEVADA_RETURN_IF_ERROR(place_again());
  batch_.clear();
  watch_.queued(rd_kafka_queue_length(queue_.get()));
  if (watch_.take_wake_up() && settings_.sleeps_when_full) wake_fetcher();
  receive(timeout, std::min(max_records, kBatchLimit));
  LEVADA_RETURN_IF_ERROR(check_failures());
  LEVADA_RETURN_IF_ERROR(deliver(handler));
  batch_.clear();
  served_ = std::chrono::steady_clock::now();
  return absl::OkStatus();
}

// What the group has to say stands in one queue with the records. Nothing more is fetched while nobody wants any, and
// what was fetched is dropped, so that the queue has the group's part only. It costs a fetch to go on, so a caller that
// does not wait, since it is busy, is not served each time. A mere member fetches nothing.
absl::Status KafkaConsumer::serve(Duration timeout) {
  const bool served = std::chrono::steady_clock::now() - served_ < kLongestUnserved;
  if (timeout <= 0ms && served && !settings_.incremental) return absl::OkStatus();
  LEVADA_RETURN_IF_ERROR(stop_fetching());
  batch_.clear();
  receive(timeout, 1);
  served_ = std::chrono::steady_clock::now();
  LEVADA_RETURN_IF_ERROR(check_failures());
  const absl::Status failure = first_failure();
  batch_.clear();
  return failure;
}

absl::Status KafkaConsumer::check_failures() {
  if (callback_failure_) std::rethrow_exception(std::exchange(callback_failure_, nullptr));
  if (std::exchange(assignment_pending_, false)) LEVADA_RETURN_IF_ERROR(apply_assignment());
  if (!batch_.empty()) return absl::OkStatus();
  if (std::optional<absl::Status> refused = client_->take_refusal()) return *std::move(refused);
  return fatal_status();
}

absl::Status KafkaConsumer::fatal_status() {
  joins_anew_ = client_->has_fenced_itself() || client_->instance_id_is_taken();
  return joins_anew_ ? absl::OkStatus() : client_->fatal_status();  // a poll() to come joins anew
}

// librdkafka's batches wait until they are full, so the waiting is for one message and the others are only collected.
void KafkaConsumer::receive(Duration timeout, std::size_t max_records) {
  take(0ms, max_records);
  if (drop_if_rebalanced() || !batch_.empty()) return;
  if (timeout <= 0ms || woken_.exchange(false)) return;
  take(timeout, 1);
  woken_.store(false);
  if (drop_if_rebalanced() || batch_.empty() || max_records == 1) return;
  take(0ms, max_records - 1);
  (void)drop_if_rebalanced();
}

void KafkaConsumer::take(Duration timeout, std::size_t max_records) { batch_.take(queue_.get(), timeout, max_records); }

bool KafkaConsumer::drop_if_rebalanced() {
  if (!std::exchange(rebalanced_, false)) return false;
  batch_.clear();
  return true;
}

absl::Status KafkaConsumer::deliver(RecordHandler& handler) {
  const std::uint64_t assignment = assignment_number_;
  for (const rd_kafka_message_s* message : batch_.messages()) {
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) [[likely]] {
      deliver_record(*message, handler);
    } else {
      LEVADA_RETURN_IF_ERROR(deliver_event(*message, handler));
    }
    if (assignment != assignment_number_) break;  // the handler reads something else from now on
  }
  return absl::OkStatus();
}

void KafkaConsumer::deliver_record(const rd_kafka_message_s& message, RecordHandler& handler) {
  Slot* slot = find_slot(message.rkt, message.partition);
  if (slot == nullptr || message.offset < slot->next) return;  // of an assignment that is over
  slot->next = message.offset + 1;
  watch_.delivered(message.key_len + message.len);
  handler.on_record(slot->tag, {.key = view_of(message.key, message.key_len),
                                .value = view_of(message.payload, message.len),
                                .timestamp = timestamp_of(message),
                                .offset = message.offset,
                                .headers = batch_.headers_of(message)});
}

absl::Status KafkaConsumer::deliver_event(const rd_kafka_message_s& message, RecordHandler& handler) {
  Slot* slot = message.rkt == nullptr ? nullptr : find_slot(message.rkt, message.partition);
  if (message.err != RD_KAFKA_RESP_ERR__PARTITION_EOF) return heed_event(message, slot);
  if (slot == nullptr || message.offset < slot->next) return absl::OkStatus();
  slot->next = message.offset;
  handler.on_end_of_partition(slot->tag, slot->next);
  return absl::OkStatus();
}

absl::Status KafkaConsumer::heed_event(const rd_kafka_message_s& message, Slot* slot) {
  switch (message.err) {
    case RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET:
      if (slot != nullptr) slot->misplaced = misplaced_ = true;
      return absl::OkStatus();
    case RD_KAFKA_RESP_ERR__MAX_POLL_EXCEEDED:  // on_lost() follows
      client_->log().warn(rd_kafka_message_errstr(&message), {{"group", settings_.group_id}});
      return absl::OkStatus();
    case RD_KAFKA_RESP_ERR__FATAL:
      return fatal_status();
    default:
      break;
  }
  const absl::Status failure = kafka_status(message.err, place_of(message), rd_kafka_message_errstr(&message));
  if (!absl::IsUnavailable(failure) && !absl::IsDeadlineExceeded(failure)) return failure;
  client_->log().warn(std::string(failure.message()));
  return absl::OkStatus();
}

// Of an event that tells of no record.
absl::Status KafkaConsumer::first_failure() {
  for (const rd_kafka_message_s* message : batch_.messages()) {
    const bool is_record =
        message->err == RD_KAFKA_RESP_ERR_NO_ERROR || message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF;
    if (!is_record) LEVADA_RETURN_IF_ERROR(heed_event(*message, nullptr));
  }
  return absl::OkStatus();
}

void KafkaConsumer::wake_up() {
  woken_.store(true);
  const std::lock_guard lock(waking_);
  rd_kafka_queue_yield(queue_.get());
}

absl::StatusOr<OffsetRange> KafkaConsumer::offsets(const TopicPartition& partition, Duration timeout) {
  return query_range(*client_, partition, timeout);
}

absl::StatusOr<std::vector<Offset>> KafkaConsumer::end_offsets(absl::Span<const TopicPartition> partitions,
                                                               Duration timeout) {
  return query_ends(*client_, partitions, timeout);
}

absl::StatusOr<Offset> KafkaConsumer::offset_at(const TopicPartition& partition, Timestamp time, Duration timeout) {
  return query_time(*client_, partition, time, timeout);
}

Offset KafkaConsumer::last_known_end(const TopicPartition& partition) const {
  Offset begin = kUnknownOffset;
  Offset end = kUnknownOffset;
  (void)rd_kafka_get_watermark_offsets(client_->handle(), partition.topic.c_str(), partition.partition, &begin, &end);
  return end < 0 ? kUnknownOffset : end;
}

}  // namespace levada::internal
