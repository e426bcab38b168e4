// The producer's transactions.

#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

#include <levada/core/status_macros.h>
#include <levada/runtime/kafka/errors.h>
#include <levada/runtime/kafka/kafka_producer.h>
#include <levada/runtime/kafka/log_queries.h>

namespace levada::internal {

namespace {

using ErrorPtr = KafkaPtr<rd_kafka_error_s>;
using GroupPtr = KafkaPtr<rd_kafka_consumer_group_metadata_s>;

constexpr Duration kPatience = std::chrono::seconds(5);  // beyond the time that a call was given

absl::StatusOr<GroupPtr> to_kafka(const GroupMetadata& group) {
  if (group.opaque.empty()) {
    return GroupPtr(rd_kafka_consumer_group_metadata_new_with_genid(
        group.group_id.c_str(), group.generation, group.member_id.c_str(),
        group.instance_id.empty() ? nullptr : group.instance_id.c_str()));
  }
  rd_kafka_consumer_group_metadata_t* metadata = nullptr;
  const ErrorPtr error(rd_kafka_consumer_group_metadata_read(&metadata, group.opaque.data(), group.opaque.size()));
  if (error != nullptr) return kafka_status(error.get(), fmt::format("member of group {}", group.group_id));
  return GroupPtr(metadata);
}

}  // namespace

absl::Status KafkaProducer::transaction_status(const rd_kafka_error_s* error, std::string_view what) const {
  if (error == nullptr) return absl::OkStatus();
  LEVADA_RETURN_IF_ERROR(client_->fatal_status());
  return client_->status(error, what);
}

absl::Status KafkaProducer::init_transactions(Duration timeout) {
  const ErrorPtr error(rd_kafka_init_transactions(client_->handle(), to_milliseconds(timeout)));
  return transaction_status(error.get(), "initialisation of transactions");
}

absl::Status KafkaProducer::begin_transaction() {
  const ErrorPtr error(rd_kafka_begin_transaction(client_->handle()));
  LEVADA_RETURN_IF_ERROR(transaction_status(error.get(), "begin of a transaction"));
  in_transaction_ = true;
  return absl::OkStatus();
}

// librdkafka does not heed the limit while it looks for the group's coordinator (its issue 5456), and waits for ever if
// that is gone (5511). So the call has a thread of its own, which is left behind with the client if need be.
absl::Status KafkaProducer::send_offsets(absl::Span<const CommittedOffset> offsets, const GroupMetadata& group,
                                         Duration timeout) {
  if (offsets.empty()) return absl::OkStatus();
  LEVADA_RETURN_IF_ERROR(client_->fatal_status());
  LEVADA_ASSIGN_OR_RETURN(GroupPtr member, to_kafka(group));
  const std::string what = fmt::format("offsets of group {} for a transaction", group.group_id);
  const auto error = std::make_shared<ErrorPtr>();
  const bool came_back = client_->call_in_time(
      what, timeout + kPatience,
      [error, handle = client_->handle(), list = to_list(offsets), member = std::move(member),
       limit = to_milliseconds(timeout)] {
        error->reset(rd_kafka_send_offsets_to_transaction(handle, list.get(), member.get(), limit));
      });
  if (came_back) return transaction_status(error->get(), what);
  return absl::FailedPreconditionError(what + ": no answer in time");
}

absl::Status KafkaProducer::commit_transaction(Duration timeout) {
  LEVADA_RETURN_IF_ERROR(client_->fatal_status());
  const ErrorPtr error(rd_kafka_commit_transaction(client_->handle(), to_milliseconds(timeout)));
  LEVADA_RETURN_IF_ERROR(transaction_status(error.get(), "commit of a transaction"));
  in_transaction_ = false;
  return absl::OkStatus();
}

absl::Status KafkaProducer::abort_transaction(Duration timeout) {
  LEVADA_RETURN_IF_ERROR(client_->fatal_status());
  const ErrorPtr error(rd_kafka_abort_transaction(client_->handle(), to_milliseconds(timeout)));
  LEVADA_RETURN_IF_ERROR(transaction_status(error.get(), "abort of a transaction"));
  in_transaction_ = false;
  failure_ = absl::OkStatus();  // of records that nobody will read
  failures_ = 0;
  return absl::OkStatus();
}

}  // namespace levada::internal
