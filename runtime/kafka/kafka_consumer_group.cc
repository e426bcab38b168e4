// The consumer as a member of a group: joining, being given partitions, committing, leaving.

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include <absl/cleanup/cleanup.h>
#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

#include <levada/core/status_macros.h>
#include <levada/runtime/kafka/assignment_calls.h>
#include <levada/runtime/kafka/errors.h>
#include <levada/runtime/kafka/kafka_consumer.h>
#include <levada/runtime/kafka/log_queries.h>

namespace levada::internal {

namespace {

using namespace std::chrono_literals;

constexpr Duration kCloseLimit = 10s;
constexpr std::size_t kDropped = 1000;  // records at once
constexpr auto kJoinPause = 1s;
constexpr std::string_view kHeldBack = "timed out, as if a transaction that has not ended held them back";

using MemberPtr = KafkaPtr<rd_kafka_consumer_group_metadata_s>;

std::string written(const MemberPtr& member) {
  void* bytes = nullptr;
  std::size_t size = 0;
  const KafkaPtr<rd_kafka_error_s> error(rd_kafka_consumer_group_metadata_write(member.get(), &bytes, &size));
  if (error != nullptr) return "";
  std::string written(static_cast<const char*>(bytes), size);
  rd_kafka_mem_free(nullptr, bytes);
  return written;
}

// librdkafka tells a generation only within what it writes of a member: there where two differ that have nothing else
// that differs.
std::int32_t generation_of(const GroupMetadata& group) {
  const auto of_generation = [&group](std::int32_t generation) {
    const char* instance = group.instance_id.empty() ? nullptr : group.instance_id.c_str();
    return written(MemberPtr(rd_kafka_consumer_group_metadata_new_with_genid(group.group_id.c_str(), generation,
                                                                             group.member_id.c_str(), instance)));
  };
  const std::string zeros = of_generation(0);
  const std::string ones = of_generation(-1);
  const std::size_t at = std::ranges::mismatch(zeros, ones).in1 - zeros.begin();
  std::int32_t generation = -1;
  if (zeros.size() != group.opaque.size() || at + sizeof generation > zeros.size()) return -1;
  std::memcpy(&generation, group.opaque.data() + at, sizeof generation);
  return generation;
}

}  // namespace

absl::Status KafkaConsumer::subscribe(const std::vector<std::string>& topics, RebalanceListener& listener) {
  LEVADA_RETURN_IF_ERROR(require_group("subscription"));
  listener_ = &listener;
  subscription_ = topics;
  const PartitionListPtr list(rd_kafka_topic_partition_list_new(static_cast<int>(topics.size())));
  for (const std::string& topic : topics) {
    rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), RD_KAFKA_PARTITION_UA);
  }
  return client_->status(rd_kafka_subscribe(client_->handle(), list.get()),
                         fmt::format("subscription of group {}", settings_.group_id));
}

absl::Status KafkaConsumer::require_group(std::string_view what) const {
  if (!settings_.group_id.empty()) return absl::OkStatus();
  return absl::FailedPreconditionError(fmt::format("{}: this consumer has no group.id", what));
}

void KafkaConsumer::on_rebalance(int kind, rd_kafka_topic_partition_list_s* partitions) {
  rebalanced_ = true;
  in_callback_ = true;
  const absl::Cleanup leave = [this] {
    in_callback_ = false;
    // Lets poll() return, since what it does next depends on what it was told.
    rd_kafka_queue_yield(queue_.get());
  };
  if (closing_) return answer_at_the_end(kind);
  if (kind == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
    assigned(partitions_of(partitions));
  } else {
    revoked(partitions_of(partitions));
  }
}

void KafkaConsumer::assigned(std::vector<TopicPartition> partitions) {
  answer_assigned(client_->handle(), settings_.incremental);
  forget_assignment();
  client_->begin_session();
  told_why_ = false;
  if (settings_.incremental) {
    partitions.insert(partitions.end(), granted_.begin(), granted_.end());
    std::ranges::sort(partitions);
  }
  granted_ = std::move(partitions);
  tell([this](RebalanceListener& listener) { listener.on_assigned(granted_); });
}

void KafkaConsumer::revoked(std::vector<TopicPartition> partitions) {
  if (!settings_.incremental) partitions = granted_;
  if (rd_kafka_assignment_lost(client_->handle()) != 0) {
    partitions = granted_;
    tell([&](RebalanceListener& listener) { listener.on_lost(partitions); });
  } else {
    tell([&](RebalanceListener& listener) { listener.on_revoked(partitions); });
  }
  std::erase_if(granted_, [&](const auto& each) { return std::ranges::count(partitions, each) > 0; });
  forget_assignment();
  assignment_pending_ = false;
  answer_revoked(client_->handle(), settings_.incremental);
}

// An exception must not pass through librdkafka's frames: poll() throws it again.
void KafkaConsumer::tell(absl::FunctionRef<void(RebalanceListener&)> what) {
  if (listener_ == nullptr) return;
  try {
    what(*listener_);
  } catch (...) {
    callback_failure_ = std::current_exception();
  }
}

// librdkafka gives up a client that was fenced, for good.
absl::Status KafkaConsumer::join_anew() {
  const auto now = std::chrono::steady_clock::now();
  if (now - joined_anew_ < kJoinPause) return absl::OkStatus();
  joined_anew_ = now;
  const char* why = client_->instance_id_is_taken()
                        ? "this member's instance id is still taken by one whose session has not ended: it tries again"
                        : "this member's session had timed out, so that it fenced itself: it joins its group anew";
  if (!std::exchange(told_why_, true)) {
    client_->log().warn(why, {{"group", settings_.group_id}, {"instance", settings_.instance_id}});
  }
  LEVADA_ASSIGN_OR_RETURN(auto client, KafkaClient::create(config_.copy(), client_->log()));
  batch_.clear();
  forget_assignment();
  use(std::move(client));
  joins_anew_ = rebalanced_ = assignment_pending_ = false;
  if (const std::vector<TopicPartition> lost = std::exchange(granted_, {}); !lost.empty()) listener_->on_lost(lost);
  return subscribe(std::vector(subscription_), *listener_);
}

