// Every description that Kafka Streams made of a topology Levada's DSL can build, as a test named after its id: the
// text of describe(), and the topics with their configuration. Descriptions.Coverage prints how many there are in all.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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
    EXPECT_EQ(without_function_names(describe(topology)), without_function_names(read(id_ + ".describe.txt")));
    EXPECT_EQ(topics_json(topology), nlohmann::json::parse(read(id_ + ".topics.json")));
  }

 private:
  std::string id_;
  Topology (*build_)();
};

class DescriptionCoverage : public testing::Test {
 public:
  void TestBody() override {
    int all = 0;
    for (const auto& file : std::filesystem::directory_iterator(kFolder)) {
      if (file.path().string().ends_with(".java.txt")) ++all;
    }
    const std::size_t run = describe_topologies().size();
    std::printf("descriptions: %zu of %d run\n", run, all);
    EXPECT_GT(run, 0U);
  }
};

bool register_descriptions() {
  for (const auto& [id, build] : describe_topologies()) {
    std::string name = id;
    std::replace(name.begin(), name.end(), '-', '_');
    testing::RegisterTest("Descriptions", name.c_str(), nullptr, nullptr, __FILE__, __LINE__,
                          [id = id, build = build]() -> testing::Test* { return new DescriptionTest(id, build); });
  }
  testing::RegisterTest("Descriptions", "Coverage", nullptr, nullptr, __FILE__, __LINE__,
                        []() -> testing::Test* { return new DescriptionCoverage; });
  return true;
}

[[maybe_unused]] const bool kRegistered = register_descriptions();

}  // namespace
}  // namespace levada
