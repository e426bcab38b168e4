// What the consumer reads, and where it begins.

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

#include <levada/core/status_macros.h>
#include <levada/runtime/kafka/assignment_calls.h>
#include <levada/runtime/kafka/kafka_consumer.h>
#include <levada/runtime/kafka/log_queries.h>

namespace levada::internal {

namespace {

using namespace std::chrono_literals;

constexpr Duration kPlaceLimit = 10s;
constexpr Duration kWakeUpTimeout = 100ms;

}  // namespace

absl::Status KafkaConsumer::assign(absl::Span<const Assignment> partitions) {
  for (const Assignment& assignment : partitions) {
    if (assignment.start < 0) {
      return absl::InvalidArgumentError(
          fmt::format("assignment of {}: no offset to start at", assignment.partition.to_string()));
    }
  }
  forget_assignment();
  for (const Assignment& assignment : partitions) {
    slot_numbers_[{topic_handle(assignment.partition.topic), assignment.partition.partition}] = slots_.size();
    slots_.push_back({.partition = assignment.partition, .tag = assignment.tag, .next = assignment.start});
  }
  if (in_callback_) {
    assignment_pending_ = true;  // librdkafka waits for another answer just now
    return absl::OkStatus();
  }
  return apply_assignment();
}

void KafkaConsumer::forget_assignment() {
  slots_.clear();
  slot_numbers_.clear();
  last_key_ = {nullptr, 0};
  misplaced_ = false;
  fetch_stopped_ = false;
  ++assignment_number_;
}

const rd_kafka_topic_s* KafkaConsumer::topic_handle(const std::string& name) {
  KafkaPtr<rd_kafka_topic_s>& handle = topics_[name];
  if (handle == nullptr) handle.reset(rd_kafka_topic_new(client_->handle(), name.c_str(), nullptr));
  return handle.get();
}

absl::Status KafkaConsumer::apply_assignment() {
  const PartitionListPtr list(rd_kafka_topic_partition_list_new(static_cast<int>(slots_.size())));
  for (const Slot& slot : slots_) {
    const TopicPartition& where = slot.partition;
    rd_kafka_topic_partition_list_add(list.get(), where.topic.c_str(), where.partition)->offset = slot.next;
  }
  return client_->status(tell_assignment(client_->handle(), list.get()), "assignment");
}

absl::Status KafkaConsumer::stop_fetching() {
  if (slots_.empty() || std::exchange(fetch_stopped_, true)) return absl::OkStatus();
  const PartitionListPtr nothing(rd_kafka_topic_partition_list_new(0));
  return client_->status(tell_assignment(client_->handle(), nothing.get()), "assignment");
}

// From where each partition stands, since none of what was dropped was delivered.
absl::Status KafkaConsumer::fetch_again() {
  if (!std::exchange(fetch_stopped_, false)) return absl::OkStatus();
  return apply_assignment();
}

KafkaConsumer::Slot* KafkaConsumer::find_slot(const rd_kafka_topic_s* topic, Partition partition) {
  const SlotKey key(topic, partition);
  if (key == last_key_) [[likely]]
    return &slots_[last_slot_];
  const auto found = slot_numbers_.find(key);
  if (found == slot_numbers_.end()) return nullptr;
  last_key_ = key;
  last_slot_ = found->second;
  return &slots_[last_slot_];
}

// Finds where to go on in partitions whose offset is not in the log, and reads on, all others from where they are.
absl::Status KafkaConsumer::place_again() {
  if (!misplaced_) return absl::OkStatus();
  for (Slot& slot : slots_) {
    if (!slot.misplaced) continue;
    const absl::Status placed = find_place(slot);
    if (absl::IsUnavailable(placed) || absl::IsDeadlineExceeded(placed))
      return absl::OkStatus();  // the next poll tries
    LEVADA_RETURN_IF_ERROR(placed);
  }
  misplaced_ = false;
  return apply_assignment();
}

absl::Status KafkaConsumer::find_place(Slot& slot) {
  LEVADA_ASSIGN_OR_RETURN(const OffsetRange range, query_range(*client_, slot.partition, kPlaceLimit));
  const bool inside = range.begin <= slot.next && slot.next <= range.end;
  if (!inside && settings_.offset_reset == OffsetReset::kNone) {
    return absl::OutOfRangeError(fmt::format("{}: offset {} is not in the log [{}, {}) and auto.offset.reset is none",
                                             slot.partition.to_string(), slot.next, range.begin, range.end));
  }
  const bool to_end = slot.next > range.end && settings_.offset_reset == OffsetReset::kLatest;
  const Offset place = inside ? slot.next : to_end ? range.end : range.begin;
  client_->log().warn("offset is not in the log", {{"topic", slot.partition.topic},
                                                   {"partition", slot.partition.partition},
                                                   {"offset", slot.next},
                                                   {"continued_at", place}});
  slot.next = place;
  slot.misplaced = false;
  return absl::OkStatus();
}

// The threads that fetch wake up when something is to be sent; what is asked does not matter.
void KafkaConsumer::wake_fetcher() {
  std::vector<TopicPartition> partitions;
  for (const Slot& slot : slots_) partitions.push_back(slot.partition);
  (void)query_ends(*client_, partitions, kWakeUpTimeout);
}

}  // namespace levada::internal
