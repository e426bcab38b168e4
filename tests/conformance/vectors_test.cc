// Every byte vector that Kafka's own code made, as a test named after its id: Vectors.serde_String_01. Vectors.Coverage
// prints how many there are in all and which groups have no code here yet.
#include <cstdio>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "tests/conformance/vector_checks.h"
#include "tests/support/places.h"

namespace levada {
namespace {

VectorChecks all_checks() {
  VectorChecks all;
  for (auto checks : {hash_checks(), serde_checks(), list_checks(), windowed_checks(), store_checks(),
                      versioned_checks(), offset_metadata_checks(), foreign_key_checks()}) {
    all.merge(checks);
  }
  all.merge(header_checks());
  return all;
}

std::vector<Json> read_vectors(const std::string& file) {
  std::ifstream in(recorded_data() / file);
  return Json::parse(in).at("vectors").get<std::vector<Json>>();
}

std::string test_name(std::string id) {
  for (char& c : id) {
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  }
  return id;
}

class VectorTest : public testing::Test {
 public:
  VectorTest(void (*check)(const Json&), Json vector) : check_(check), vector_(std::move(vector)) {}
  void TestBody() override { check_(vector_); }

 private:
  void (*check_)(const Json&);
  Json vector_;
};

// What has been registered, and what could not be.
struct Coverage {
  int run = 0;
  std::vector<std::size_t> totals = {};
  std::map<std::string, int> not_run = {};

  std::string to_string() const {
    std::string text = "conformance vectors: " + std::to_string(run) + " of ";
    for (std::size_t i = 0; i < totals.size(); ++i) text += (i == 0 ? "" : "+") + std::to_string(totals[i]);
    text += " run";
    const char* separator = "; not yet: ";
    for (const auto& [group, count] : not_run) {
      text += separator + group + " " + std::to_string(count);
      separator = ", ";
    }
    return text;
  }
};

class CoverageTest : public testing::Test {
 public:
  explicit CoverageTest(Coverage coverage) : coverage_(std::move(coverage)) {}

  void TestBody() override {
    std::printf("%s\n", coverage_.to_string().c_str());
    EXPECT_GT(coverage_.run, 0);
  }

 private:
  Coverage coverage_;
};

void register_vector(const VectorChecks& checks, const Json& vector, Coverage& coverage) {
  const std::string group = vector.at("group");
  const auto check = checks.find(group);
  if (check == checks.end()) {
    ++coverage.not_run[group];
    return;
  }
  ++coverage.run;
  testing::RegisterTest("Vectors", test_name(vector.at("id")).c_str(), nullptr, nullptr, __FILE__, __LINE__,
                        [run = check->second, vector]() -> testing::Test* { return new VectorTest(run, vector); });
}

bool register_vectors() {
  const VectorChecks checks = all_checks();
  Coverage coverage;
  for (const char* file : {"vectors.json", "vectors-new-in-4.3.json"}) {
    const std::vector<Json> vectors = read_vectors(file);
    coverage.totals.push_back(vectors.size());
    for (const Json& vector : vectors) register_vector(checks, vector, coverage);
  }
  testing::RegisterTest("Vectors", "Coverage", nullptr, nullptr, __FILE__, __LINE__,
                        [coverage]() -> testing::Test* { return new CoverageTest(coverage); });
  return true;
}

[[maybe_unused]] const bool kRegistered = register_vectors();

}  // namespace
}  // namespace levada
