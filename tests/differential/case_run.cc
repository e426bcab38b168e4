#include "tests/differential/case_run.h"

#include <map>
#include <memory>
#include <optional>
#include <regex>
#include <set>
#include <stdexcept>
#include <string>

#include <levada/runtime/topology_test_driver.h>

#include "tests/differential/handles.h"
#include "tests/differential/topics_read.h"
#include "tests/differential/wired_steps.h"

namespace levada::differential {
namespace {

std::string hex(const std::string& bytes) {
  std::string text;
  for (const char byte : bytes) {
    for (const int shift : {4, 0}) text += "0123456789abcdef"[(static_cast<unsigned char>(byte) >> shift) & 15];
  }
  return text;
}

Json hex_or_null(const NullableBytes& bytes) { return bytes ? Json(hex(*bytes)) : Json(nullptr); }

NullableBytes bytes_of(const Json& text) {
  return text.is_null() ? std::nullopt : NullableBytes(text.get<std::string>());
}

// How many records each processor was given.
using Counts = std::map<std::string, int>;

class Counting final : public ProcessorWrapper {
 public:
  explicit Counting(int& count) : count_(count) {}

  void process(const AnyRecord& record, Next next) override {
    ++count_;
    next(record);
  }

 private:
  int& count_;
};

ProcessorWrapping counting(Counts& counts) {
  return {.make = [&counts](Context&, const std::string& node) { return std::make_unique<Counting>(counts[node]); }};
}

absl::StatusOr<Topology> build(const Json& test_case, Counts& counts) {
  BuildOptions options = {
      .optimization = test_case.value("optimized", false) ? TopologyOptimization::all() : TopologyOptimization::none(),
      .store_format = test_case.value("with_headers", false) ? DslStoreFormat::kHeaders : DslStoreFormat::kDefault};
  if (test_case.value("wrapped", false)) options.wrapper = counting(counts);
  if (test_case.value("wired", false)) return wire(test_case.at("steps"), options);
  StreamsBuilder builder;
  std::map<std::string, Handle> handles;
  for (const Json& json : test_case.at("steps")) {
    const Step step = {builder, handles, json};
    if (!apply_stream_step(step) && !apply_change_step(step) && !apply_group_step(step) && !apply_table_step(step) &&
        !apply_window_step(step) && !apply_join_step(step) && !apply_lookup_step(step) && !apply_store_step(step)) {
      throw InvalidCase("no step " + json.dump());
    }
  }
  return builder.build(options);
}

class Run {
 public:
  Run(const Topology& topology, const Json& test_case)
      : driver_(topology, {.caching = test_case.value("caching", true),
                           .app_configs = {{"upgrade.from", test_case.value("upgrade_from", "")}}}),
        topics_(topics_read(test_case.at("steps"))) {}

  void feed(const Json& input) {
    if (input.contains("advance")) return driver_.advance_wall_clock_time(Duration(input.at("advance")));
    if (!topics_.contains(input.at("topic"))) return;
    TestBytes record = {.key = bytes_of(input.at("key")),
                        .value = bytes_of(input.at("value")),
                        .timestamp = Timestamp(Duration(input.at("time")))};
    for (const Json& header : input.value("headers", Json::array())) {
      record.headers.push_back({header.at(0), bytes_of(header.at(1))});
    }
    driver_.pipe(input.at("topic"), record);
  }

  void collect(int number, Json& rows) {
    for (const std::string& topic : driver_.topics_written()) {
      const std::vector<TestBytes>& records = driver_.records(topic);
      for (std::size_t& next = seen_[topic]; next < records.size(); ++next) {
        const TestBytes& record = records[next];
        Json headers = Json::array();
        for (const Header& header : record.headers) headers.push_back({header.key, hex_or_null(header.value)});
        rows.push_back({{"after", number},
                        {"topic", topic},
                        {"key", hex_or_null(record.key)},
                        {"value", hex_or_null(record.value)},
                        {"time", record.timestamp.time_since_epoch().count()},
                        {"headers", headers}});
      }
    }
  }

  std::uint64_t dropped() const { return driver_.dropped_records(); }

 private:
  TopologyTestDriver driver_;
  std::set<std::string> topics_;
  std::map<std::string, std::size_t> seen_ = {};
};

// What suppress held when its buffer was full, of its error.
std::optional<std::string> full_buffer(const std::string& error) {
  static const std::regex text("exceeds its limits: (\\d+) of \\d+ records, (\\d+) of");
  std::smatch found;
  if (!std::regex_search(error, found, text)) return std::nullopt;
  return found.str(1) + " records, " + found.str(2) + " bytes";
}

Json answer(const Json& test_case) {
  Counts counts;
  const absl::StatusOr<Topology> built = build(test_case, counts);
  if (!built.ok()) return {{"refused", built.status().message()}};
  const Topology& topology = *built;
  Run run(topology, test_case);
  Json rows = Json::array();
  Json made = {{"describe", describe(topology)}};
  int number = 0;
  try {
    for (const Json& input : test_case.at("records")) {
      run.feed(input);
      run.collect(number++, rows);
    }
    made["processed"] = counts;
  } catch (const std::runtime_error& error) {
    const std::optional<std::string> full = full_buffer(error.what());
    if (!full) throw;
    made["full"] = *full + " after " + std::to_string(number);
  }
  made["records"] = rows;
  made["dropped"] = run.dropped();
  return made;
}

}  // namespace

Json run_case(const Json& test_case) {
  try {
    return answer(test_case);
  } catch (const InvalidCase& error) {
    return {{"invalid", error.what()}};
  } catch (const std::exception& error) {
    return {{"error", error.what()}};
  }
}

}  // namespace levada::differential
