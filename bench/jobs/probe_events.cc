// Appends one more record of some keys to an input topic, and writes down what their counts must be then: whoever has
// restored the counts wrongly counts on from a wrong number.

#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

#include <fmt/os.h>

#include "bench/support/job_options.h"
#include "bench/support/kafka.h"

namespace {

struct Options {
  std::string bootstrap_servers = "localhost:9092";
  std::string topic;
  std::string counts;
  std::string expect;
  std::int64_t probes = 1'000;
  std::int64_t round = 1;
  std::int64_t timestamp_ms = 1'767'571'200'000;  // 2026-01-05, after all that the generator makes
};

struct Count {
  std::string key;
  std::int64_t number = 0;
};

std::vector<Count> read_counts(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path);
  std::vector<Count> counts;
  for (std::string key, number; std::getline(file, key, '\t') && std::getline(file, number);) {
    counts.push_back({key, std::stoll(number)});
  }
  return counts;
}

void run(const Options& options) {
  const std::vector<Count> counts = read_counts(options.counts);
  const std::size_t step = std::max<std::size_t>(1, counts.size() / static_cast<std::size_t>(options.probes));
  bench::Producer producer({options.bootstrap_servers});
  const bench::Topic topic = producer.topic(options.topic);
  fmt::ostream expected = fmt::output_file(options.expect);
  std::int64_t probes = 0;
  for (std::size_t i = 0; i < counts.size(); i += step) {
    producer.send(topic, {.key = counts[i].key, .value = "{}", .timestamp_ms = options.timestamp_ms});
    expected.print("{}\t{}\n", counts[i].key, counts[i].number + options.round);
    ++probes;
  }
  producer.flush();
  fmt::print("{}\n", probes);
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("Appends a record of some keys to a topic; prints how many records that are.");
  app.add_option("--bootstrap-servers", options.bootstrap_servers)->capture_default_str();
  app.add_option("--topic", options.topic)->required();
  app.add_option("--counts", options.counts, "file of key<tab>count lines: the counts without probes")->required();
  app.add_option("--expect", options.expect, "file to write, of the probed keys")->required();
  app.add_option("--probes", options.probes)->capture_default_str();
  app.add_option("--round", options.round, "how often these keys were probed, this time included")
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  return bench::exit_code_of([&] { run(options); });
}
