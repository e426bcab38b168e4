#include "tests/differential/shrink.h"

#include <set>
#include <string>

namespace levada::differential {
namespace {

using Json = nlohmann::json;
using Fails = std::function<bool(const Json&)>;

// Tries to drop runs of records, long ones first.
bool drop_records(Json& test_case, const Fails& fails) {
  bool dropped = false;
  for (std::size_t length = test_case.at("records").size(); length > 0; length /= 2) {
    for (std::size_t from = 0; from + length <= test_case.at("records").size();) {
      Json smaller = test_case;
      auto& records = smaller["records"].get_ref<Json::array_t&>();
      const auto first = records.begin() + static_cast<std::ptrdiff_t>(from);
      records.erase(first, first + static_cast<std::ptrdiff_t>(length));
      if (fails(smaller)) {
        test_case = std::move(smaller);
        dropped = true;
      } else {
        from += length;
      }
    }
  }
  return dropped;
}

std::set<std::string> made_by(const Json& step) {
  if (!step.contains("as")) return {};
  if (step.at("as").is_string()) return {step.at("as").get<std::string>()};
  return {step.at("as").begin(), step.at("as").end()};
}

// Without the step, and without all that needs what it made.
Json without(const Json& test_case, std::size_t place) {
  Json smaller = test_case;
  Json steps = Json::array();
  std::set<std::string> gone = made_by(test_case.at("steps").at(place));
  for (std::size_t i = 0; i < test_case.at("steps").size(); ++i) {
    const Json& step = test_case.at("steps").at(i);
    if (i == place || gone.contains(step.value("of", "")) || gone.contains(step.value("with", ""))) {
      gone.merge(made_by(step));
    } else {
      steps.push_back(step);
    }
  }
  smaller["steps"] = steps;
  return smaller;
}

// Without the step; what it took stands where what it made stood.
Json bypassed(const Json& test_case, std::size_t place) {
  Json smaller = test_case;
  const Json& gone = test_case.at("steps").at(place);
  smaller["steps"].erase(place);
  for (Json& step : smaller["steps"]) {
    for (const char* field : {"of", "with"}) {
      if (step.contains(field) && made_by(gone).contains(step.at(field))) step[field] = gone.at("of");
    }
  }
  return smaller;
}

bool drop_steps(Json& test_case, const Fails& fails) {
  bool dropped = false;
  for (std::size_t place = test_case.at("steps").size(); place-- > 0;) {
    if (place >= test_case.at("steps").size()) continue;
    std::vector<Json> candidates = {without(test_case, place)};
    if (test_case.at("steps").at(place).contains("of")) candidates.push_back(bypassed(test_case, place));
    for (Json& smaller : candidates) {
      if (!fails(smaller)) continue;
      test_case = std::move(smaller);
      dropped = true;
      break;
    }
  }
  return dropped;
}

// Names, stores and options that the difference does not need.
bool drop_options(Json& test_case, const Fails& fails) {
  bool dropped = false;
  for (std::size_t place = 0; place < test_case.at("steps").size(); ++place) {
    for (const std::string option : {"name", "store", "in_memory", "caching", "logging", "retention", "advance",
                                     "marks", "only", "keyed", "times", "extractor", "shift", "reset"}) {
      const Json& step = test_case.at("steps").at(place);
      if (!step.contains(option) || (option == "store" && step.contains("history"))) continue;
      Json smaller = test_case;
      smaller["steps"][place].erase(option);
      if (!fails(smaller)) continue;
      test_case = std::move(smaller);
      dropped = true;
    }
  }
  return dropped;
}

bool drop_settings(Json& test_case, const Fails& fails) {
  bool dropped = false;
  for (const std::string setting : {"optimized", "with_headers", "upgrade_from", "wrapped"}) {
    Json smaller = test_case;
    if (smaller.erase(setting) == 0 || !fails(smaller)) continue;
    test_case = std::move(smaller);
    dropped = true;
  }
  return dropped;
}

}  // namespace

Json shrink(Json test_case, const Fails& fails) {
  while (drop_steps(test_case, fails) | drop_records(test_case, fails) | drop_options(test_case, fails) |
         drop_settings(test_case, fails)) {
  }
  return test_case;
}

}  // namespace levada::differential
