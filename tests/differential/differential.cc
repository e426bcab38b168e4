// Runs random cases in Kafka Streams' TopologyTestDriver and in Levada's, and compares all that comes out.
//
//   differential --cases 300 --seed 1       # seeds 1 to 300
//   differential --seed 4711 --cases 1      # one case again
//   differential --file case.json           # a case from a file
//
// Ends at the first difference, with the smallest case that shows it. The exit code says whether there was one.
#include <cstdio>
#include <fstream>
#include <set>
#include <string>

#include <CLI/CLI.hpp>

#include "tests/differential/case_run.h"
#include "tests/differential/difference.h"
#include "tests/differential/generator.h"
#include "tests/differential/reference.h"
#include "tests/differential/shrink.h"

namespace levada::differential {
namespace {

using Json = nlohmann::json;

struct Options {
  std::uint64_t seed = 1;
  std::uint64_t cases = 300;
  std::uint64_t most_failures = 1;
  std::string file = {};
};

class Comparison {
 public:
  explicit Comparison(const Options& options) : options_(options) {}

  int run() {
    if (!options_.file.empty()) {
      std::ifstream file(options_.file);
      compare(Json::parse(file));
    }
    for (std::uint64_t i = 0; options_.file.empty() && i < options_.cases; ++i) {
      compare(generate(options_.seed + i));
      if (failed_ == options_.most_failures) break;
      if ((i + 1) % 1000 == 0) report();
    }
    report();
    return failed_ == 0 ? 0 : 1;
  }

 private:
  void compare(const Json& test_case) {
    const Json expected = reference_.run(test_case);
    const Json actual = run_case(test_case);
    const std::string found = difference_of(test_case, expected, actual);
    if (expected.contains("refused")) ++refused_;
    if (found.empty() && !expected.contains("refused") && actual.contains("refused")) ++refused_here_;
    if (expected.contains("describe")) {
      different_.insert(expected.at("describe").get<std::string>() + test_case.at("records").dump());
      records_ += expected.at("records").size();
    }
    if (found.empty()) {
      ++passed_;
      return;
    }
    ++failed_;
    explain(test_case);
  }

  // A spoilt topology may be refused here alone: names and times are looked at before anything runs.
  static std::string difference_of(const Json& test_case, const Json& expected, const Json& actual) {
    if (test_case.value("spoilt", false) && actual.contains("refused") && expected.contains("describe")) return "";
    if (is_broken_there(expected) && actual.contains("describe")) return "";
    return difference(expected, actual);
  }
  // What Kafka Streams 4.3 cannot build, by defects of its own: repartitions that are merged below several merges, and
  // a stream that is joined with a table of a grouping which is used once more afterwards.
  static bool is_broken_there(const Json& answer) {
    return answer.value("error", "").find("null keyChangingChild node") != std::string::npos ||
           answer.value("refused", "").find(" is not added yet.") != std::string::npos;
  }
  std::string difference_of(const Json& test_case) {
    return difference_of(test_case, reference_.run(test_case), run_case(test_case));
  }

  void explain(const Json& test_case) {
    std::printf("seed %s differs\n", test_case.value("seed", Json("?")).dump().c_str());
    const auto kind = [](const std::string& text) { return text.substr(0, text.find_first_of(" \n")); };
    const std::string first = kind(difference_of(test_case));
    const Json small = shrink(test_case, [&](const Json& smaller) { return kind(difference_of(smaller)) == first; });
    const Json expected = reference_.run(small);
    std::printf("%s\n", small.dump(1).c_str());
    if (expected.contains("describe")) std::printf("%s", expected.at("describe").get<std::string>().c_str());
    std::printf("difference: %s\n", difference(expected, run_case(small)).c_str());
    std::fflush(stdout);
  }

  void report() const {
    std::printf(
        "%d cases passed, %zu of all were different, with %zu records written; both refused %d, Levada alone %d; %llu "
        "failed\n",
        passed_, different_.size(), records_, refused_, refused_here_, static_cast<unsigned long long>(failed_));
    std::fflush(stdout);
  }

  Options options_;
  Reference reference_;
  std::set<std::string> different_ = {};
  std::size_t records_ = 0;
  int passed_ = 0;
  int refused_ = 0;
  int refused_here_ = 0;
  std::uint64_t failed_ = 0;
};

}  // namespace
}  // namespace levada::differential

int main(int argc, char** argv) {
  levada::differential::Options options;
  CLI::App app("Compares Levada with Kafka Streams on random topologies and records");
  app.add_option("--seed", options.seed, "of the first case")->capture_default_str();
  app.add_option("--cases", options.cases, "how many")->capture_default_str();
  app.add_option("--failures", options.most_failures, "after how many to end")->capture_default_str();
  app.add_option("--file", options.file, "a case to run instead");
  CLI11_PARSE(app, argc, argv);
  return levada::differential::Comparison(options).run();
}
