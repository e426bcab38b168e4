// What stands in the output topics of the order analytics: the last number of each hour.
//
//   OrderResults results(*consumer, *admin, "order-analytics", "revenue-analytics");
//   results.read(100ms);                       // what has come since
//   results.totals().created.at("2026-01-01T00")
//
// Uses the consumer for as long as it lives; one thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <levada/levada.h>
#include <levada/runtime/admin.h>

#include "examples/order_generator.h"
#include "examples/program.h"

namespace examples {

class OrderResults final : private levada::RecordHandler {
 public:
  OrderResults(levada::Consumer& consumer, levada::Admin& admin, const std::string& counts, const std::string& revenue)
      : consumer_(consumer) {
    constexpr levada::Duration kTimeout = std::chrono::seconds(60);
    std::vector<levada::Assignment> all;
    for (const auto& [topic, partitions] : value_or_throw(admin.describe_topics({counts, revenue}, kTimeout))) {
      const std::size_t tag = topic == counts ? kCounts : kRevenue;
      for (levada::Partition p = 0; p < partitions; ++p) all.push_back({.partition = {topic, p}, .tag = tag});
    }
    throw_on(consumer_.assign(all));
    partitions_ = all.size();
  }

  void read(levada::Duration timeout) { throw_on(consumer_.poll(timeout, kBatch, *this)); }

  // What stood in the topics when this was called; for when nobody writes to them any more.
  static OrderTotals read_to_end(levada::Consumer& consumer, levada::Admin& admin, const std::string& counts,
                                 const std::string& revenue) {
    OrderResults results(consumer, admin, counts, revenue);
    while (results.ends_ < results.partitions_) results.read(std::chrono::milliseconds(100));
    return results.totals();
  }

  const OrderTotals& totals() const { return totals_; }

 private:
  static constexpr std::size_t kCounts = 0;
  static constexpr std::size_t kRevenue = 1;
  static constexpr std::size_t kBatch = 10'000;

  void on_record(std::size_t tag, const levada::LogRecord& record) override {
    const std::string hour(*record.key);
    if (tag == kCounts) {
      totals_.created[hour] = levada::from_json<std::int64_t>(*record.value);
    } else {
      totals_.revenue[hour] = levada::from_json<double>(*record.value);
    }
  }

  void on_end_of_partition(std::size_t, levada::Offset) override { ++ends_; }

  levada::Consumer& consumer_;
  OrderTotals totals_ = {};
  std::size_t partitions_ = 0;
  std::size_t ends_ = 0;
};

}  // namespace examples
