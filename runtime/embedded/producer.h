// The Producer of the embedded cluster (runtime/producer.h has the contract).
//
// What is sent is in the log when send() returns, so flush() has nothing to wait for, and an error is always about the
// record that was just sent, or about this producer.
#pragma once

#include <string>
#include <vector>

#include <levada/runtime/embedded/broker.h>
#include <levada/runtime/embedded/client_settings.h>
#include <levada/runtime/producer.h>

namespace levada::internal::embedded {

class EmbeddedProducer final : public Producer {
 public:
  EmbeddedProducer(Broker& broker, ClientSettings settings);
  ~EmbeddedProducer() override;

  absl::StatusOr<TopicHandle> topic(const std::string& name, Duration timeout) override;
  Partition partitions(TopicHandle topic) const override;
  absl::Status send(const OutgoingRecord& record) override;
  absl::Status flush(Duration timeout) override;

  absl::Status init_transactions(Duration timeout) override;
  absl::Status begin_transaction() override;
  absl::Status send_offsets(absl::Span<const CommittedOffset> offsets, const GroupMetadata& group,
                            Duration timeout) override;
  absl::Status commit_transaction(Duration timeout) override;
  absl::Status abort_transaction(Duration timeout) override;

 private:
  enum class State { kPlain, kUninitialized, kReady, kInTransaction, kMustAbort };

  struct Target {
    Topic* topic = nullptr;
    Partition count = 0;
    Partition turn = 0;  // where the next record for any partition goes
  };

  absl::Status check(const OutgoingRecord& record, const Target& target) const;
  void append(BrokerAccess& access, const OutgoingRecord& record, Target& target);
  Partition choose_partition(const OutgoingRecord& record, Target& target) const;
  absl::Status end_transaction(TransactionResult result);
  absl::Status require(State state, const char* what) const;
  absl::Status check_fenced() const;  // under the broker's lock

  Broker& broker_;
  const ClientSettings settings_;
  std::vector<Target> targets_;  // by TopicHandle
  Bytes headers_;                // encoded, of the record that is being sent
  State state_;
  Transaction* transaction_ = nullptr;
  std::int32_t epoch_ = 0;
};

}  // namespace levada::internal::embedded
