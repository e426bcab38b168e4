#include <algorithm>

#include <levada/runtime/embedded/transaction_coordinator.h>

namespace levada::internal::embedded {

Transaction& TransactionCoordinator::init(const std::string& transactional_id, Duration timeout, Moment now) {
  Transaction& transaction = transactions_[transactional_id];
  if (transaction.producer == kNoProducer) transaction.producer = producers_made_++;
  if (transaction.open) end(transaction, TransactionResult::kAbort, now.wall);
  ++transaction.epoch;
  transaction.timeout = timeout;
  return transaction;
}

void TransactionCoordinator::add(Transaction& transaction, Topic& topic, Partition partition, SteadyTime now) {
  open(transaction, now);
  transaction.partitions.emplace_back(&topic, partition);
}

absl::Status TransactionCoordinator::add_offsets(Transaction& transaction, const GroupMetadata& who,
                                                 absl::Span<const CommittedOffset> offsets, SteadyTime now) {
  open(transaction, now);
  return groups_.commit_in_transaction(transaction.producer, who, offsets);
}

void TransactionCoordinator::open(Transaction& transaction, SteadyTime now) {
  if (transaction.open) return;
  transaction.open = true;
  transaction.deadline = now + transaction.timeout;
}

void TransactionCoordinator::end(Transaction& transaction, TransactionResult result, Timestamp now) {
  for (const auto& [topic, partition] : transaction.partitions) {
    if (topic->deleted) continue;
    topic->partitions[static_cast<std::size_t>(partition)].end_transaction(transaction.producer, result, now);
  }
  groups_.end_transaction(transaction.producer, result);
  transaction.partitions.clear();
  transaction.open = false;
}

void TransactionCoordinator::expire(Moment now) {
  for (auto& [id, transaction] : transactions_) {
    if (!transaction.open || transaction.deadline > now.steady) continue;
    end(transaction, TransactionResult::kAbort, now.wall);
    ++transaction.epoch;
  }
}

std::optional<SteadyTime> TransactionCoordinator::next_deadline() const {
  std::optional<SteadyTime> next;
  for (const auto& [id, transaction] : transactions_) {
    if (transaction.open) next = std::min(next.value_or(transaction.deadline), transaction.deadline);
  }
  return next;
}

}  // namespace levada::internal::embedded
