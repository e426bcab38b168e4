#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <thread>

#include <absl/cleanup/cleanup.h>
#include <absl/types/span.h>
#include <fmt/core.h>
#include <librdkafka/rdkafka.h>

#include "bench/support/kafka.h"
#include "bench/support/kafka_handle.h"

namespace bench {
namespace {

constexpr int kTimeoutMs = 30'000;
constexpr int kBatchTimeoutMs = 5;
constexpr int kLeaderTries = 100;
constexpr std::size_t kBatchSize = 2'000;

// queued.min.messages: a partition with 100,000 messages in the queue, the default, is left alone for up to a second.
const std::map<std::string, std::string> kTuning = {
    {"enable.auto.commit", "false"},        {"enable.auto.offset.store", "false"},
    {"auto.offset.reset", "earliest"},      {"enable.partition.eof", "false"},
    {"queued.min.messages", "1000000"},     {"queued.max.messages.kbytes", "65536"},
    {"fetch.message.max.bytes", "1048576"},
};

struct PartitionListDeleter {
  void operator()(rd_kafka_topic_partition_list_t* list) const { rd_kafka_topic_partition_list_destroy(list); }
};
using PartitionList = std::unique_ptr<rd_kafka_topic_partition_list_t, PartitionListDeleter>;

PartitionList make_list(std::size_t size) {
  return PartitionList(rd_kafka_topic_partition_list_new(static_cast<int>(size)));
}

std::string_view view(const void* data, std::size_t size) {
  return data == nullptr ? std::string_view() : std::string_view(static_cast<const char*>(data), size);
}

}  // namespace

Consumer::Consumer(const Connection& connection, const std::string& group)
    : handle_(make_handle(
          {.type = RD_KAFKA_CONSUMER,
           .tuning = kTuning,
           .prepare =
               [&group](rd_kafka_conf_t* conf) { rd_kafka_conf_set(conf, "group.id", group.c_str(), nullptr, 0); }},
          connection)),
      batch_(kBatchSize) {
  throw_on(rd_kafka_poll_set_consumer(handle_.get()), "poll_set_consumer");
  queue_.reset(rd_kafka_queue_get_consumer(handle_.get()));
}

Consumer::~Consumer() {
  queue_.reset();
  rd_kafka_consumer_close(handle_.get());
}

void Consumer::assign(const std::vector<Partition>& partitions) {
  const PartitionList list = make_list(partitions.size());
  for (const Partition& partition : partitions) {
    Source& source = sources_.emplace_back(Source{.partition = partition});
    query_range(source);
    rd_kafka_topic_partition_list_add(list.get(), partition.topic.c_str(), partition.number);
  }
  throw_on(rd_kafka_committed(handle_.get(), list.get(), kTimeoutMs), "read committed offsets");
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    rd_kafka_topic_partition_t& place = list->elems[i];
    if (place.offset >= 0) sources_[i].next = place.offset;
    place.offset = sources_[i].next;
  }
  throw_on(rd_kafka_assign(handle_.get(), list.get()), "assign");
}

// Right after a topic was made, its leader may not know yet that it is.
void Consumer::query_range(Source& source) {
  const Partition& partition = source.partition;
  std::int64_t low = 0;
  rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
  for (int tries = 0; tries < kLeaderTries; ++tries) {
    error = rd_kafka_query_watermark_offsets(handle_.get(), partition.topic.c_str(), partition.number, &low,
                                             &source.end, kTimeoutMs);
    if (error != RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  throw_on(error, fmt::format("offsets of {}-{}", partition.topic, partition.number));
  source.next = std::max(source.next, low);
}

void Consumer::refresh_end(const std::string& topic) {
  for (Source& source : sources_) {
    if (source.partition.topic == topic) query_range(source);
  }
}

bool Consumer::at_end() const {
  return std::all_of(sources_.begin(), sources_.end(), [](const Source& source) { return source.next >= source.end; });
}

bool Consumer::at_end(const std::string& topic) const {
  return std::all_of(sources_.begin(), sources_.end(), [&topic](const Source& source) {
    return source.partition.topic != topic || source.next >= source.end;
  });
}

std::int64_t Consumer::poll(absl::FunctionRef<void(const Message&)> handle) {
  const ssize_t count = rd_kafka_consume_batch_queue(queue_.get(), kBatchTimeoutMs, batch_.data(), batch_.size());
  const absl::Span<rd_kafka_message_t*> messages(batch_.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  const absl::Cleanup destroy = [messages] {  // also when a handler throws: closing would wait for them for ever
    for (rd_kafka_message_t* message : messages) rd_kafka_message_destroy(message);
  };
  for (const rd_kafka_message_t* message : messages) deliver(*message, handle);
  return static_cast<std::int64_t>(messages.size());
}

// A batch is handed over when it is full or its time is over: too late for who waits for a single record.
void Consumer::poll_one(absl::FunctionRef<void(const Message&)> handle) {
  rd_kafka_message_t* const message = rd_kafka_consumer_poll(handle_.get(), kBatchTimeoutMs);
  if (message == nullptr) return;
  const absl::Cleanup destroy = [message] { rd_kafka_message_destroy(message); };
  deliver(*message, handle);
}

void Consumer::deliver(const rd_kafka_message_t& message, absl::FunctionRef<void(const Message&)> handle) {
  throw_on(message.err, "consume");
  Source& source = source_of(message);
  handle({.source = latest_source_,
          .key = view(message.key, message.key_len),
          .value = view(message.payload, message.len),
          .is_null = message.payload == nullptr,
          .timestamp_ms = rd_kafka_message_timestamp(&message, nullptr)});
  source.next = message.offset + 1;
}

// Messages of one partition come in runs, so the latest source is nearly always the right one.
Consumer::Source& Consumer::source_of(const rd_kafka_message_t& message) {
  const auto matches = [&message](const Source& source) {
    return source.handle == message.rkt && source.partition.number == message.partition;
  };
  if (matches(sources_[latest_source_])) return sources_[latest_source_];
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    Source& source = sources_[i];
    if (source.handle == nullptr && source.partition.topic == rd_kafka_topic_name(message.rkt)) {
      source.handle = message.rkt;
    }
    if (!matches(source)) continue;
    latest_source_ = i;
    return source;
  }
  throw std::runtime_error(fmt::format("message of unassigned topic {}", rd_kafka_topic_name(message.rkt)));
}

void Consumer::commit() {
  const PartitionList list = make_list(sources_.size());
  for (const Source& source : sources_) {
    rd_kafka_topic_partition_list_add(list.get(), source.partition.topic.c_str(), source.partition.number)->offset =
        source.next;
  }
  throw_on(rd_kafka_commit(handle_.get(), list.get(), 0), "commit offsets");
}

std::int32_t Consumer::partitions_of(const std::string& topic) {
  const Topic handle(rd_kafka_topic_new(handle_.get(), topic.c_str(), nullptr));
  return partition_count(handle_.get(), handle.get());
}

}  // namespace bench
