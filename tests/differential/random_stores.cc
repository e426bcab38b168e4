// The rules for processors over stores of all kinds, and for global stores.
#include "tests/differential/random_topology.h"

namespace levada::differential {

// What is expired is not asked for in a cache: Kafka Streams' shows it.
bool RandomTopology::add_keeping() {
  const Port* in = find_stream(true);
  if (in == nullptr) return false;
  const std::string as = next("s");
  const std::string kind = random_.one_of<std::string>({"windows", "sessions", "versions", "timed", "few", "own"});
  const bool is_of_time = kind == "windows" || kind == "sessions";
  const bool caching = (is_of_time || kind == "timed") && random_.percent(40);
  Json step = {{"op", "keep"},
               {"of", in->name},
               {"as", as},
               {"kind", kind},
               {"store", next("store-")},
               {"in_memory", kind != "versions" && random_.percent(50)},
               {"caching", caching},
               {"logging", kind != "own" && random_.percent(80)},
               {"kept", is_of_time && caching ? 10000000 : 10000}};
  name(step, "keep-", 30);
  add(std::move(step), {as, "stream", in->key, "text"});
  return true;
}

bool RandomTopology::add_global_store() {
  if (global_tables_ == 2) return false;
  const std::string as = next("t");
  Json step = {{"op", "global_store"},
               {"topic", "g" + std::to_string(global_tables_++)},
               {"as", as},
               {"store", next("store-")},
               {"in_memory", random_.percent(50)}};
  name(step, "global-", 20);
  add(std::move(step), {as, "global store", "key", "text"});
  return true;
}

bool RandomTopology::add_asking() {
  const Port* in = find_stream(true);
  const Port* store = find([](const Port& port) { return port.kind == "global store"; });
  if (in == nullptr || store == nullptr) return false;
  const std::string as = next("s");
  Json step = {{"op", "ask"}, {"of", in->name}, {"with", store->name}, {"as", as}};
  name(step, "ask-", 30);
  add(std::move(step), {as, "stream", in->key, "text"});
  return true;
}

}  // namespace levada::differential
