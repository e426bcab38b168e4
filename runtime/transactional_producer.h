// The producer of a thread under exactly-once. What it sends is in a transaction, which begins with the first record or
// offset: readers of committed records see all of it once it has committed, or none of it, ever.
//
//   ASSIGN_OR_RETURN(auto producer, TransactionalProducer::create(cluster, properties));
//   RETURN_IF_ERROR(producer->recover(5s));               // it begins as one that is broken
//   producer->send(record);
//   producer->send_offsets(offsets, member, 5s);
//   producer->commit_transaction(5s);
//   if (producer->broken()) …                             // what was sent since the last commit is as if it never was
//
// Whatever breaks a transaction, be it a broker that gave a record up, a newer generation of the group, another
// producer of the same id or an answer that did not come, it ends there: recover() aborts it, by another producer of
// the same id where this one can do no more. Topic handles stay valid.
//
// Owned by a thread; used on it only.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <levada/runtime/cluster.h>
#include <levada/runtime/producer.h>

namespace levada {

class TransactionalProducer final : public Producer {
 public:
  // The cluster must outlive it. Errors are about the properties; no broker is asked yet.
  static absl::StatusOr<std::unique_ptr<TransactionalProducer>> create(Cluster& cluster, ClientProperties properties);

  // Nothing can be sent or committed before recover().
  bool broken() const { return state_ != State::kReady && state_ != State::kOpen; }
  bool in_transaction() const { return state_ == State::kOpen; }
  // Nobody wants what was sent since the last commit.
  void give_up() {
    if (state_ == State::kOpen) state_ = State::kDoomed;
  }
  // Gets ready for the next transaction. kUnavailable, kDeadlineExceeded: no broker has answered, try again.
  absl::Status recover(Duration timeout);

  void set_delivery_listener(DeliveryListener* listener) override;
  absl::StatusOr<TopicHandle> topic(const std::string& name, Duration timeout) override;
  Partition partitions(TopicHandle topic) const override;
  absl::Status send(const OutgoingRecord& record) override;
  absl::Status flush(Duration timeout) override;
  absl::Status init_transactions(Duration timeout) override { return recover(timeout); }
  absl::Status begin_transaction() override;
  absl::Status send_offsets(absl::Span<const CommittedOffset> offsets, const GroupMetadata& group,
                            Duration timeout) override;
  // Without an open one it does nothing. Any error is kAborted: whether the transaction has committed is known after
  // recover().
  absl::Status commit_transaction(Duration timeout) override;
  absl::Status abort_transaction(Duration timeout) override {
    give_up();
    return recover(timeout);
  }

 private:
  enum class State : std::uint8_t {
    kReady,
    kOpen,           // a transaction is
    kDoomed,         // and can only be aborted
    kLost,           // this producer can do no more
    kUninitialized,  // it is new
    kUnprepared,     // it does not know its topics yet
  };

  struct Topic {
    std::string name;
    TopicHandle handle;
  };

  TransactionalProducer(Cluster& cluster, ClientProperties properties, std::unique_ptr<Producer> real);
  absl::Status begin();
  absl::Status replace();
  absl::Status initialize(Duration timeout);
  absl::Status find_topics(Duration timeout);
  absl::Status noted(absl::Status status);

  Cluster& cluster_;
  const ClientProperties properties_;
  std::unique_ptr<Producer> real_;
  std::vector<Topic> topics_ = {};  // by TopicHandle
  DeliveryListener* listener_ = nullptr;
  State state_ = State::kUninitialized;
};

}  // namespace levada
