// Kafka Streams' recorded runs of exception handlers and dead letters (data/scenarios-dlq.json), each as a test named
// after it: the same records in, and the same in every topic after each of them. The types and texts of exceptions are
// Levada's own: of those headers only their presence is compared, and whether they are null.
#include <algorithm>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/dsl/streams_builder.h>
#include <levada/runtime/streams_config.h>
#include <levada/runtime/topology_test_driver.h>

#include "tests/conformance/families.h"
#include "tests/conformance/vector_checks.h"
#include "tests/support/places.h"

namespace levada {
namespace {

using Text = std::optional<std::string>;  // Java's strings can all be null
using Number = std::int64_t;

Topology numbers() {
  StreamsBuilder builder;
  builder.stream<Text, Number>("in").to("out");
  return *builder.build();
}

std::string checked(const std::string& value) {
  if (value == "BAD") throw std::invalid_argument("boom BAD");
  return value;
}

Topology bad_values() {
  StreamsBuilder builder;
  builder.stream<Text, std::string>("in").map_values(checked).to("out");
  return *builder.build();
}

// Java's exceptions may have no message; here it is what is no exception.
[[noreturn]] void throw_without_message(const Text&, const Text&) { throw 7; }
[[noreturn]] void throw_x(const Text&, const Text&) { throw std::runtime_error("x"); }

Topology no_message() {
  StreamsBuilder builder;
  builder.stream<Text, Text>("in").for_each(throw_without_message);
  return *builder.build();
}

class ChangeRecord final : public Processor<Text, Text, Text, Text> {
 public:
  void process(const Record& record) override {
    Headers headers = record.headers;
    headers.push_back({"added", "1"});
    emit(record.with_headers(headers).at(record.timestamp + Duration(1000)));
  }
};

Topology changed_record() {
  StreamsBuilder builder;
  builder.stream<Text, Text>("in")
      .map([](const Text& key, const Text& value) {
        return KeyValue<Text, Text>{*key + "2", *value + "2"};
      })
      .process<ChangeRecord>()
      .for_each(throw_x);
  return *builder.build();
}

Topology after_repartition() {
  StreamsBuilder builder;
  builder.stream<Text, std::string>("in")
      .group_by([](const Text&, const std::string& value) { return value; }, {.name = "g"})
      .count({.store = "s"})
      .to_stream()
      .for_each([](const std::string&, const Number&) { throw std::runtime_error("x"); });
  return *builder.build();
}

Topology unwritable() {
  const Serde<std::string> refusing([](const std::string&, Bytes&) { throw std::invalid_argument("42 is no text"); },
                                    [](BytesView bytes) { return std::string(bytes); });
  StreamsBuilder builder;
  builder.stream<Text, std::string>("in").to("out", {.value = refusing});
  return *builder.build();
}

template <PunctuationType type>
class Punctuate final : public Processor<Text, Text, Text, Text> {
 public:
  explicit Punctuate(Context& context) {
    context.schedule(Duration(10), type, [](Timestamp) { throw std::logic_error("punctuate boom"); });
  }
  void process(const Record& record) override { emit(record); }
};

template <PunctuationType type>
Topology punctuate() {
  StreamsBuilder builder;
  builder.stream<Text, Text>("in").process<Punctuate<type>>().to("out");
  return *builder.build();
}

TopologyMakers topologies() {
  return {{"dlq-deser-continue", numbers},
          {"dlq-deser-fail", numbers},
          {"dlq-deser-null-key", numbers},
          {"dlq-process-continue", bad_values},
          {"dlq-process-fail", bad_values},
          {"dlq-process-null-message", no_message},
          {"dlq-process-changed-record", changed_record},
          {"dlq-process-after-repartition", after_repartition},
          {"dlq-process-after-repartition-nocache", after_repartition},
          {"dlq-serialize-fail", unwritable},
          {"dlq-punctuate-wall", punctuate<PunctuationType::kWallClockTime>},
          {"dlq-punctuate-stream", punctuate<PunctuationType::kStreamTime>}};
}

NullableBytes bytes_of(const Json& hex) {
  return hex.is_null() ? std::nullopt : NullableBytes(from_hex(hex.get<std::string>()));
}

std::string text_of(const NullableBytes& bytes) { return bytes ? to_hex(*bytes) : "null"; }

bool is_our_own(const std::string& header) {
  return header == kExceptionHeader || header == kMessageHeader || header == kStackTraceHeader;
}

// "utf8: text", "text, first line: text", or hex.
NullableBytes header_of(const Json& value) {
  if (value.is_null()) return std::nullopt;
  const auto text = value.get<std::string>();
  const std::size_t colon = text.find(": ");
  return colon == std::string::npos ? from_hex(text) : text.substr(colon + 2);
}

std::string to_line(const std::string& topic, const TestBytes& record) {
  std::string text = topic + ": " + text_of(record.key) + " " + text_of(record.value) + " at " +
                     std::to_string(record.timestamp.time_since_epoch().count());
  for (const auto& [name, value] : record.headers) {
    text += " " + name + "=" + (value && is_our_own(name) ? "…" : text_of(value));
  }
  return text + "\n";
}

std::string expected_of(const Json& step) {
  std::string text;
  for (const auto& [topic, records] : step.at("out").items()) {
    for (const Json& record : records) {
      TestBytes bytes{.key = bytes_of(record.at("key_hex")),
                      .value = bytes_of(record.at("value_hex")),
                      .timestamp = time_of(record.at("ts"))};
      for (const Json& header : record.at("headers")) bytes.headers.push_back({header.at(0), header_of(header.at(1))});
      text += to_line(topic, bytes);
    }
  }
  return text;
}

class DeadLetterRun {
 public:
  DeadLetterRun(const Topology& topology, const Json& scenario) : driver_(topology, options_of(scenario)) {}

