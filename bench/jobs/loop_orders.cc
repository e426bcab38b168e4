// The job *orders* by hand, aggregated where it is read: every worker sums up its own partitions and adds the sums to a
// ledger shared by all of them at each commit. The cheapest way there is, as long as one process does all the work.

#include <string>
#include <vector>

#include "bench/support/assignment.h"
#include "bench/support/commit_timer.h"
#include "bench/support/kafka.h"
#include "bench/support/measurement.h"
#include "bench/support/order_json.h"
#include "bench/support/order_ledger.h"
#include "bench/support/order_options.h"
#include "bench/support/topics.h"
#include "bench/support/workers.h"

namespace {

class Worker {
 public:
  Worker(const bench::OrderOptions& options, std::size_t index, bench::OrderLedger& ledger)
      : ledger_(ledger),
        consumer_(options.consumer_connection(), options.application_id),
        timer_(options.commit_interval_ms) {
    consumer_.assign(partitions_of_worker(consumer_, {options.input}, {.worker = index, .workers = options.threads}));
  }

  bench::Measurement run() {
    while (!consumer_.at_end()) {
      const std::int64_t records = consumer_.poll([this](const bench::Message& message) {
        measurement_.begin();
        order_.open(message.value);
        add(sums_, order_);
      });
      if (records > 0) measurement_.processed(records);
      if (timer_.due()) commit();
    }
    commit();
    measurement_.committed();
    return measurement_;
  }

 private:
  void commit() {
    ledger_.commit(sums_);
    consumer_.commit();
  }

  bench::OrderLedger& ledger_;
  bench::Consumer consumer_;
  bench::CommitTimer timer_;
  bench::OrderJson order_;
  bench::SumsByHour sums_;
  bench::Measurement measurement_;
};

void run(const bench::OrderOptions& options) {
  const bench::LedgerTopics topics = options.ledger_topics();
  bench::Topics({options.bootstrap_servers}).create({topics.changelog}, {.config = {{"cleanup.policy", "compact"}}});
  bench::OrderLedger ledger(options.producer_connection(), topics, options.state_dir);
  std::vector<bench::Measurement> measurements(options.threads);
  bench::run_workers(options.threads,
                     [&](std::size_t index) { measurements[index] = Worker(options, index, ledger).run(); });
  print(report_of(measurements));
}

}  // namespace

int main(int argc, char** argv) {
  bench::OrderOptions options;
  CLI::App app("Job orders as a loop on librdkafka, a hash map and RocksDB.");
  add_order_options(app, options);
  CLI11_PARSE(app, argc, argv);
  return bench::exit_code_of([&options] { run(options); });
}
