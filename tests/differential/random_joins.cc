// The rules for joins of streams with streams and tables.
#include "tests/differential/random_topology.h"

namespace levada::differential {

bool RandomTopology::add_stream_join() {
  const Port* in = find_stream(true);
  if (in == nullptr) return false;
  const Port* other = random_.percent(10) ? in : find([](const Port& port) {
    return port.kind == "stream" && port.value == "text" && (port.key == "text" || port.key == "key");
  });
  if (other == nullptr) return false;
  const std::string op = random_.one_of<std::string>({"stream_join", "stream_left_join", "stream_outer_join"});
  const std::string as = next("s");
  Json step = {{"op", op},
               {"of", in->name},
               {"with", other->name},
               {"as", as},
               {"f", joiner()},
               {"before", random_.one_of<int>({0, 1000, 5000})},
               {"after", random_.one_of<int>({0, 1000, 5000})},
               {"grace", random_.one_of<int>({0, 0, 2000, 20000})}};
  name(step, "join-", 25);
  if (random_.percent(25)) step["store"] = next("store-");
  if (random_.percent(10)) step["logging"] = false;
  if (random_.percent(20)) step["in_memory"] = true;
  const bool keeps_null_keys =
      (op != "stream_join" && in->key == "text") || (op == "stream_outer_join" && other->key == "text");
  add(std::move(step), {as, "stream", keeps_null_keys ? "text" : "key", "text"});
  return true;
}

bool RandomTopology::add_global_table() {
  if (global_tables_ == 2) return false;
  const std::string as = next("t");
  Json step = {{"op", "global_table"}, {"topic", "g" + std::to_string(global_tables_++)}, {"as", as}};
  if (random_.percent(50)) {
    step["plain"] = true;
  } else {
    step["store"] = next("store-");
    step["in_memory"] = random_.percent(50);
  }
  name(step, "global-", 20);
  add(std::move(step), {as, "global", "key", "text"});
  return true;
}

bool RandomTopology::add_table_lookup() {
  const Port* in = find_stream(true);
  const Port* table = in == nullptr ? nullptr : find([](const Port& port) {
    return port.kind == "table" && port.key == "key" && port.value == "text";
  });
  if (table == nullptr) return false;
  const std::string as = next("s");
  Json step = {{"op", random_.one_of<std::string>({"stream_table_join", "stream_table_left_join"})},
               {"of", in->name},
               {"with", table->name},
               {"as", as},
               {"f", joiner()}};
  name(step, "join-", 25);
  // Kafka Streams cannot keep a record without a key (NullPointerException).
  const bool can_wait = step.at("op") == "stream_table_join" || in->key == "key";
  if (table->versioned && can_wait && random_.percent(50)) step["grace"] = random_.one_of<int>({0, 500});
  add(std::move(step), {as, "stream", in->key, "text"});
  return true;
}

bool RandomTopology::add_global_lookup() {
  const Port* in = find([](const Port& port) { return port.kind == "stream" && port.value == "text"; });
  const Port* table = find([](const Port& port) { return port.kind == "global"; });
  if (in == nullptr || table == nullptr) return false;
  const std::string as = next("s");
  Json step = {{"op", random_.one_of<std::string>({"global_join", "global_left_join"})},
               {"of", in->name},
               {"with", table->name},
               {"as", as},
               {"key", random_.one_of<std::string>({"first", "key", "null_if:a"})},
               {"f", joiner()}};
  name(step, "join-", 25);
  add(std::move(step), {as, "stream", in->key, "text"});
  return true;
}

}  // namespace levada::differential
