// The Consumer of the embedded cluster (runtime/consumer.h has the contract).
//
// Between two polls its session ages: no thread of its own keeps it alive, so a member that does not call for
// session.timeout.ms of the cluster's clock is given up by its group.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <levada/runtime/consumer.h>
#include <levada/runtime/embedded/broker.h>
#include <levada/runtime/embedded/client_settings.h>
#include <levada/runtime/embedded/group_session.h>
#include <levada/runtime/embedded/partition_reader.h>

namespace levada::internal::embedded {

class EmbeddedConsumer final : public Consumer {
 public:
  EmbeddedConsumer(Broker& broker, ClientSettings settings);
  ~EmbeddedConsumer() override;

  absl::Status subscribe(const std::vector<std::string>& topics, RebalanceListener& listener) override;
  absl::Status assign(absl::Span<const Assignment> partitions) override;
  absl::Status poll(Duration timeout, std::size_t max_records, RecordHandler& handler) override;
  void wake_up() override;
  absl::Status commit(absl::Span<const CommittedOffset> offsets) override;
  absl::StatusOr<std::vector<CommittedOffset>> committed(absl::Span<const TopicPartition> partitions,
                                                         Duration timeout) override;
  absl::StatusOr<OffsetRange> offsets(const TopicPartition& partition, Duration timeout) override;
  absl::StatusOr<std::vector<Offset>> end_offsets(absl::Span<const TopicPartition> partitions,
                                                  Duration timeout) override;
  absl::StatusOr<Offset> offset_at(const TopicPartition& partition, Timestamp time, Duration timeout) override;
  Offset last_known_end(const TopicPartition& partition) const override;
  GroupMetadata group_metadata() const override { return session_.metadata(); }

 private:
  struct Step {
    GroupEvent event = {};
    std::uint64_t changes = 0;  // announced when this was looked at
  };

  absl::StatusOr<Step> look();
  absl::Status refill(const Topics& topics);
  void tell(const GroupEvent& event);
  void deliver(Delivery& delivery, std::size_t max_records);
  bool wait(std::uint64_t seen, SteadyTime deadline);
  absl::Status require_group() const;

  Broker& broker_;
  const ClientSettings settings_;
  GroupSession session_;
  RebalanceListener* listener_ = nullptr;
  bool woken_ = false;  // guarded by the broker's mutex

  std::vector<PartitionReader> readers_;
  std::size_t first_reader_ = 0;                            // who is served first, in turn
  std::optional<std::vector<PartitionReader>> reassigned_;  // by the handler, for after its call
  Delivery* delivering_ = nullptr;
};

}  // namespace levada::internal::embedded
