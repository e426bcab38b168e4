#include "tests/differential/random_topology.h"

namespace levada::differential {

RandomTopology::RandomTopology(Random& random) : random_(random) {
  add_stream();
  const int wanted = random_.between(2, 9);
  int sum = 0;
  for (const Rule& rule : rules()) sum += rule.weight;
  for (int added = 0; added < wanted;) {
    int choice = random_.below(sum);
    auto rule = rules().begin();
    while (choice >= rule->weight) choice -= (rule++)->weight;
    if ((this->*rule->add)()) ++added;
  }
  for (std::size_t i = 0; i < ports_.size(); ++i) finish(Port(ports_[i]));
}

const std::vector<RandomTopology::Rule>& RandomTopology::rules() {
  static const std::vector<Rule> all = {{4, &RandomTopology::add_stream},
                                        {6, &RandomTopology::add_filter},
                                        {12, &RandomTopology::add_change},
                                        {5, &RandomTopology::add_flat_change},
                                        {6, &RandomTopology::add_merge},
                                        {4, &RandomTopology::add_split},
                                        {4, &RandomTopology::add_repartition},
                                        {5, &RandomTopology::add_process},
                                        {12, &RandomTopology::add_grouping},
                                        {8, &RandomTopology::add_windows},
                                        {16, &RandomTopology::add_aggregation},
                                        {8, &RandomTopology::add_to_stream},
                                        {3, &RandomTopology::add_to},
                                        {8, &RandomTopology::add_table},
                                        {4, &RandomTopology::add_to_table},
                                        {8, &RandomTopology::add_table_change},
                                        {7, &RandomTopology::add_suppress},
                                        {6, &RandomTopology::add_table_grouping},
                                        {10, &RandomTopology::add_table_aggregation},
                                        {8, &RandomTopology::add_table_join},
                                        {8, &RandomTopology::add_foreign_key_join},
                                        {10, &RandomTopology::add_stream_join},
                                        {5, &RandomTopology::add_cogroup},
                                        {4, &RandomTopology::add_global_table},
                                        {10, &RandomTopology::add_table_lookup},
                                        {8, &RandomTopology::add_global_lookup},
                                        {6, &RandomTopology::add_keeping},
                                        {3, &RandomTopology::add_global_store},
                                        {8, &RandomTopology::add_asking}};
  return all;
}

// Whatever nobody has used goes on until it is seen in a topic.
void RandomTopology::finish(const Port& port) {
  if (used_.contains(port.name)) return;
  if (port.kind == "table") {
    const std::string as = next("s");
    add({{"op", "to_stream"}, {"of", port.name}, {"as", as}}, {as, "stream", port.key, port.value});
  } else if (port.kind == "stream") {
    add_sink(port);
  } else if (!port.kind.starts_with("global")) {
    const std::string as = next("t");
    const std::string key = port.kind == "windowed" ? port.key : "key";
    if (port.kind == "grouped table") {
      add({{"op", "table_aggregate"}, {"of", port.name}, {"as", as}, {"f", "concat"}}, {as, "table", key, "text"});
    } else {
      add({{"op", "count"}, {"of", port.name}, {"as", as}, {"plain", true}},
          {as, "table", key, key == "session" ? "long?" : "long"});
    }
  }
}

const RandomTopology::Port* RandomTopology::find(const Suits& suits) {
  std::vector<const Port*> found;
  for (const Port& port : ports_) {
    if (!suits(port)) continue;
    found.push_back(&port);
    if (!used_.contains(port.name)) found.insert(found.end(), 3, &port);  // rather what nobody has used yet
  }
  return found.empty() ? nullptr : random_.one_of(found);
}

const RandomTopology::Port* RandomTopology::find_stream(bool of_text) {
  return find([&](const Port& port) {
    return port.kind == "stream" && (!of_text || (port.value == "text" && (port.key == "text" || port.key == "key")));
  });
}

void RandomTopology::add(Json step, Port made) {
  for (const char* field : {"of", "with"}) {
    if (step.contains(field)) used_.insert(step.at(field).get<std::string>());
  }
  steps_.push_back(std::move(step));
  if (!made.name.empty()) ports_.push_back(std::move(made));
}

void RandomTopology::name(Json& step, const std::string& prefix, int chance) {
  if (random_.percent(chance)) step["name"] = next(prefix);
}

void RandomTopology::store_options(Json& step) {
  if (random_.percent(40)) step["store"] = next("store-");
  if (step.contains("store")) name(step, "node-", 20);
  if (random_.percent(25)) step["caching"] = false;
  if (random_.percent(10)) step["logging"] = false;
  if (random_.percent(40)) step["in_memory"] = true;
}

void RandomTopology::reset(Json& step) {
  if (random_.percent(12)) step["reset"] = random_.one_of<std::string>({"earliest", "latest", "none", "by_duration"});
}

std::string RandomTopology::mapper() {
  return random_.one_of<std::string>(
      {"append:x", "append:b", "first", "last", "key", "both", "null_if:a", "null_if:d", "or:z"});
}

std::string RandomTopology::predicate() {
  return random_.one_of<std::string>({"has:a", "has:b", "has:c", "key_has:a", "key_has:b", "null", "all"});
}

std::string RandomTopology::joiner() {
  return random_.one_of<std::string>({"concat", "concat", "concat", "delete_if:c", "delete_if:d", "right"});
}

bool RandomTopology::add_stream() {
  const std::string as = next("s");
  const Json topics = random_.one_of<Json>({{"in0"}, {"in0"}, {"in1"}, {"in2", "in3"}});
  Json step = {{"op", "stream"}, {"topics", topics}, {"as", as}};
  if (random_.percent(10)) {
    step["topics"] = {"pa"};  // of several, the driver numbers the records together
    step["pattern"] = "p[ab]";
  }
  if (random_.percent(15)) step["extractor"] = random_.one_of<std::string>({"by_length", "by_length", "none_with_d"});
  reset(step);
  add(std::move(step), {as, "stream", "text", "text"});
  return true;
}

bool RandomTopology::add_filter() {
  const Port* in = find_stream(false);
  if (in == nullptr) return false;
  Json step = {{"op", random_.one_of<std::string>({"filter", "filter_not", "peek", "for_each"})},
               {"of", in->name},
               {"f", predicate()}};
  name(step, "look-", 15);
  if (step.at("op") == "for_each") return add(std::move(step), {}), true;
  const std::string as = next("s");
  step["as"] = as;
  add(std::move(step), {as, "stream", in->key, in->value});
  return true;
}

bool RandomTopology::add_change() {
  const Port* in = find_stream(false);
  if (in == nullptr) return false;
  const std::string op = random_.one_of<std::string>({"map", "map_values", "map_values", "select_key"});
  const std::string as = next("s");
  Json step = {{"op", op}, {"of", in->name}, {"as", as}, {"f", mapper()}};
  if (op == "map") step["g"] = mapper();
  name(step, "change-", 15);
  add(std::move(step), {as, "stream", op == "map_values" ? in->key : "text", op == "select_key" ? in->value : "text"});
  return true;
}

bool RandomTopology::add_flat_change() {
  const Port* in = find_stream(false);
  if (in == nullptr) return false;
  const std::string op = random_.one_of<std::string>({"flat_map", "flat_map_values"});
  const std::string as = next("s");
  Json step = {{"op", op}, {"of", in->name}, {"as", as}};
  name(step, "flat-", 15);
  add(std::move(step), {as, "stream", op == "flat_map" ? "text" : in->key, "text"});
  return true;
}

bool RandomTopology::add_merge() {
  const Port* in = find_stream(false);
  if (in == nullptr) return false;
  const Port* other = find([&](const Port& port) {
    return port.kind == "stream" && port.key == in->key && port.value == in->value && port.name != in->name;
  });
  if (other == nullptr) return false;
  const std::string as = next("s");
  Json step = {{"op", "merge"}, {"of", in->name}, {"with", other->name}, {"as", as}};
  name(step, "merge-", 15);
  add(std::move(step), {as, "stream", in->key, in->value});
  return true;
}

bool RandomTopology::add_split() {
  const Port* in = find_stream(false);
  if (in == nullptr) return false;
  const Port made = *in;
  const int branches = random_.between(1, 3);
  const bool with_default = random_.percent(80);
  Json step = {{"op", "split"}, {"of", in->name}, {"f", Json::array()}, {"as", Json::array()}};
  for (int i = 0; i <= branches; ++i) {
    if (i < branches) step["f"].push_back(predicate());
    if (i < branches || with_default) step["as"].push_back(next("s"));
  }
  name(step, "split-", 40);
  const Json names = step.at("as");
  add(std::move(step), {});
  for (const std::string as : names) ports_.push_back({as, "stream", made.key, made.value});
  return true;
}

bool RandomTopology::add_repartition() {
  const Port* in = find_stream(true);
  if (in == nullptr) return false;
  const std::string as = next("s");
  Json step = {{"op", "repartition"}, {"of", in->name}, {"as", as}};
  name(step, "repartition-", 40);
  add(std::move(step), {as, "stream", in->key, "text"});
  return true;
}

bool RandomTopology::add_process() {
  const Port* in = find_stream(true);
  if (in == nullptr) return false;
  const std::string as = next("s");
  Json step = {{"op", random_.one_of<std::string>({"process", "process_values"})},
               {"of", in->name},
               {"as", as},
               {"store", next("store-")},
               {"in_memory", random_.percent(50)},
               {"caching", random_.percent(30)},
               {"logging", random_.percent(80)}};
  if (random_.percent(30)) step["shift"] = random_.one_of<int>({-2000, 1, 3000});
  if (step.at("op") == "process" && random_.percent(20)) step["marks"] = true;
  name(step, "process-", 30);
  add(std::move(step), {as, "stream", in->key, "text"});
  return true;
}

bool RandomTopology::add_grouping() {
  const Port* in = find_stream(true);
  if (in == nullptr) return false;
  const std::string as = next("g");
  Json step = {{"op", random_.one_of<std::string>({"group_by_key", "group_by"})}, {"of", in->name}, {"as", as}};
  if (step.at("op") == "group_by") step["f"] = mapper();
  name(step, "group-", 30);
  add(std::move(step), {as, "grouped", step.at("op") == "group_by" ? "text" : in->key, "text"});
  return true;
}

bool RandomTopology::add_aggregation() {
  const Port* in = find([](const Port& port) { return port.kind == "grouped" || port.kind == "windowed"; });
  if (in == nullptr) return false;
  const std::string op = random_.one_of<std::string>({"count", "reduce", "aggregate"});
  const std::string as = next("t");
  Json step = {{"op", op}, {"of", in->name}, {"as", as}};
  if (op != "count") step["f"] = joiner();
  if (op == "count" && random_.percent(40)) {
    step["plain"] = true;
  } else {
    store_options(step);
  }
  if (in->kind == "windowed" && random_.percent(15)) step["retention"] = 60000;
  // Kafka Streams' memory forgets windows before they are closed, unless it is to keep them for longer.
  if (in->emits_on_close && step.contains("in_memory")) step["retention"] = 100000;
  const std::string counted = in->key == "session" ? "long?" : "long";
  add(std::move(step), {as, "table", in->kind == "grouped" ? "key" : in->key, op == "count" ? counted : "text"});
  return true;
}

bool RandomTopology::add_to_stream() {
  const Port* in = find([](const Port& port) { return port.kind == "table"; });
  if (in == nullptr) return false;
  const std::string as = next("s");
  Json step = {{"op", "to_stream"}, {"of", in->name}, {"as", as}};
  const bool mapped = random_.percent(25);
  if (mapped) step["f"] = mapper();
  name(step, "stream-", 15);
  add(std::move(step), {as, "stream", mapped ? "text" : in->key, in->value});
  return true;
}

bool RandomTopology::add_to() {
  const Port* in = find_stream(false);
  if (in == nullptr) return false;
  add_sink(Port(*in));
  return true;
}

void RandomTopology::add_sink(const Port& port) {
  Json step = {{"op", "to"}, {"of", port.name}, {"topic", next("out")}};
  if (random_.percent(10)) step["f"] = "first";
  if (random_.percent(8)) step["only"] = predicate();
  if (port.key == "session") step["of_sessions"] = true;
  name(step, "sink-", 15);
  add(std::move(step), {});
}

}  // namespace levada::differential
