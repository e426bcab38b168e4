// Reads an output topic back and compares the last record of every key with the expected results. Exits with 1, and
// says which key differs, if they are not equal.

#include <algorithm>
#include <cmath>
#include <fstream>
#include <string>

#include <absl/container/flat_hash_map.h>
#include <fmt/core.h>
#include <simdjson.h>
#include <unistd.h>

#include "bench/support/absl_view.h"
#include "bench/support/assignment.h"
#include "bench/support/big_endian.h"
#include "bench/support/job_options.h"
#include "bench/support/kafka.h"

namespace {

constexpr double kTolerance = 1e-9;  // sums of doubles depend on the order of the additions

struct Options {
  std::string bootstrap_servers = "localhost:9092";
  std::string topic;
  std::string expect;
  std::string format;
  bool once = false;
  bool windowed = false;
  std::int64_t sum = -1;
  bool count_keys = false;
};

using Results = absl::flat_hash_map<std::string, double>;

Results read_expected(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path);
  Results results;
  for (std::string key, value; std::getline(file, key, '\t') && std::getline(file, value);) {
    results[key] = std::stod(value);
  }
  return results;
}

double number_in(std::string_view json) {
  simdjson::dom::parser parser;
  return parser.parse(json.data(), json.size()).get_double();
}

double amount_in(std::string_view json) {
  simdjson::dom::parser parser;
  return parser.parse(json.data(), json.size())["amount"].get_double();
}

double number_of(const bench::Message& message, const std::string& format) {
  if (format == "size") return static_cast<double>(message.value.size());
  if (format == "long") return static_cast<double>(bench::from_big_endian(message.value));
  return format == "json" ? number_in(message.value) : amount_in(message.value);
}

// "key@start" of a window's key: the key, and eight bytes for the start in milliseconds.
std::string windowed_key(std::string_view bytes) {
  if (bytes.size() < 8) throw std::runtime_error(fmt::format("a windowed key of {} bytes", bytes.size()));
  const std::size_t size = bytes.size() - 8;
  return fmt::format("{}@{}", bytes.substr(0, size), bench::from_big_endian(bytes.substr(size)));
}

struct Output {
  Results last;
  std::int64_t records = 0;
};

Output read_output(const Options& options) {
  bench::Consumer consumer({options.bootstrap_servers}, fmt::format("{}-check-{}", options.topic, getpid()));
  consumer.assign(partitions_of_worker(consumer, {options.topic}, {}));
  Output output;
  while (!consumer.at_end()) {
    consumer.poll([&](const bench::Message& message) {
      if (message.is_null) throw std::runtime_error(fmt::format("key {} has no value", message.key));
      double& last =
          options.windowed ? output.last[windowed_key(message.key)] : output.last[bench::absl_view(message.key)];
      last = number_of(message, options.format);
      ++output.records;
    });
  }
  return output;
}

bool equal(double actual, double expected) {
  return std::abs(actual - expected) <= kTolerance * std::max(1.0, std::abs(expected));
}

void compare(const Results& actual, const Results& expected) {
  for (const auto& [key, value] : expected) {
    const auto found = actual.find(key);
    if (found == actual.end()) throw std::runtime_error(fmt::format("key {} is missing, expected {}", key, value));
    if (!equal(found->second, value)) {
      throw std::runtime_error(fmt::format("key {} is {}, expected {}", key, found->second, value));
    }
  }
  if (actual.size() != expected.size()) {
    throw std::runtime_error(fmt::format("{} keys, expected {}", actual.size(), expected.size()));
  }
}

void compare_sum(const Results& actual, std::int64_t expected) {
  double sum = 0;
  for (const auto& [key, value] : actual) sum += value;
  if (!equal(sum, static_cast<double>(expected))) {
    throw std::runtime_error(fmt::format("the numbers of all keys sum up to {}, expected {}", sum, expected));
  }
}

void run(const Options& options) {
  const Output output = read_output(options);
  if (options.sum >= 0) compare_sum(output.last, options.sum);
  if (!options.expect.empty()) {
    const Results expected = read_expected(options.expect);
    compare(output.last, expected);
    if (options.once && output.records != static_cast<std::int64_t>(expected.size())) {
      throw std::runtime_error(fmt::format("{} records, expected {}", output.records, expected.size()));
    }
  }
  fmt::print("{}\n", options.count_keys ? static_cast<std::int64_t>(output.last.size()) : output.records);
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("Compares an output topic with the expected results; prints how many records it holds.");
  app.add_option("--bootstrap-servers", options.bootstrap_servers)->capture_default_str();
  app.add_option("--topic", options.topic)->required();
  app.add_option("--expect", options.expect, "file of key<tab>number lines");
  app.add_option("--sum", options.sum, "what the last numbers of all keys must sum up to");
  app.add_option("--format", options.format,
                 "what a value is: a JSON number, an object with an amount, 8 bytes, or text whose size counts")
      ->required()
      ->check(CLI::IsMember({"json", "amount", "long", "size"}));
  app.add_flag("--windowed", options.windowed, "keys end in the start of a window; expected as key@milliseconds");
  app.add_flag("--count-keys", options.count_keys, "print how many keys there are instead");
  app.add_flag("--once", options.once, "every key must be there exactly once");
  CLI11_PARSE(app, argc, argv);
  return bench::exit_code_of([&] {
    try {
      run(options);
    } catch (const std::exception& error) {
      throw std::runtime_error(fmt::format("{}: {}", options.topic, error.what()));
    }
  });
}
