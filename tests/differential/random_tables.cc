// The rules for tables.
#include "tests/differential/random_topology.h"

namespace levada::differential {

const RandomTopology::Port* RandomTopology::find_table(const std::string& key) {
  return find([&](const Port& port) { return port.kind == "table" && (key.empty() || port.key == key); });
}

// Kept in a store, or not, as a table does that could do without.
void RandomTopology::table_options(Json& step, const std::string& key) {
  if (key != "key" || random_.percent(50)) {
    step["plain"] = true;
    name(step, "table-", 20);
  } else {
    store_options(step);
  }
}

// A table with a store of its own may keep versions. It has no cache, and is on disk.
bool RandomTopology::make_versioned(Json& step) {
  if (!step.contains("store") || !random_.percent(30)) return false;
  for (const char* option : {"caching", "logging", "in_memory"}) step.erase(option);
  step["history"] = random_.one_of<int>({0, 1000, 20000, 60000});
  return true;
}

bool RandomTopology::add_table() {
  if (tables_ == 3) return false;
  const std::string as = next("t");
  const std::string topic = "t" + std::to_string(tables_++);
  Json step = {{"op", "table"}, {"topic", topic}, {"topics", {topic}}, {"as", as}};
  reset(step);
  table_options(step, "key");
  const bool versioned = make_versioned(step);
  add(std::move(step), {as, "table", "key", "text", versioned});
  return true;
}

bool RandomTopology::add_to_table() {
  const Port* in = find([](const Port& port) {
    return port.kind == "stream" && port.value == "text" && (port.key == "text" || port.key == "key");
  });
  if (in == nullptr) return false;
  const std::string as = next("t");
  Json step = {{"op", "to_table"}, {"of", in->name}, {"as", as}};
  table_options(step, "key");
  const bool versioned = make_versioned(step);
  add(std::move(step), {as, "table", "key", "text", versioned});
  return true;
}

bool RandomTopology::add_table_change() {
  const Port* in = find_table({});
  if (in == nullptr) return false;
  const std::string op =
      random_.one_of<std::string>({"table_filter", "table_filter_not", "table_map_values", "table_transform"});
  const std::string as = next("t");
  Json step = {{"op", op}, {"of", in->name}, {"as", as}};
  const bool makes_texts = op == "table_map_values" || op == "table_transform";
  step["f"] = makes_texts ? mapper() : predicate();
  table_options(step, in->key);
  const std::string filtered = in->value == "text" ? "text" : "long?";
  add(std::move(step), {as, "table", in->key, makes_texts ? "text" : filtered});
  return true;
}

bool RandomTopology::add_suppress() {
  const Port* in = find_table({});
  if (in == nullptr) return false;
  const std::string as = next("t");
  Json step = {{"op", "suppress"}, {"of", in->name}, {"as", as}};
  if (in->key != "key" && random_.percent(60)) {
    step["until_close"] = true;
  } else {
    step["wait"] = random_.one_of<int>({0, 1000, 5000, 20000});
  }
  if (random_.percent(40)) step["max_records"] = random_.between(1, 4);
  if (random_.percent(20)) step["max_bytes"] = random_.between(50, 500);
  const bool bounded = step.contains("max_records") || step.contains("max_bytes");
  if (bounded && (step.contains("until_close") || random_.percent(25))) step["shut_down"] = true;
  name(step, "suppress-", 20);
  add(std::move(step), {as, "table", in->key, in->value});
  return true;
}

bool RandomTopology::add_table_grouping() {
  const Port* in = find_table({});
  if (in == nullptr) return false;
  const std::string as = next("g");
  Json step = {{"op", "table_group_by"}, {"of", in->name}, {"as", as}, {"f", mapper()}};
  name(step, "group-", 30);
  add(std::move(step), {as, "grouped table", "key", in->value == "text" ? "text" : "long"});
  return true;
}

bool RandomTopology::add_table_aggregation() {
  const Port* in = find([](const Port& port) { return port.kind == "grouped table"; });
  if (in == nullptr) return false;
  std::vector<std::string> ops = {"table_aggregate", "table_count"};
  if (in->value == "text") ops.push_back("table_reduce");
  const std::string op = random_.one_of(ops);
  const std::string as = next("t");
  Json step = {{"op", op}, {"of", in->name}, {"as", as}};
  if (op != "table_count") step["f"] = joiner();
  store_options(step);
  add(std::move(step), {as, "table", "key", op == "table_count" ? "long?" : "text"});
  return true;
}

bool RandomTopology::add_table_join() {
  const auto suits = [](const Port& port) { return port.kind == "table" && port.key == "key" && port.value == "text"; };
  const Port* in = find_table("key");
  const Port* other = in == nullptr ? nullptr : find(suits);
  if (other == nullptr) return false;
  const std::string as = next("t");
  Json step = {{"op", random_.one_of<std::string>({"table_join", "table_left_join", "table_outer_join"})},
               {"of", in->name},
               {"with", other->name},
               {"as", as},
               {"f", joiner()}};
  table_options(step, "key");
  add(std::move(step), {as, "table", "key", "text"});
  return true;
}

bool RandomTopology::add_foreign_key_join() {
  const auto suits = [](const Port& port) { return port.kind == "table" && port.key == "key" && port.value == "text"; };
  const Port* in = find(suits);
  const Port* other = in == nullptr ? nullptr : find(suits);
  if (other == nullptr) return false;
  const std::string as = next("t");
  Json step = {{"op", random_.one_of<std::string>({"fk_join", "fk_left_join"})},
               {"of", in->name},
               {"with", other->name},
               {"as", as},
               {"key", random_.one_of<std::string>({"first", "last", "null_if:d"})},
               {"f", joiner()}};
  if (random_.percent(30)) {
    step["keyed"] = true;
    step["key"] = random_.one_of<std::string>({"first", "key"});
  }
  store_options(step);
  if (!step.contains("name")) name(step, "joined-", 20);
  add(std::move(step), {as, "table", "key", "text"});
  return true;
}

}  // namespace levada::differential
