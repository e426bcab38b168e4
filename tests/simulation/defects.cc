#include "tests/simulation/defects.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>

#include <levada/core/status_macros.h>

#include "tests/simulation/passing_clients.h"

namespace levada::testing {
namespace {

constexpr std::size_t kLosesOneOf = 200;

using Real = std::unique_ptr<Producer>;
using RealConsumer = std::unique_ptr<Consumer>;

bool has(const ClientProperties& properties, std::string_view key) {
  for (const auto& [name, value] : properties) {
    if (name == key) return true;
  }
  return false;
}

ClientProperties with(ClientProperties properties, const std::string& key, const std::string& value) {
  std::erase_if(properties, [&key](const auto& entry) { return entry.first == key; });
  properties.emplace_back(key, value);
  return properties;
}

// Answers that a record has arrived, which it never does.
class LosesRecords final : public PassingProducer {
 public:
  using PassingProducer::PassingProducer;
  absl::Status send(const OutgoingRecord& record) override {
    return ++sent_ % kLosesOneOf == 0 ? absl::OkStatus() : PassingProducer::send(record);
  }

 private:
  std::size_t sent_ = 0;
};

// Says that all has arrived when it has only just been sent: what comes next, offsets, is there before it.
class FlushesLate final : public PassingProducer {
 public:
  using PassingProducer::PassingProducer;
  absl::Status send(const OutgoingRecord& record) override {
    const NullableBytes key = record.key ? NullableBytes(Bytes(*record.key)) : std::nullopt;
    const NullableBytes value = record.value ? NullableBytes(Bytes(*record.value)) : std::nullopt;
    const Headers headers = record.headers == nullptr ? Headers() : *record.headers;
    waiting_.emplace_back([this, record, key, value, headers] {
      OutgoingRecord late = record;
      late.key = key ? NullableView(*key) : std::nullopt;
      late.value = value ? NullableView(*value) : std::nullopt;
      late.headers = &headers;
      return PassingProducer::send(late);
    });
    return absl::OkStatus();
  }
  absl::Status flush(Duration timeout) override {
    for (const auto& send : std::exchange(flushed_, std::exchange(waiting_, {}))) LEVADA_RETURN_IF_ERROR(send());
    return PassingProducer::flush(timeout);
  }

 private:
  using Sends = std::vector<std::function<absl::Status()>>;
  Sends waiting_ = {};
  Sends flushed_ = {};
};

// The group's offsets are there although the transaction is not committed yet, and may never be.
class CommitsOffsetsFirst final : public PassingProducer {
 public:
  CommitsOffsetsFirst(Real real, Real other) : PassingProducer(std::move(real)), other_(std::move(other)) {}
  absl::Status init_transactions(Duration timeout) override {
    LEVADA_RETURN_IF_ERROR(other_->init_transactions(timeout));
    return PassingProducer::init_transactions(timeout);
  }
  absl::Status send_offsets(absl::Span<const CommittedOffset> offsets, const GroupMetadata& group,
                            Duration timeout) override {
    LEVADA_RETURN_IF_ERROR(other_->begin_transaction());
    const absl::Status added = other_->send_offsets(offsets, group, timeout);
    if (added.ok()) return other_->commit_transaction(timeout);
    LEVADA_RETURN_IF_ERROR(other_->abort_transaction(timeout));
    return added;
  }

 private:
  Real other_;
};

// Does not say who of the group it is, so that the group cannot refuse what somebody does whom it has given up.
class NamesNoMember final : public PassingProducer {
 public:
  using PassingProducer::PassingProducer;
  absl::Status send_offsets(absl::Span<const CommittedOffset> offsets, const GroupMetadata& group,
                            Duration timeout) override {
    return PassingProducer::send_offsets(offsets, {.group_id = group.group_id}, timeout);
  }
};

class CommitsWhatIsAborted final : public PassingProducer {
 public:
  using PassingProducer::PassingProducer;
  absl::Status abort_transaction(Duration timeout) override { return commit_transaction(timeout); }
};

// Is told nothing about what is taken away.
class HearsOfNoRevocation final : public PassingConsumer, private RebalanceListener {
 public:
  using PassingConsumer::PassingConsumer;
  absl::Status subscribe(const std::vector<std::string>& topics, RebalanceListener& listener) override {
    listener_ = &listener;
    return PassingConsumer::subscribe(topics, *this);
  }

 private:
  void on_assigned(const std::vector<TopicPartition>& partitions) override { listener_->on_assigned(partitions); }
  void on_revoked(const std::vector<TopicPartition>&) override {}
  void on_lost(const std::vector<TopicPartition>&) override {}

  RebalanceListener* listener_ = nullptr;
};

// Takes the group's offsets while a transaction is about to change them.
class DoesNotWaitForTransactions final : public PassingConsumer {
 public:
  DoesNotWaitForTransactions(RealConsumer real, RealConsumer other)
      : PassingConsumer(std::move(real)), other_(std::move(other)) {}
  absl::StatusOr<std::vector<CommittedOffset>> committed(absl::Span<const TopicPartition> partitions,
                                                         Duration timeout) override {
    return other_->committed(partitions, timeout);
  }

