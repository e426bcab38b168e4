// The command line of the two hand-written loops for the job *orders*.
#pragma once

#include <string>

#include "bench/support/job_options.h"
#include "bench/support/order_ledger.h"

namespace bench {

struct OrderOptions : JobOptions {
  std::string counts;
  std::string revenue;

  Connection producer_connection() const { return {bootstrap_servers, settings_for(*this, "producer.")}; }
  Connection consumer_connection() const { return {bootstrap_servers, settings_for(*this, "consumer.")}; }
  LedgerTopics ledger_topics() const { return {counts, revenue, application_id + "-orders-changelog"}; }
};

inline void add_order_options(CLI::App& app, OrderOptions& options) {
  add_options(app, options);
  app.add_option("--counts", options.counts, "topic of the orders created by hour")->required();
  app.add_option("--revenue", options.revenue, "topic of the revenue by hour")->required();
}

}  // namespace bench
