// Every description that Kafka Streams made of a topology Levada's DSL can build, as a test named after its id: the
// text of describe(), and the topics with their configuration. An id with ".optimized" behind is the same topology
// built with all optimisations, for which only what they change was recorded. Descriptions.Coverage prints how many
// there are.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/core/saved_topology.h>

#include "tests/conformance/describe_topologies.h"
#include "tests/conformance/topics_json.h"
#include "tests/support/places.h"

namespace levada {
namespace {

const std::filesystem::path kFolder = recorded_data() / "describe";

std::string read(const std::string& file) {
  std::ostringstream text;
  text << std::ifstream(kFolder / file).rdbuf();
  return text.str();
}

constexpr std::string_view kOptimized = ".optimized";

// What was recorded of the topology, or of the one that is not optimised where that is the same.
std::string recorded(const std::string& id, const std::string& kind) {
  if (std::filesystem::exists(kFolder / (id + kind)) || !id.ends_with(kOptimized)) return read(id + kind);
  return read(id.substr(0, id.size() - kOptimized.size()) + kind);
}

// Functions have no name to print, in Java an object's address.
std::string without_function_names(std::string text) {
  for (const std::string name : {"<java-toString-of-extractor>", "<function>"}) {
    for (auto at = text.find(name); at != std::string::npos; at = text.find(name)) text.replace(at, name.size(), "?");
  }
  return text;
}

class DescriptionTest : public testing::Test {
 public:
  DescriptionTest(std::string id, Topology (*build)()) : id_(std::move(id)), build_(build) {}

  void TestBody() override {
    const Topology topology = build_();
    EXPECT_EQ(without_function_names(describe(topology)), without_function_names(recorded(id_, ".describe.txt")));
    EXPECT_EQ(describe(saved(topology)), describe(topology));
    EXPECT_EQ(describe(read_saved_topology(describe(topology)).value()), describe(topology));
    EXPECT_EQ(topics_json(topology), nlohmann::json::parse(recorded(id_, ".topics.json")));
  }

 private:
  std::string id_;
  Topology (*build_)();
};

class DescriptionCoverage : public testing::Test {
 public:
  void TestBody() override {
    std::set<std::string> ids;
    for (const auto& file : std::filesystem::directory_iterator(kFolder)) {
      const std::string name = file.path().filename();
      for (const std::string end : {".describe.txt", ".topics.json"}) {
        if (name.ends_with(end)) ids.insert(name.substr(0, name.size() - end.size()));
      }
    }
    const auto topologies = describe_topologies();
    std::printf("descriptions: %zu of %zu run\n", topologies.size(), ids.size());
    for (const auto& [id, build] : topologies) EXPECT_EQ(ids.count(id), 1U) << id;
  }
};

bool register_descriptions() {
  for (const auto& described : describe_topologies()) {
    std::string name = described.first;
    std::replace_if(
        name.begin(), name.end(), [](char c) { return c == '-' || c == '.'; }, '_');
    testing::RegisterTest(
        "Descriptions", name.c_str(), nullptr, nullptr, __FILE__, __LINE__,
        [described]() -> testing::Test* { return new DescriptionTest(described.first, described.second); });
  }
  testing::RegisterTest("Descriptions", "Coverage", nullptr, nullptr, __FILE__, __LINE__,
                        []() -> testing::Test* { return new DescriptionCoverage; });
  return true;
}

[[maybe_unused]] const bool kRegistered = register_descriptions();

}  // namespace
}  // namespace levada