// rd_kafka_consumer_close() may wait for ever: here the waiting has an end, and what is left then is given up.
// The listener is told nothing any more, since whoever owns both may be half destroyed itself.
void KafkaConsumer::close() {
  listener_ = nullptr;
  const auto deadline = std::chrono::steady_clock::now() + kCloseLimit;
  if (!subscription_.empty()) answer_what_waits(deadline);
  batch_.clear();
  let_stops_end(client_->handle());
  closing_ = true;
  const KafkaPtr<rd_kafka_queue_s> events(rd_kafka_queue_new(client_->handle()));
  const KafkaPtr<rd_kafka_error_s> refused(rd_kafka_consumer_close_queue(client_->handle(), events.get()));
  while (refused == nullptr && rd_kafka_consumer_closed(client_->handle()) == 0 && !client_->abandoned()) {
    if (std::chrono::steady_clock::now() > deadline) {
      client_->log().warn("the consumer could not leave its group in time", {{"group", settings_.group_id}});
      break;
    }
    batch_.take(events.get(), 100ms, 100);
    batch_.clear();
  }
}

// As librdkafka's closing ends, it throws away what it is asked, and who asked waits for ever. A rebalance that waits
// for its answer does not hold up that end, so that the answer may be what comes too late: it is given before.
void KafkaConsumer::answer_what_waits(std::chrono::steady_clock::time_point deadline) {
  (void)stop_fetching();
  do {
    rebalanced_ = false;
    batch_.clear();
    take(0ms, kDropped);
  } while ((rebalanced_ || !batch_.empty()) && std::chrono::steady_clock::now() < deadline);
}

// The closing waits only for all to be given back, and for any answer under the newer protocol. What the group gave in
// the moment before, librdkafka takes back itself; what it took then may still be answered too late.
void KafkaConsumer::answer_at_the_end(int kind) {
  const bool gives = kind == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS;
  if (client_->abandoned() || (gives && !settings_.incremental)) return;
  const auto answer = gives ? answer_assigned : answer_revoked;
  client_->call_in_time(
      "assignment at the end", kCloseLimit,
      [answer, incremental = settings_.incremental, handle = client_->handle()] { answer(handle, incremental); });
}

absl::Status KafkaConsumer::commit(absl::Span<const CommittedOffset> offsets) {
  LEVADA_RETURN_IF_ERROR(require_group("commit"));
  if (offsets.empty()) return absl::OkStatus();
  const absl::Status status =
      client_->status(commit_in_time(offsets), fmt::format("commit of group {}", settings_.group_id));
  if (absl::IsDeadlineExceeded(status)) return absl::UnavailableError(status.message());
  return status;
}

// rd_kafka_commit() waits for ever while the coordinator is away. After a session's time the membership is over anyway.
int KafkaConsumer::commit_in_time(absl::Span<const CommittedOffset> offsets) {
  const PartitionListPtr list = to_list(offsets);
  const KafkaPtr<rd_kafka_queue_s> answers(rd_kafka_queue_new(client_->handle()));
  const auto refused = rd_kafka_commit_queue(client_->handle(), list.get(), answers.get(), nullptr, nullptr);
  if (refused != RD_KAFKA_RESP_ERR_NO_ERROR) return refused;
  const KafkaPtr<rd_kafka_op_s> event(rd_kafka_queue_poll(answers.get(), to_milliseconds(settings_.session_timeout)));
  return event == nullptr ? RD_KAFKA_RESP_ERR__TIMED_OUT : rd_kafka_event_error(event.get());
}

absl::StatusOr<std::vector<CommittedOffset>> KafkaConsumer::committed(absl::Span<const TopicPartition> partitions,
                                                                      Duration timeout) {
  LEVADA_RETURN_IF_ERROR(require_group("committed offsets"));
  if (partitions.empty()) return std::vector<CommittedOffset>();
  return ask_until(std::chrono::steady_clock::now() + timeout,
                   [this, partitions](Duration limit) { return committed_once(partitions, limit); });
}

absl::StatusOr<std::vector<CommittedOffset>> KafkaConsumer::committed_once(absl::Span<const TopicPartition> partitions,
                                                                           Duration timeout) {
  const PartitionListPtr list = to_list(partitions);
  const std::string what = fmt::format("committed offsets of group {}", settings_.group_id);
  const auto error = rd_kafka_committed(client_->handle(), list.get(), to_milliseconds(timeout));
  // librdkafka asks again while an open transaction is about to change them, and does not say so.
  const bool in_time = error != RD_KAFKA_RESP_ERR__TIMED_OUT;
  LEVADA_RETURN_IF_ERROR(client_->status(error, what, in_time ? "" : kHeldBack));
  return committed_of(list.get(), what);
}

GroupMetadata KafkaConsumer::group_metadata() const {
  GroupMetadata group = {.group_id = settings_.group_id, .instance_id = settings_.instance_id};
  const MemberPtr member_of_group(rd_kafka_consumer_group_metadata(client_->handle()));
  if (member_of_group == nullptr) return group;
  group.opaque = written(member_of_group);
  if (char* member = rd_kafka_memberid(client_->handle())) {
    group.member_id = member;
    rd_kafka_mem_free(client_->handle(), member);
  }
  group.generation = generation_of(group);
  return group;
}

}  // namespace levada::internal
