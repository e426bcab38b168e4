// Creates an input topic, fills it with order events, and writes what each job must make of them into files of
// "key<tab>value" lines: the truth the outputs are compared with, computed from the numbers and not from the JSON.

#include <filesystem>
#include <string>

#include <absl/container/btree_map.h>
#include <fmt/os.h>

#include "bench/support/job_options.h"
#include "bench/support/kafka.h"
#include "bench/support/order_events.h"
#include "bench/support/topics.h"

namespace {

struct Options {
  std::string bootstrap_servers = "localhost:9092";
  std::string topic;
  std::string expect;
  std::int32_t partitions = 4;
  bench::EventOptions events;
};

constexpr std::int64_t kHourMs = 3'600'000;

class Truth {
 public:
  explicit Truth(bool windows) : windows_(windows) {}

  void add(const bench::OrderEvents::Event& event) {
    ++count_by_key_[event.key];
    if (windows_) ++count_by_window_[event.key + '@' + std::to_string(event.timestamp_ms / kHourMs * kHourMs)];
    if (event.type == "OrderCreated") ++created_by_hour_[event.hour];
    if (event.type != "PaymentProcessed") return;
    cents_by_hour_[event.hour] += event.cents;
    cents_by_order_[event.order_id] = event.cents;
  }

  void write(const std::filesystem::path& directory) const {
    std::filesystem::create_directories(directory);
    write_numbers(directory / "count.tsv", count_by_key_);
    if (windows_) write_numbers(directory / "windows.tsv", count_by_window_);
    write_numbers(directory / "created.tsv", created_by_hour_);
    write_amounts(directory / "revenue.tsv", cents_by_hour_);
    write_amounts(directory / "payments.tsv", cents_by_order_);
  }

 private:
  using Numbers = absl::btree_map<std::string, std::int64_t>;

  static void write_numbers(const std::filesystem::path& path, const Numbers& numbers) {
    fmt::ostream file = fmt::output_file(path.string());
    for (const auto& [key, number] : numbers) file.print("{}\t{}\n", key, number);
  }

  static void write_amounts(const std::filesystem::path& path, const Numbers& cents) {
    fmt::ostream file = fmt::output_file(path.string());
    for (const auto& [key, number] : cents) file.print("{}\t{}.{:02}\n", key, number / 100, number % 100);
  }

  const bool windows_;
  Numbers count_by_key_;
  Numbers count_by_window_;  // of key and hour
  Numbers created_by_hour_;
  Numbers cents_by_hour_;
  Numbers cents_by_order_;
};

// The first group of a fresh broker waits until the broker has made a topic for offsets: not the first system's fault.
void make_offsets_topic(const Options& options) {
  bench::Consumer consumer({options.bootstrap_servers}, options.topic + "-first-group");
  consumer.assign({{options.topic, 0}});
}

void run(const Options& options) {
  const bench::Connection connection = {options.bootstrap_servers, {{"compression.codec", "lz4"}}};
  bench::Topics(connection).create({options.topic}, {.partitions = options.partitions});
  bench::Producer producer(connection);
  const bench::Topic topic = producer.topic(options.topic);
  bench::OrderEvents events(options.events);
  Truth truth(options.events.unique);
  for (bench::OrderEvents::Event event; events.next(event);) {
    producer.send(topic, {.key = event.key, .value = event.value, .timestamp_ms = event.timestamp_ms});
    if (!options.expect.empty()) truth.add(event);
  }
  producer.flush();
  if (!options.expect.empty()) truth.write(options.expect);
  make_offsets_topic(options);
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("Fills a topic with order events and writes down what the jobs must make of them.");
  app.add_option("--bootstrap-servers", options.bootstrap_servers)->capture_default_str();
  app.add_option("--topic", options.topic, "topic to create and fill")->required();
  app.add_option("--expect", options.expect, "directory for the expected results; none: they are not computed");
  app.add_option("--partitions", options.partitions)->capture_default_str();
  app.add_option("--records", options.events.count)->capture_default_str()->check(CLI::PositiveNumber);
  app.add_option("--keys", options.events.keys, "number of distinct keys; 0: the order ids")->capture_default_str();
  app.add_flag("--unique", options.events.unique, "nearly every record has a key of its own");
  app.add_option("--value-bytes", options.events.value_bytes, "fill values up, or cut them, to this size");
  app.add_option("--seed", options.events.seed)->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  return bench::exit_code_of([&options] { run(options); });
}
