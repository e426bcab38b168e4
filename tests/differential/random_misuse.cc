#include "tests/differential/random_misuse.h"

#include <string>
#include <vector>

namespace levada::differential {
namespace {

using Json = nlohmann::json;

struct Misuse {
  std::string field;
  Json value;
};

// Whatever a step has of these may become this.
const std::vector<Misuse>& misuses() {
  static const std::vector<Misuse> all = {{"size", 0},
                                          {"size", -1},
                                          {"gap", 0},
                                          {"gap", -5},
                                          {"grace", -1},
                                          {"advance", 0},
                                          {"advance", 20000},
                                          {"retention", 10},
                                          {"before", -6000},
                                          {"after", -6000},
                                          {"history", -1},
                                          {"start", -1},
                                          {"name", "two words"},
                                          {"name", "a/b"},
                                          {"name", ".."},
                                          {"name", std::string(250, 'n')},
                                          {"store", "two words"},
                                          {"store", std::string(250, 's')},
                                          {"topics", {"in2"}},
                                          {"topics", {"t0"}},
                                          {"topic", "t0"},
                                          {"topic", "in0"},
                                          {"topic", "two words"}};
  return all;
}

}  // namespace

void spoil(Json& steps, Random& random) {
  Json& step = random.one_of(steps.get_ref<Json::array_t&>());
  if (random.percent(40)) {
    const Json other = random.one_of(steps.get_ref<Json::array_t&>());
    const std::string field = random.one_of<std::string>({"name", "store"});
    if (step.contains(field) && other.contains(field)) step[field] = other.at(field);
    return;
  }
  std::vector<Misuse> possible;
  for (const Misuse& misuse : misuses()) {
    // What a sink writes must not come back, and a pattern says its topics itself.
    const bool is_fixed = step.at("op") == "to" || (misuse.field == "topics" && step.contains("pattern"));
    if (step.contains(misuse.field) && !is_fixed) possible.push_back(misuse);
  }
  if (possible.empty()) return;
  const Misuse& chosen = random.one_of(possible);
  step[chosen.field] = chosen.value;
}

}  // namespace levada::differential