  void step(const Json& step) {
    if (step.contains("throws")) {
      EXPECT_THROW(perform(step), std::runtime_error);
    } else {
      perform(step);
    }
    EXPECT_EQ(new_records(), expected_of(step)) << "after " << step;
  }

  std::uint64_t dropped() const { return driver_.dropped_records(); }

 private:
  static TestDriverOptions options_of(const Json& scenario) {
    StreamsConfig config;
    for (const auto& [key, value] : scenario.at("extra_config").items()) config.set(key, value.get<std::string>());
    return {.caching = config.statestore_cache_max_bytes() > 0, .errors = config.error_policy()};
  }

  void perform(const Json& step) {
    if (step.contains("in")) {
      const Json& in = step.at("in");
      TestBytes record{
          .key = bytes_of(in.at("key_hex")), .value = bytes_of(in.at("value_hex")), .timestamp = time_of(in.at("ts"))};
      for (const Json& header : in.at("headers")) record.headers.push_back({header.at(0), header_of(header.at(1))});
      driver_.pipe(in.at("topic"), record);
    }
    driver_.advance_wall_clock_time(Duration(step.value("advance_wall_clock_ms", 0)));
  }

  std::string new_records() {
    std::string text;
    for (const std::string& topic : driver_.topics_written()) {
      const auto& records = driver_.records(topic);
      for (std::size_t& seen = seen_[topic]; seen < records.size(); ++seen) text += to_line(topic, records[seen]);
    }
    return text;
  }

  TopologyTestDriver driver_;
  std::map<std::string, std::size_t> seen_ = {};
};

class DeadLetterTest : public testing::Test {
 public:
  DeadLetterTest(Topology (*build)(), Json scenario) : build_(build), scenario_(std::move(scenario)) {}

  void TestBody() override {
    const Topology topology = build_();
    DeadLetterRun run(topology, scenario_);
    for (const Json& step : scenario_.at("steps")) run.step(step);
    EXPECT_EQ(run.dropped(), scenario_.at("dropped_records_total").get<std::uint64_t>());
  }

 private:
  Topology (*build_)();
  Json scenario_;
};

bool register_scenarios() {
  std::ifstream in(recorded_data() / "scenarios-dlq.json");
  const TopologyMakers makers = topologies();
  const Json recorded = Json::parse(in);
  for (const Json& scenario : recorded.at("scenarios")) {
    const auto build = makers.at(scenario.at("name"));
    std::string name = scenario.at("name");
    std::replace(name.begin(), name.end(), '-', '_');
    testing::RegisterTest("DeadLetters", name.c_str(), nullptr, nullptr, __FILE__, __LINE__,
                          [build, scenario]() -> testing::Test* { return new DeadLetterTest(build, scenario); });
  }
  return true;
}

[[maybe_unused]] const bool kRegistered = register_scenarios();

}  // namespace
}  // namespace levada
