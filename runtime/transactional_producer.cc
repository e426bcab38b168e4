#include <utility>

#include <levada/core/status_macros.h>
#include <levada/runtime/transactional_producer.h>

namespace levada {

absl::StatusOr<std::unique_ptr<TransactionalProducer>> TransactionalProducer::create(Cluster& cluster,
                                                                                     ClientProperties properties) {
  LEVADA_ASSIGN_OR_RETURN(auto real, cluster.producer(properties));
  return std::unique_ptr<TransactionalProducer>(
      new TransactionalProducer(cluster, std::move(properties), std::move(real)));
}

TransactionalProducer::TransactionalProducer(Cluster& cluster, ClientProperties properties,
                                             std::unique_ptr<Producer> real)
    : cluster_(cluster), properties_(std::move(properties)), real_(std::move(real)) {}

absl::Status TransactionalProducer::recover(Duration timeout) {
  if (state_ == State::kDoomed) state_ = real_->abort_transaction(timeout).ok() ? State::kReady : State::kLost;
  if (state_ == State::kLost) LEVADA_RETURN_IF_ERROR(replace());
  if (state_ == State::kUninitialized) LEVADA_RETURN_IF_ERROR(initialize(timeout));
  return state_ == State::kUnprepared ? find_topics(timeout) : absl::OkStatus();
}

absl::Status TransactionalProducer::replace() {
  real_ = nullptr;  // two of one id would fence each other
  LEVADA_ASSIGN_OR_RETURN(real_, cluster_.producer(properties_));
  real_->set_delivery_listener(listener_);
  state_ = State::kUninitialized;
  return absl::OkStatus();
}

// Ends what an earlier producer of this id left open: commits it if that was decided already, else aborts it.
absl::Status TransactionalProducer::initialize(Duration timeout) {
  const absl::Status initialized = real_->init_transactions(timeout);
  if (initialized.ok()) {
    state_ = State::kUnprepared;
    return initialized;
  }
  if (!absl::IsFailedPrecondition(initialized)) return initialized;
  state_ = State::kLost;
  return absl::UnavailableError(initialized.message());
}

absl::Status TransactionalProducer::find_topics(Duration timeout) {
  for (Topic& topic : topics_) {
    LEVADA_ASSIGN_OR_RETURN(topic.handle, real_->topic(topic.name, timeout));
  }
  state_ = State::kReady;
  return absl::OkStatus();
}

void TransactionalProducer::set_delivery_listener(DeliveryListener* listener) {
  listener_ = listener;
  if (real_ != nullptr) real_->set_delivery_listener(listener);
}

absl::StatusOr<TopicHandle> TransactionalProducer::topic(const std::string& name, Duration timeout) {
  for (std::size_t i = 0; i < topics_.size(); ++i) {
    if (topics_[i].name == name) return static_cast<TopicHandle>(i);
  }
  if (real_ == nullptr) return absl::UnavailableError("topic " + name + ": there is no producer to ask");
  LEVADA_ASSIGN_OR_RETURN(const TopicHandle handle, real_->topic(name, timeout));
  topics_.push_back({.name = name, .handle = handle});
  return static_cast<TopicHandle>(topics_.size() - 1);
}

Partition TransactionalProducer::partitions(TopicHandle topic) const {
  return real_->partitions(topics_[static_cast<std::size_t>(topic)].handle);
}

absl::Status TransactionalProducer::send(const OutgoingRecord& record) {
  if (state_ != State::kOpen) [[unlikely]]
    LEVADA_RETURN_IF_ERROR(begin());
  OutgoingRecord sent = record;
  sent.topic = topics_[static_cast<std::size_t>(record.topic)].handle;
  return noted(real_->send(sent));
}

absl::Status TransactionalProducer::flush(Duration timeout) {
  return state_ == State::kOpen ? noted(real_->flush(timeout)) : absl::OkStatus();
}

absl::Status TransactionalProducer::begin_transaction() { return begin(); }

absl::Status TransactionalProducer::begin() {
  if (state_ != State::kReady) return absl::AbortedError("the transaction was given up");
  state_ = State::kOpen;
  return noted(real_->begin_transaction());
}

absl::Status TransactionalProducer::send_offsets(absl::Span<const CommittedOffset> offsets, const GroupMetadata& group,
                                                 Duration timeout) {
  if (state_ != State::kOpen) LEVADA_RETURN_IF_ERROR(begin());
  return noted(real_->send_offsets(offsets, group, timeout));
}

absl::Status TransactionalProducer::commit_transaction(Duration timeout) {
  if (state_ == State::kReady) return absl::OkStatus();
  if (state_ != State::kOpen) return begin();  // the error that says so
  const absl::Status committed = real_->commit_transaction(timeout);
  if (committed.ok()) {
    state_ = State::kReady;
    return committed;
  }
  state_ = absl::IsAborted(committed) ? State::kDoomed : State::kLost;
  return absl::AbortedError(committed.message());
}

absl::Status TransactionalProducer::noted(absl::Status status) {
  if (absl::IsAborted(status) || absl::IsFailedPrecondition(status)) state_ = State::kDoomed;
  return status;
}

}  // namespace levada
