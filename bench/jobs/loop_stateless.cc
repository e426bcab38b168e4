// The job *stateless* by hand: JSON in, keep the payments, map to order id and amount, JSON out.
// At least once: a commit flushes the producer, then commits the offsets.

#include <iterator>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "bench/support/assignment.h"
#include "bench/support/commit_timer.h"
#include "bench/support/job_options.h"
#include "bench/support/kafka.h"
#include "bench/support/measurement.h"
#include "bench/support/order_json.h"
#include "bench/support/workers.h"

namespace {

struct Options : bench::JobOptions {
  std::string output;
};

class Worker {
 public:
  Worker(const Options& options, std::size_t index)
      : producer_({options.bootstrap_servers, settings_for(options, "producer.")}),
        output_(producer_.topic(options.output)),
        consumer_({options.bootstrap_servers, settings_for(options, "consumer.")}, options.application_id),
        timer_(options.commit_interval_ms) {
    consumer_.assign(partitions_of_worker(consumer_, {options.input}, {.worker = index, .workers = options.threads}));
  }

  bench::Measurement run() {
    while (!consumer_.at_end()) {
      const std::int64_t records = consumer_.poll([this](const bench::Message& message) {
        measurement_.begin();
        process(message);
      });
      if (records > 0) measurement_.processed(records);
      if (timer_.due()) commit();
    }
    commit();
    measurement_.committed();
    return measurement_;
  }

 private:
  void process(const bench::Message& message) {
    order_.open(message.value);
    if (order_.type() != "PaymentProcessed") return;
    json_.clear();
    fmt::format_to(std::back_inserter(json_), R"({{"orderId":"{}",)", order_.order_id());
    fmt::format_to(std::back_inserter(json_), R"("amount":{}}})", order_.amount());
    producer_.send(output_, {.key = message.key, .value = json_, .timestamp_ms = message.timestamp_ms});
  }

  void commit() {
    producer_.flush();
    consumer_.commit();
  }

  bench::Producer producer_;
  bench::Topic output_;
  bench::Consumer consumer_;
  bench::CommitTimer timer_;
  bench::OrderJson order_;
  bench::Measurement measurement_;
  std::string json_;
};

void run(const Options& options) {
  std::vector<bench::Measurement> measurements(options.threads);
  bench::run_workers(options.threads, [&](std::size_t index) { measurements[index] = Worker(options, index).run(); });
  print(report_of(measurements));
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("Job stateless as a loop on librdkafka.");
  add_options(app, options);
  app.add_option("--output", options.output, "topic of the payments")->required();
  CLI11_PARSE(app, argc, argv);
  return bench::exit_code_of([&options] { run(options); });
}
