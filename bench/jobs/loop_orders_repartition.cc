// The job *orders* by hand with the hop the frameworks take: events that matter go, unchanged, through a topic
// partitioned by their type, and are summed up by the worker that reads them there. Scales over processes.

#include <atomic>
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

struct Shared {
  const bench::OrderOptions& options;
  std::string hop;  // the repartition topic
  bench::OrderLedger ledger;
  std::atomic<std::size_t> reading_input;  // workers that have not yet flushed the last of their input
};

class Worker {
 public:
  Worker(Shared& shared, std::size_t index)
      : shared_(shared),
        producer_(shared.options.producer_connection()),
        hop_(producer_.topic(shared.hop)),
        consumer_(shared.options.consumer_connection(), shared.options.application_id),
        timer_(shared.options.commit_interval_ms) {
    const bench::WorkerPlace place = {.worker = index, .workers = shared.options.threads};
    input_count_ = partitions_of_worker(consumer_, {shared.options.input}, place).size();
    consumer_.assign(partitions_of_worker(consumer_, {shared.options.input, shared.hop}, place));
  }

  bench::Measurement run() {
    while (!consumer_.at_end(shared_.options.input)) step();
    commit();
    --shared_.reading_input;
    while (shared_.reading_input > 0) step();
    consumer_.refresh_end(shared_.hop);
    while (!consumer_.at_end()) step();
    commit();
    measurement_.committed();
    return measurement_;
  }

 private:
  void step() {
    std::int64_t inputs = 0;
    const std::int64_t records = consumer_.poll([this, &inputs](const bench::Message& message) {
      measurement_.begin();
      order_.open(message.value);
      if (message.source < input_count_) {
        forward(message);
        ++inputs;
      } else {
        add(sums_, order_);
      }
    });
    if (records > 0) measurement_.processed(inputs);
    if (timer_.due()) commit();
  }

  void forward(const bench::Message& message) {
    const std::string_view type = order_.type();
    if (type != "OrderCreated" && type != "PaymentProcessed") return;
    producer_.send(hop_, {.key = type, .value = message.value, .timestamp_ms = message.timestamp_ms});
  }

  void commit() {
    producer_.flush();
    shared_.ledger.commit(sums_);
    consumer_.commit();
  }

  Shared& shared_;
  bench::Producer producer_;
  bench::Topic hop_;
  bench::Consumer consumer_;
  std::size_t input_count_ = 0;
  bench::CommitTimer timer_;
  bench::OrderJson order_;
  bench::SumsByHour sums_;
  bench::Measurement measurement_;
};

void run(const bench::OrderOptions& options) {
  const bench::LedgerTopics topics = options.ledger_topics();
  const std::string hop = options.application_id + "-by-type-repartition";
  bench::Topics admin({options.bootstrap_servers});
  admin.create({topics.changelog}, {.config = {{"cleanup.policy", "compact"}}});
  admin.create({hop});
  Shared shared = {.options = options,
                   .hop = hop,
                   .ledger = bench::OrderLedger(options.producer_connection(), topics, options.state_dir),
                   .reading_input = options.threads};
  std::vector<bench::Measurement> measurements(options.threads);
  bench::run_workers(options.threads, [&](std::size_t index) { measurements[index] = Worker(shared, index).run(); });
  print(report_of(measurements));
}

}  // namespace

int main(int argc, char** argv) {
  bench::OrderOptions options;
  CLI::App app("Job orders as a loop with a repartition topic.");
  add_order_options(app, options);
  CLI11_PARSE(app, argc, argv);
  return bench::exit_code_of([&options] { run(options); });
}
