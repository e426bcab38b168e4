#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

#include <levada/core/status_macros.h>
#include <levada/runtime/kafka/errors.h>
#include <levada/runtime/kafka/kafka_producer.h>
#include <levada/runtime/kafka/log_queries.h>
#include <levada/runtime/kafka/message_batch.h>

namespace levada::internal {

namespace {

using namespace std::chrono_literals;

constexpr Duration kDefaultMessageTimeout = 300s;
constexpr Duration kFullQueueWait = 5ms;
constexpr Duration kLastFlush = 5s;
constexpr std::uint32_t kServeEvery = 512;  // records between two looks at what failed

// The arguments of one rd_kafka_produceva().
class Arguments {
 public:
  rd_kafka_vu_t& add(rd_kafka_vtype_t type) {
    rd_kafka_vu_t& argument = arguments_[count_++];
    argument.vtype = type;
    return argument;
  }
  // Null is not empty: what is there gets an address even where the view has none.
  void add_bytes(rd_kafka_vtype_t type, const NullableView& bytes) {
    if (!bytes) return;
    rd_kafka_vu_t& argument = add(type);
    argument.u.mem.ptr = const_cast<char*>(bytes->data() == nullptr ? "" : bytes->data());
    argument.u.mem.size = bytes->size();
  }
  const rd_kafka_vu_t* data() const { return arguments_.data(); }
  std::size_t size() const { return count_; }

