#include "bench/support/order_ledger.h"

#include <string_view>
#include <utility>

#include <fmt/core.h>

#include "bench/support/absl_view.h"

namespace bench {

void add(SumsByHour& sums, OrderJson& order) {
  const std::string_view type = order.type();
  if (type == "OrderCreated") {
    ++sums[absl_view(order.hour())].created;
  } else if (type == "PaymentProcessed") {
    const double amount = order.amount();
    sums[absl_view(order.hour())].revenue += amount;
  }
}

OrderLedger::OrderLedger(const Connection& connection, const LedgerTopics& topics, const std::string& state_dir)
    : producer_(connection),
      counts_(producer_.topic(topics.counts)),
      revenue_(producer_.topic(topics.revenue)),
      changelog_(producer_.topic(topics.changelog)),
      disk_(state_dir) {}

void OrderLedger::commit(SumsByHour& sums) {
  const std::lock_guard turn(turn_);
  for (const auto& [hour, added] : sums) {
    HourSums& total = totals_[hour];
    total.created += added.created;
    total.revenue += added.revenue;
    if (added.created > 0) write(counts_, "created/" + hour, fmt::format("{}", total.created));
    if (added.revenue > 0) write(revenue_, "revenue/" + hour, fmt::format("{}", total.revenue));
  }
  producer_.flush();
  disk_.write(rows_);
  rows_.clear();
  sums.clear();
}

void OrderLedger::write(const Topic& output, std::string key, std::string value) {
  const std::string_view hour = std::string_view(key).substr(key.find('/') + 1);
  producer_.send(changelog_, {.key = key, .value = value});
  producer_.send(output, {.key = hour, .value = value});
  rows_.emplace_back(std::move(key), std::move(value));
}

}  // namespace bench
