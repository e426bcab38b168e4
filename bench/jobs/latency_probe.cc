// Sends records at a steady rate to a job that counts by key without caching, reads its results, and prints how long
// they took. The n-th record of a key comes back as the count n, so each result belongs to one record, and one that is
// missing or comes twice is noticed. Without --output it reads the input itself: the floor that the clients make.

#include <cstdint>
#include <string>
#include <thread>

#include <absl/strings/numbers.h>
#include <fmt/core.h>

#include "bench/support/absl_view.h"
#include "bench/support/assignment.h"
#include "bench/support/big_endian.h"
#include "bench/support/job_options.h"
#include "bench/support/kafka.h"
#include "bench/support/latency.h"

namespace {

constexpr std::size_t kKeyPrefix = std::string_view("key-").size();
constexpr auto kTick = std::chrono::milliseconds(1);

struct Options {
  std::string bootstrap_servers = "localhost:9092";
  std::string input;
  std::string output;
  std::size_t rate = 20'000;
  std::size_t keys = 1'000;
  std::size_t value_bytes = 100;
  std::size_t warmup_s = 10;
  std::size_t seconds = 30;
  std::size_t patience_s = 60;

  std::size_t records() const { return rate * (warmup_s + seconds); }
};

// Record i has the key i % keys, and is the key's (i / keys + 1)-th.
void send_all(const Options& options, bench::Producer& producer, bench::Flights& flights) {
  const bench::Topic topic = producer.topic(options.input);
  const std::string value(options.value_bytes, 'v');
  const auto start = std::chrono::steady_clock::now();
  std::size_t next = 0;
  for (std::size_t tick = 1; next < options.records(); ++tick) {
    const std::size_t until = std::min(options.records(), options.rate * tick / 1'000);
    for (; next < until; ++next) {
      const std::string key = fmt::format("key-{}", next % options.keys);
      flights.sent(next);
      producer.send(topic, {.key = key, .value = value});
    }
    std::this_thread::sleep_until(start + kTick * static_cast<std::int64_t>(tick));
  }
  producer.flush();
}

class Receiver {
 public:
  Receiver(const Options& options, bench::Flights& flights)
      : options_(options),
        flights_(flights),
        consumer_({options.bootstrap_servers, {{"fetch.wait.max.ms", "100"}}}, options.input + "-probe"),
        seen_(options.keys) {
    const std::string& topic = options.output.empty() ? options.input : options.output;
    consumer_.assign(partitions_of_worker(consumer_, {topic}, {}));
  }

  void run() {
    const auto patience = std::chrono::seconds(options_.patience_s + options_.warmup_s + options_.seconds);
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (flights_.back() < flights_.size()) {
      consumer_.poll_one([this](const bench::Message& message) { receive(message); });
      if (std::chrono::steady_clock::now() > deadline) {
        throw std::runtime_error(fmt::format("{} of {} results came", flights_.back(), flights_.size()));
      }
    }
  }

 private:
  void receive(const bench::Message& message) {
    std::size_t key = 0;
    if (!absl::SimpleAtoi(bench::absl_view(message.key.substr(kKeyPrefix)), &key) || key >= options_.keys) {
      throw std::runtime_error(fmt::format("unknown key {}", message.key));
    }
    const std::int64_t count = options_.output.empty() ? ++seen_[key] : bench::from_big_endian(message.value);
    const std::size_t index = static_cast<std::size_t>(count - 1) * options_.keys + key;
    if (count < 1 || index >= flights_.size() || !flights_.came_back(index)) {
      throw std::runtime_error(fmt::format("key {} came back with the count {}, not expected", message.key, count));
    }
  }

  const Options& options_;
  bench::Flights& flights_;
  bench::Consumer consumer_;
  std::vector<std::int64_t> seen_;
};

void run(const Options& options) {
  bench::Flights flights(options.records());
  bench::Producer producer({options.bootstrap_servers, {{"linger.ms", "1"}}});
  Receiver receiver(options, flights);
  std::exception_ptr failure;
  std::thread sender([&] {
    try {
      send_all(options, producer, flights);
    } catch (...) {
      failure = std::current_exception();
    }
  });
  try {
    receiver.run();
  } catch (...) {
    sender.join();
    throw;
  }
  sender.join();
  if (failure) std::rethrow_exception(failure);
  const bench::Latencies found = flights.latencies(options.rate * options.warmup_s);
  fmt::print(
      "{{\"records\":{},\"p50_ms\":{:.2f},\"p90_ms\":{:.2f},\"p99_ms\":{:.2f},\"p999_ms\":{:.2f},\"max_ms\":{:.2f}}}\n",
      found.records, found.p50_ms, found.p90_ms, found.p99_ms, found.p999_ms, found.max_ms);
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("Measures the time from a record sent to its count received.");
  app.add_option("--bootstrap-servers", options.bootstrap_servers)->capture_default_str();
  app.add_option("--input", options.input, "topic the job reads")->required();
  app.add_option("--output", options.output, "topic of its counts; none: read the input");
  app.add_option("--rate", options.rate, "records a second")->capture_default_str();
  app.add_option("--keys", options.keys)->capture_default_str();
  app.add_option("--value-bytes", options.value_bytes)->capture_default_str();
  app.add_option("--warmup", options.warmup_s, "seconds that do not count")->capture_default_str();
  app.add_option("--seconds", options.seconds, "that do")->capture_default_str();
  app.add_option("--patience", options.patience_s, "seconds to wait for the last results")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  return bench::exit_code_of([&] { run(options); });
}
