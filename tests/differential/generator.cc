#include "tests/differential/generator.h"

#include <algorithm>
#include <set>
#include <string>

#include "tests/differential/random_misuse.h"
#include "tests/differential/random_topology.h"
#include "tests/differential/random_wiring.h"
#include "tests/differential/topics_read.h"

namespace levada::differential {
namespace {

using Json = nlohmann::json;

Json random_text(Random& random, int chance_of_null) {
  if (random.percent(chance_of_null)) return nullptr;
  std::string text;
  for (int length = random.between(0, 4); length > 0; --length) text += "abcd"[random.below(4)];
  return text;
}

Json random_key(Random& random) {
  if (random.percent(6)) return nullptr;
  return random.one_of<std::string>({"a", "b", "c", "d", "a", "b", "ab", ""});
}

Json random_headers(Random& random) {
  Json headers = Json::array();
  for (int count = random.percent(30) ? random.between(1, 2) : 0; count > 0; --count) {
    headers.push_back({random.one_of<std::string>({"h", "i"}), random_text(random, 20)});
  }
  return headers;
}

// Time goes on in steps, stands still, leaps, and some records come late.
class RandomTime {
 public:
  explicit RandomTime(Random& random) : random_(random), now_(random.between(0, 20000)) {}

  int next() {
    if (random_.percent(15)) return std::max(0, now_ - random_.between(1, 30000));
    if (random_.percent(5)) now_ += random_.between(10000, 60000);
    if (random_.percent(80)) now_ += random_.between(1, 3000);
    return now_;
  }

 private:
  Random& random_;
  int now_;
};

Json random_records(Random& random, const std::vector<std::string>& topics) {
  Json records = Json::array();
  RandomTime time(random);
  for (int count = random.between(5, 40); count > 0; --count) {
    if (random.percent(8)) {
      records.push_back({{"advance", random.between(1, 3000)}});
      continue;
    }
    records.push_back({{"topic", random.one_of(topics)},
                       {"key", random_key(random)},
                       {"value", random_text(random, 12)},
                       {"time", time.next()},
                       {"headers", random_headers(random)}});
  }
  return records;
}

bool has_foreign_keys(const Json& steps) {
  return std::ranges::any_of(steps,
                             [](const Json& step) { return step.at("op").get<std::string>().starts_with("fk_"); });
}

}  // namespace

Json generate(std::uint64_t seed) {
  Random random(seed);
  const bool wired = random.percent(8);
  Json steps = wired ? random_wiring(random) : RandomTopology(random).steps();
  const bool spoilt = !wired && random.percent(5);
  if (spoilt) spoil(steps, random);
  const bool caching = random.percent(60);
  const std::set<std::string> topics = topics_read(steps);
  Json made = {{"seed", seed},
               {"caching", caching},
               {"optimized", random.percent(25)},
               {"with_headers", random.percent(10)},
               {"wrapped", random.percent(15)},
               {"wired", wired},
               {"spoilt", spoilt},
               {"steps", steps},
               {"records", random_records(random, {topics.begin(), topics.end()})}};
  if (random.percent(6))
    made["upgrade_from"] = has_foreign_keys(steps) ? "3.4" : random.one_of<std::string>({"3.4", "3.3"});
  return made;
}

}  // namespace levada::differential
