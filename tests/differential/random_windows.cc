// The rules for windows and co-grouping.
#include "tests/differential/random_topology.h"

namespace levada::differential {
namespace {

std::string key_of(const nlohmann::json& step) { return step.at("windows") == "session" ? "session" : "window"; }

}  // namespace

void RandomTopology::windows(Json& step) {
  const std::string windows =
      random_.one_of<std::string>({"time", "time", "time", "sliding", "sliding", "session", "session", "unlimited"});
  step["windows"] = windows;
  if (windows == "unlimited") {
    step["start"] = random_.one_of<int>({0, 10000});
    return;
  }
  step["grace"] = random_.one_of<int>({0, 0, 2000, 20000});
  step[windows == "session" ? "gap" : "size"] = random_.one_of<int>({1000, 5000, 10000});
  if (windows == "time" && random_.percent(40)) {
    step["advance"] = step.at("size").get<int>() / random_.one_of<int>({2, 4, 5});
  }
}

bool RandomTopology::add_windows() {
  const Port* in = find([](const Port& port) { return port.kind == "grouped"; });
  if (in == nullptr) return false;
  const std::string as = next("w");
  Json step = {{"op", "window"}, {"of", in->name}, {"as", as}};
  windows(step);
  if (step.at("windows") != "unlimited" && random_.percent(25)) step["on_close"] = true;
  Port made = {as, "windowed", key_of(step), "text"};
  made.emits_on_close = step.contains("on_close");
  add(std::move(step), std::move(made));
  return true;
}

bool RandomTopology::add_cogroup() {
  const Port* in = find([](const Port& port) { return port.kind == "grouped"; });
  if (in == nullptr) return false;
  const Port* other = find([&](const Port& port) { return port.kind == "grouped" && port.key == in->key; });
  if (other == nullptr) return false;
  const std::string as = next("t");
  Json step = {{"op", "cogroup"}, {"of", in->name}, {"with", other->name},
               {"as", as},        {"f", joiner()},  {"g", joiner()}};
  if (random_.percent(50)) windows(step);
  store_options(step);
  const std::string key = step.contains("windows") ? key_of(step) : "key";
  add(std::move(step), {as, "table", key, "text"});
  return true;
}

}  // namespace levada::differential
