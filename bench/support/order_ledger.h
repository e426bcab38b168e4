// The job *orders* by hand: orders created and revenue by hour, kept in a hash map, RocksDB and a changelog topic.
//
//   SumsByHour sums;                 // of one worker, since its last commit
//   add(sums, order);
//   ledger.commit(sums);             // adds them to the totals, writes and flushes what changed; sums is empty then
//
// The ledger is shared by all workers: commit() takes turns.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include <absl/container/flat_hash_map.h>

#include "bench/support/disk_state.h"
#include "bench/support/kafka.h"
#include "bench/support/order_json.h"

namespace bench {

struct HourSums {
  std::int64_t created = 0;
  double revenue = 0;
};
using SumsByHour = absl::flat_hash_map<std::string, HourSums>;

// Adds the event that `order` has open; the types that do not matter change nothing.
void add(SumsByHour& sums, OrderJson& order);

struct LedgerTopics {
  std::string counts;
  std::string revenue;
  std::string changelog;
};

class OrderLedger {
 public:
  OrderLedger(const Connection& connection, const LedgerTopics& topics, const std::string& state_dir);

  void commit(SumsByHour& sums);

 private:
  void write(const Topic& output, std::string key, std::string value);

  std::mutex turn_;
  SumsByHour totals_;
  Producer producer_;
  Topic counts_;
  Topic revenue_;
  Topic changelog_;
  DiskState disk_;
  std::vector<Row> rows_;
};

}  // namespace bench
