#include "tests/differential/random_wiring.h"

#include <set>
#include <string>
#include <vector>

namespace levada::differential {
namespace {

using Json = nlohmann::json;

class RandomWiring {
 public:
  explicit RandomWiring(Random& random) : random_(random) {
    add({{"op", "add_source"}, {"topics", {"in0"}}}, "source");
    if (random_.percent(40)) add({{"op", "add_source"}, {"topics", {"in1", "in2"}}}, "source");
    if (random_.percent(40)) add_global_store();
    for (int count = random_.between(1, 5); count > 0; --count) add_processor();
    if (random_.percent(40)) add_sink();
    for (const std::string& name : std::vector<std::string>(names_)) {
      if (!used_.contains(name)) add_sink(name);
    }
  }

  Json steps() const { return steps_; }

 private:
  void add(Json step, const std::string& kind) {
    const std::string name = kind + std::to_string(steps_.size());
    step["as"] = name;
    for (const char* field : {"of", "with"}) {
      if (step.contains(field)) used_.insert(step.at(field).get<std::string>());
    }
    steps_.push_back(std::move(step));
    if (kind != "sink") names_.push_back(name);
  }

  Json below() {
    Json step = {{"of", random_.one_of(names_)}};
    const std::string other = random_.one_of(names_);
    if (random_.percent(25) && other != step.at("of")) step["with"] = other;
    return step;
  }

  void add_global_store() {
    steps_.push_back({{"op", "add_global_store"},
                      {"as", "fill"},
                      {"topic", "g0"},
                      {"store", "global"},
                      {"in_memory", random_.percent(50)}});
    has_global_store_ = true;
  }

  void add_processor() {
    Json step = below();
    const std::string op = has_global_store_ && random_.percent(30)
                               ? "ask"
                               : random_.one_of<std::string>({"remember", "remember", "tell", "choose"});
    step["op"] = op;
    if (op == "ask") step["store"] = "global";
    if (op == "remember" || op == "tell") store(step);
    if (op == "remember" && random_.percent(40)) step["shift"] = random_.one_of<int>({-2000, 1, 3000});
    if (op == "remember" && random_.percent(20)) step["marks"] = true;
    if (op == "tell") {
      step["interval"] = random_.one_of<int>({500, 2000, 10000});
      step["wall_clock"] = random_.percent(40);
      if (random_.percent(30)) step["times"] = random_.between(1, 3);
    }
    add(std::move(step), op);
  }

  void store(Json& step) {
    if (stores_ > 0 && random_.percent(30)) {
      step["store"] = "store" + std::to_string(random_.between(1, stores_));
      return;
    }
    step["store"] = "store" + std::to_string(++stores_);
    step["in_memory"] = random_.percent(50);
    step["caching"] = random_.percent(30);
    step["logging"] = random_.percent(80);
  }

  void add_sink(const std::string& of = {}) {
    Json step = of.empty() ? below() : Json{{"of", of}};
    step["op"] = "add_sink";
    step["topic"] = "out" + std::to_string(steps_.size());
    add(std::move(step), "sink");
  }

  Random& random_;
  int stores_ = 0;
  bool has_global_store_ = false;
  Json steps_ = Json::array();
  std::vector<std::string> names_ = {};
  std::set<std::string> used_ = {};
};

}  // namespace

nlohmann::json random_wiring(Random& random) { return RandomWiring(random).steps(); }

}  // namespace levada::differential