 private:
  std::array<rd_kafka_vu_t, 7> arguments_;
  std::size_t count_ = 0;
};

KafkaPtr<rd_kafka_headers_s> to_list(const Headers* headers) {
  if (headers == nullptr || headers->empty()) return nullptr;
  KafkaPtr<rd_kafka_headers_s> list(rd_kafka_headers_new(headers->size()));
  for (const Header& header : *headers) {
    const void* value = header.value ? header.value->data() : nullptr;
    const auto size = static_cast<ssize_t>(header.value ? header.value->size() : 0);
    rd_kafka_header_add(list.get(), header.key.data(), static_cast<ssize_t>(header.key.size()), value, size);
  }
  return list;
}

// librdkafka looks every ten milliseconds whether all has arrived, since it is to report errors only, but not later
// than it was told to come back.
rd_kafka_resp_err_t wait_for_all(rd_kafka_t* producer, Duration timeout) {
  constexpr std::chrono::steady_clock::duration kShortest = std::chrono::milliseconds(1);
  const auto began = std::chrono::steady_clock::now();
  while (true) {
    const auto waited = std::chrono::steady_clock::now() - began;
    const auto step = std::min<std::chrono::steady_clock::duration>(timeout - waited, kShortest + waited / 8);
    const auto error = rd_kafka_flush(producer, to_milliseconds(std::chrono::ceil<Duration>(step)));
    if (error != RD_KAFKA_RESP_ERR__TIMED_OUT || waited >= timeout) return error;
  }
}

std::int64_t to_kafka(Timestamp timestamp) {
  const std::int64_t milliseconds = timestamp.time_since_epoch().count();
  if (timestamp == kNoTimestamp) return 0;  // librdkafka's word for now
  return milliseconds == 0 ? 1 : milliseconds;
}

std::string place_of(const std::string& topic, Partition partition) {
  return partition == kAnyPartition ? topic : fmt::format("{}-{}", topic, partition);
}

}  // namespace

absl::StatusOr<std::unique_ptr<Producer>> KafkaProducer::create(ClientConfig config, const Logger& log) {
  const Duration timeout = config.milliseconds("message.timeout.ms");
  LEVADA_ASSIGN_OR_RETURN(auto client, KafkaClient::create(config.copy(), log));
  const Duration limit = timeout > 0ms ? timeout : kDefaultMessageTimeout;  // 0: librdkafka waits for ever
  return std::unique_ptr<Producer>(new KafkaProducer(std::move(config), std::move(client), limit));
}

KafkaProducer::KafkaProducer(ClientConfig config, std::unique_ptr<KafkaClient> client, Duration message_timeout)
    : config_(std::move(config)),
      transactional_(!config_.get("transactional.id").empty()),
      client_(std::move(client)),
      message_timeout_(message_timeout) {
  client_->set_events(this);
}

KafkaProducer::~KafkaProducer() {
  if (client_->abandoned()) return;
  if (in_transaction_) {
    (void)abort_transaction(kLastFlush);
  } else {
    rd_kafka_flush(client_->handle(), to_milliseconds(kLastFlush));
  }
  rd_kafka_purge(client_->handle(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
  rd_kafka_flush(client_->handle(), 0);
}

absl::StatusOr<TopicHandle> KafkaProducer::topic(const std::string& name, Duration timeout) {
  for (std::size_t i = 0; i < topics_.size(); ++i) {
    if (topics_[i].name == name) return TopicHandle(static_cast<std::int32_t>(i));
  }
  KafkaPtr<rd_kafka_topic_s> handle(rd_kafka_topic_new(client_->handle(), name.c_str(), nullptr));
  if (handle == nullptr) return kafka_status(rd_kafka_last_error(), fmt::format("topic {}", name));
  // Asking here also spares the first record the second that librdkafka before 2.10.1 may let it wait.
  LEVADA_ASSIGN_OR_RETURN(const Partition count, query_partitions(*client_, *handle, timeout));
  topics_.push_back({.name = name, .partitions = count, .handle = std::move(handle)});
  return TopicHandle(static_cast<std::int32_t>(topics_.size() - 1));
}

Partition KafkaProducer::partitions(TopicHandle topic) const {
  return topics_[static_cast<std::size_t>(topic)].partitions;
}

absl::Status KafkaProducer::send(const OutgoingRecord& record) {
  if (++sent_since_served_ >= kServeEvery) serve();
  if (!failure_.ok()) [[unlikely]]
    return failure_;
  const Topic& topic = topics_[static_cast<std::size_t>(record.topic)];
  if (record.partition < kAnyPartition || record.partition >= topic.partitions) [[unlikely]] {
    return absl::InvalidArgumentError(fmt::format("record for {}: partition {} is none of the {} there are", topic.name,
                                                  record.partition, topic.partitions));
  }
  const KafkaPtr<rd_kafka_error_s> error = try_send(topic, record);
  if (error == nullptr) [[likely]]
    return absl::OkStatus();
  if (rd_kafka_error_code(error.get()) == RD_KAFKA_RESP_ERR__QUEUE_FULL) return send_when_there_is_room(topic, record);
  return refusal(*error, topic, record);
}

KafkaPtr<rd_kafka_error_s> KafkaProducer::try_send(const Topic& topic, const OutgoingRecord& record) {
  Arguments arguments;
  arguments.add(RD_KAFKA_VTYPE_RKT).u.rkt = topic.handle.get();
  arguments.add(RD_KAFKA_VTYPE_PARTITION).u.i32 = record.partition;
  arguments.add(RD_KAFKA_VTYPE_MSGFLAGS).u.i = RD_KAFKA_MSG_F_COPY;
  arguments.add(RD_KAFKA_VTYPE_TIMESTAMP).u.i64 = to_kafka(record.timestamp);
  arguments.add_bytes(RD_KAFKA_VTYPE_KEY, record.key);
  arguments.add_bytes(RD_KAFKA_VTYPE_VALUE, record.value);
  // As one list: given singly, librdkafka before 2.12 frees headers twice when it refuses the record.
  KafkaPtr<rd_kafka_headers_s> headers = to_list(record.headers);
  if (headers != nullptr) arguments.add(RD_KAFKA_VTYPE_HEADERS).u.headers = headers.get();
  KafkaPtr<rd_kafka_error_s> error(rd_kafka_produceva(client_->handle(), arguments.data(), arguments.size()));
  if (error == nullptr) (void)headers.release();  // they went with the record
  return error;
}

absl::Status KafkaProducer::send_when_there_is_room(const Topic& topic, const OutgoingRecord& record) {
  const auto deadline = std::chrono::steady_clock::now() + message_timeout_;
  while (std::chrono::steady_clock::now() < deadline) {
    rd_kafka_poll(client_->handle(), to_milliseconds(kFullQueueWait));
    if (!failure_.ok()) return failure_;
    const KafkaPtr<rd_kafka_error_s> error = try_send(topic, record);
    if (error == nullptr) return absl::OkStatus();
    if (rd_kafka_error_code(error.get()) != RD_KAFKA_RESP_ERR__QUEUE_FULL) return refusal(*error, topic, record);
  }
  return client_->status(RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE, fmt::format("record for {}: no room", topic.name));
}

absl::Status KafkaProducer::fatal_status() const {
  absl::Status fatal = client_->fatal_status();
  return fatal.ok() || transactional_ ? fatal : absl::AbortedError(fatal.message());
}

// Nobody hears what becomes of the records that the client before still has.
absl::Status KafkaProducer::renew() {
  LEVADA_ASSIGN_OR_RETURN(auto client, KafkaClient::create(config_.copy(), client_->log()));
  client_.swap(client);
  client_->set_events(this);
  for (Topic& topic : topics_) topic.handle.reset(rd_kafka_topic_new(client_->handle(), topic.name.c_str(), nullptr));
  return absl::OkStatus();
}

absl::Status KafkaProducer::refusal(const rd_kafka_error_s& error, const Topic& topic, const OutgoingRecord& record) {
  if (absl::Status fatal = fatal_status(); !fatal.ok()) return fatal;
  return client_->status(&error, fmt::format("record for {}", place_of(topic.name, record.partition)));
}

void KafkaProducer::serve() {
  sent_since_served_ = 0;
  rd_kafka_poll(client_->handle(), 0);
}

void KafkaProducer::on_delivery_failure(const rd_kafka_message_s* message) {
  const std::string place = place_of(rd_kafka_topic_name(message->rkt), message->partition);
  absl::Status reason = kafka_status(message->err, fmt::format("delivery to {}", place));
  // librdkafka has given the record up: nobody may take it for something that a later flush brings home.
  if (absl::IsUnavailable(reason) || absl::IsDeadlineExceeded(reason)) reason = absl::AbortedError(reason.message());
  if (absl::Status fatal = fatal_status(); !fatal.ok()) reason = std::move(fatal);
  if (!failure_.ok()) {
    ++failures_;
    return;
  }
  absl::Status settled = settle(*message, reason);
  if (settled.ok()) return;
  ++failures_;
  if (failure_.ok()) failure_ = std::move(settled);
}

// Only what is wrong with the record itself can be left out, and only what brokers did not take in time be sent again.
absl::Status KafkaProducer::settle(const rd_kafka_message_s& message, const absl::Status& reason) {
  if (listener_ == nullptr || (!absl::IsInvalidArgument(reason) && !absl::IsAborted(reason))) return reason;
  MessageBatch headers;
  const auto view = [](const void* data, std::size_t size) -> NullableView {
    return data == nullptr ? NullableView() : NullableView(BytesView(static_cast<const char*>(data), size));
  };
  const std::int64_t timestamp = rd_kafka_message_timestamp(&message, nullptr);
  return listener_->on_failed_delivery({.topic = rd_kafka_topic_name(message.rkt),
                                        .key = view(message.key, message.key_len),
                                        .value = view(message.payload, message.len),
                                        .timestamp = Timestamp(Duration(timestamp)),
                                        .headers = headers.headers_of(message),
                                        .reason = reason});
}

absl::Status KafkaProducer::flush(Duration timeout) {
  const auto error = wait_for_all(client_->handle(), timeout);
  if (failures_ > 1)
    client_->log().error("deliveries failed", {{"count", failures_}, {"first", std::string(failure_.message())}});
  failures_ = 0;
  const absl::Status failure = std::exchange(failure_, absl::OkStatus());
  if (absl::Status fatal = fatal_status(); !fatal.ok()) {
    if (!transactional_) LEVADA_RETURN_IF_ERROR(renew());
    return fatal;
  }
  LEVADA_RETURN_IF_ERROR(failure);
  const int waiting = rd_kafka_outq_len(client_->handle());
  return client_->status(error, fmt::format("flush with {} records to go", waiting));
}

}  // namespace levada::internal