 private:
  RealConsumer other_;
};

// Commits a record that it has not read yet.
class CommitsOneMore final : public PassingConsumer {
 public:
  using PassingConsumer::PassingConsumer;
  absl::Status commit(absl::Span<const CommittedOffset> offsets) override {
    std::vector<CommittedOffset> more(offsets.begin(), offsets.end());
    for (CommittedOffset& each : more) ++each.offset;
    return PassingConsumer::commit(more);
  }
};

using MakesConsumer = std::function<absl::StatusOr<RealConsumer>(Cluster&, const ClientProperties&)>;
using MakesProducer = std::function<absl::StatusOr<Real>(Cluster&, const ClientProperties&)>;

absl::StatusOr<RealConsumer> sound_consumer(Cluster& cluster, const ClientProperties& properties) {
  return cluster.consumer(properties);
}
absl::StatusOr<Real> sound_producer(Cluster& cluster, const ClientProperties& properties) {
  return cluster.producer(properties);
}

class DefectiveCluster final : public Cluster {
 public:
  DefectiveCluster(Cluster& real, MakesConsumer consumer, MakesProducer producer)
      : real_(real), consumer_(std::move(consumer)), producer_(std::move(producer)) {}

  absl::StatusOr<RealConsumer> consumer(const ClientProperties& properties) override {
    return consumer_(real_, properties);
  }
  absl::StatusOr<Real> producer(const ClientProperties& properties) override { return producer_(real_, properties); }
  absl::StatusOr<std::unique_ptr<Admin>> admin(const ClientProperties& properties) override {
    return real_.admin(properties);
  }

 private:
  Cluster& real_;
  const MakesConsumer consumer_;
  const MakesProducer producer_;
};

internal::ClusterView view(MakesConsumer consumer, MakesProducer producer) {
  return [consumer = std::move(consumer), producer = std::move(producer)](Cluster& real) {
    return std::make_unique<DefectiveCluster>(real, consumer, producer);
  };
}

template <class Defective>
internal::ClusterView producers() {
  return view(sound_consumer, [](Cluster& cluster, const ClientProperties& properties) -> absl::StatusOr<Real> {
    LEVADA_ASSIGN_OR_RETURN(auto real, cluster.producer(properties));
    return std::make_unique<Defective>(std::move(real));
  });
}

// Of members of the group.
template <class Defective>
internal::ClusterView consumers() {
  return view(
      [](Cluster& cluster, const ClientProperties& properties) -> absl::StatusOr<RealConsumer> {
        LEVADA_ASSIGN_OR_RETURN(auto real, cluster.consumer(properties));
        if (!has(properties, "group.id")) return real;
        return std::make_unique<Defective>(std::move(real));
      },
      sound_producer);
}

internal::ClusterView commits_offsets_first() {
  return view(sound_consumer, [](Cluster& cluster, const ClientProperties& properties) -> absl::StatusOr<Real> {
    static int others = 0;  // one of each, so that none fences another
    LEVADA_ASSIGN_OR_RETURN(auto real, cluster.producer(properties));
    const std::string id = "offsets-" + std::to_string(++others);
    LEVADA_ASSIGN_OR_RETURN(auto other, cluster.producer(with(properties, "transactional.id", id)));
    return std::make_unique<CommitsOffsetsFirst>(std::move(real), std::move(other));
  });
}

internal::ClusterView does_not_wait_for_transactions() {
  return view(
      [](Cluster& cluster, const ClientProperties& properties) -> absl::StatusOr<RealConsumer> {
        LEVADA_ASSIGN_OR_RETURN(auto real, cluster.consumer(properties));
        if (!has(properties, "group.id")) return real;
        LEVADA_ASSIGN_OR_RETURN(auto other, cluster.consumer(with(properties, "isolation.level", "read_uncommitted")));
        return std::make_unique<DoesNotWaitForTransactions>(std::move(real), std::move(other));
      },
      sound_producer);
}

enum class Reader : std::uint8_t { kOfInput, kOfChangelogs };

internal::ClusterView reads_what_is_not_committed(Reader reader) {
  return view(
      [reader](Cluster& cluster, const ClientProperties& properties) {
        const bool is_defective = has(properties, "group.id") == (reader == Reader::kOfInput);
        return cluster.consumer(is_defective ? with(properties, "isolation.level", "read_uncommitted") : properties);
      },
      sound_producer);
}

}  // namespace

const std::vector<Defect>& defects() {
  static const std::vector<Defect> all = {
      {.name = "LosesARecordThatItAcknowledged", .view = producers<LosesRecords>()},
      {.name = "LosesARecordThatItAcknowledgedAtLeastOnce",
       .view = producers<LosesRecords>(),
       .guarantee = ProcessingGuarantee::kAtLeastOnce},
      {.name = "CommitsOffsetsBeforeWhatBelongsToThemIsFlushed",
       .view = producers<FlushesLate>(),
       .guarantee = ProcessingGuarantee::kAtLeastOnce},
      {.name = "CommitsOneRecordTooMany",
       .view = consumers<CommitsOneMore>(),
       .guarantee = ProcessingGuarantee::kAtLeastOnce},
      {.name = "CommitsOffsetsBeforeTheTransaction", .view = commits_offsets_first()},
      {.name = "IsNotFencedByItsGroup", .view = producers<NamesNoMember>()},
      {.name = "CommitsWhatIsAborted", .view = producers<CommitsWhatIsAborted>()},
      {.name = "ReadsInputThatIsNotCommitted", .view = reads_what_is_not_committed(Reader::kOfInput)},
      {.name = "RestoresWhatIsNotCommitted", .view = reads_what_is_not_committed(Reader::kOfChangelogs)},
      {.name = "DoesNotWaitForTransactions", .view = does_not_wait_for_transactions()},
      {.name = "HearsOfNoRevocation", .view = consumers<HearsOfNoRevocation>()},
  };
  return all;
}

}  // namespace levada::testing
