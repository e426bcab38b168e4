// Every recorded run of Kafka Streams whose operators Levada has, as a test named after it: the same records in, and
// the same bytes in every topic after each of them. Scenarios.Coverage prints how many there are in all.
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/runtime/topology_test_driver.h>

#include "tests/conformance/scenario_topologies.h"
#include "tests/conformance/vector_checks.h"
#include "tests/support/places.h"

namespace levada {
namespace {

NullableBytes bytes_of(const Json& text) {
  if (text.is_null()) return std::nullopt;
  return text.get<std::string>();
}

NullableBytes bytes_of_hex(const Json& hex) {
  if (hex.is_null()) return std::nullopt;
  return from_hex(hex.get<std::string>());
}

// "name=text", as the steps write it.
Headers headers_of(const std::string& text) {
  const auto equals = text.find('=');
  return {{text.substr(0, equals), text.substr(equals + 1)}};
}

TestBytes input_of(const Json& in) {
  TestBytes record = {
      .key = bytes_of(in.at("key")), .value = bytes_of(in.at("value")), .timestamp = time_of(in.at("ts"))};
  if (in.contains("headers")) record.headers = headers_of(in.at("headers"));
  return record;
}

TestBytes output_of(const Json& out) {
  TestBytes record = {.key = bytes_of_hex(out.at("key_hex")),
                      .value = bytes_of_hex(out.at("value_hex")),
                      .timestamp = out.at("ts").is_null() ? kNoTimestamp : time_of(out.at("ts"))};
  for (const Json& header : out.value("headers", Json::array())) {
    record.headers.push_back({header.at(0), bytes_of_hex(header.at(1))});
  }
  return record;
}

using Topics = std::map<std::string, std::vector<TestBytes>>;

Topics expected_of(const Json& step) {
  Topics topics;
  for (const auto& [topic, records] : step.at("out").items()) {
    for (const Json& record : records) topics[topic].push_back(output_of(record));
  }
  return topics;
}

std::string text_of(const NullableBytes& bytes) { return bytes ? to_hex(*bytes) : "null"; }

std::string text_of(const Topics& topics) {
  std::string text;
  for (const auto& [topic, records] : topics) {
    for (const TestBytes& record : records) {
      text += "  " + topic + ": " + text_of(record.key) + " " + text_of(record.value) + " at " +
              std::to_string(record.timestamp.time_since_epoch().count());
      for (const Header& header : record.headers) text += " " + header.key + "=" + text_of(header.value);
      text += "\n";
    }
  }
  return text;
}

std::string setting(const Json& scenario, const char* key) { return scenario.at("extra_config").value(key, ""); }

// Runs a scenario step by step.
class ScenarioRun {
 public:
  ScenarioRun(const Topology& topology, const Json& scenario)
      : driver_(topology,
                {.caching = setting(scenario, "statestore.cache.max.bytes") != "0",
                 .position_headers = setting(scenario, "__iq.consistency.offset.vector.enabled__") == "true"}),
        scenario_(scenario) {}

  void run() {
    std::size_t number = 0;
    for (const Json& step : scenario_.at("steps")) {
      if (step.contains("in")) driver_.pipe(step.at("in").at("topic"), input_of(step.at("in")));
      driver_.advance_wall_clock_time(Duration(step.value("advance_wall_clock_ms", 0)));
      EXPECT_EQ(text_of(new_records()), text_of(expected_of(step))) << "after step " << number << ": " << step;
      ++number;
    }
    EXPECT_EQ(driver_.dropped_records(), scenario_.at("dropped_records_total").get<std::uint64_t>());
  }

 private:
  Topics new_records() {
    Topics topics;
    for (const std::string& topic : driver_.topics_written()) {
      const auto& records = driver_.records(topic);
      std::size_t& seen = seen_[topic];
      if (seen < records.size())
        topics[topic].assign(records.begin() + static_cast<std::ptrdiff_t>(seen), records.end());
      seen = records.size();
    }
    return topics;
  }

  TopologyTestDriver driver_;
  const Json& scenario_;
  std::map<std::string, std::size_t> seen_ = {};
};

class ScenarioTest : public testing::Test {
 public:
  ScenarioTest(Topology (*build)(), Json scenario) : build_(build), scenario_(std::move(scenario)) {}

  void TestBody() override {
    const Topology topology = build_();
    ScenarioRun(topology, scenario_).run();
  }

 private:
  Topology (*build_)();
  Json scenario_;
};

class ScenarioCoverage : public testing::Test {
 public:
  ScenarioCoverage(std::size_t run, std::size_t all) : run_(run), all_(all) {}

  void TestBody() override {
    std::printf("scenarios: %zu of %zu run\n", run_, all_);
    EXPECT_EQ(run_, scenario_topologies().size());
  }

 private:
  std::size_t run_;
  std::size_t all_;
};

bool register_scenarios() {
  std::ifstream in(recorded_data() / "scenarios.json");
  const std::vector<Json> scenarios = Json::parse(in).at("scenarios").get<std::vector<Json>>();
  const auto topologies = scenario_topologies();
  std::size_t run = 0;
  for (const Json& scenario : scenarios) {
    const auto built = topologies.find(scenario.at("name"));
    if (built == topologies.end()) continue;
    ++run;
    std::string name = built->first;
    std::replace(name.begin(), name.end(), '-', '_');
    testing::RegisterTest(
        "Scenarios", name.c_str(), nullptr, nullptr, __FILE__, __LINE__,
        [build = built->second, scenario]() -> testing::Test* { return new ScenarioTest(build, scenario); });
  }
  testing::RegisterTest("Scenarios", "Coverage", nullptr, nullptr, __FILE__, __LINE__,
                        [run, all = scenarios.size()]() -> testing::Test* { return new ScenarioCoverage(run, all); });
  return true;
}

[[maybe_unused]] const bool kRegistered = register_scenarios();

}  // namespace
}  // namespace levada
