// Who writes under which transactional id, and what the transaction that is open under it has touched.
//
//   Transaction& orders = transactions.init("orders-1", 60s, now, wall_clock);   // fences who had the id before
//   transactions.add(orders, *topic, 0, now);                            // before the first record of a partition
//   transactions.end(orders, TransactionResult::kCommit, wall_clock);
//
// A Transaction lives as long as its coordinator. Whoever remembers an older epoch is fenced. Guarded by the broker's
// mutex.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <levada/runtime/embedded/group_coordinator.h>
#include <levada/runtime/embedded/topics.h>

namespace levada::internal::embedded {

struct Transaction {
  ProducerId producer = kNoProducer;
  std::int32_t epoch = 0;
  Duration timeout = {};
  bool open = false;
  SteadyTime deadline = {};
  std::vector<std::pair<Topic*, Partition>> partitions = {};
};

// Both clocks at one moment.
struct Moment {
  SteadyTime steady = {};
  Timestamp wall = {};
};

class TransactionCoordinator {
 public:
  explicit TransactionCoordinator(GroupCoordinator& groups) : groups_(groups) {}

  Transaction& init(const std::string& transactional_id, Duration timeout, Moment now);

  // The transaction's time begins to run with what is added first.
  void add(Transaction& transaction, Topic& topic, Partition partition, SteadyTime now);
  absl::Status add_offsets(Transaction& transaction, const GroupMetadata& who,
                           absl::Span<const CommittedOffset> offsets, SteadyTime now);
  void end(Transaction& transaction, TransactionResult result, Timestamp now);

  // Aborts what has been open for too long, and fences its producer.
  void expire(Moment now);
  std::optional<SteadyTime> next_deadline() const;

 private:
  void open(Transaction& transaction, SteadyTime now);

  GroupCoordinator& groups_;
  std::map<std::string, Transaction> transactions_;
  ProducerId producers_made_ = 0;
};

}  // namespace levada::internal::embedded
