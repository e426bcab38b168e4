// The steps of a random topology. What a step makes is a port, with the types it has in C++; a rule takes ports that
// suit it and adds a step, or says that there are none.
//
//   RandomTopology topology(random);
//   nlohmann::json steps = topology.steps();
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/differential/random.h"

namespace levada::differential {

class RandomTopology {
 public:
  explicit RandomTopology(Random& random);

  nlohmann::json steps() const { return steps_; }

 private:
  using Json = nlohmann::json;

  // kind: stream, grouped, windowed, table, grouped table, global, global store. key: text (may be null), key, window,
  // session. value: text, long, long? (a count that can vanish).
  struct Port {
    std::string name = {};
    std::string kind = {};
    std::string key = {};
    std::string value = {};
    bool versioned = false;
    bool emits_on_close = false;
  };
  using Suits = std::function<bool(const Port&)>;
  struct Rule {
    int weight;
    bool (RandomTopology::*add)();
  };

  static const std::vector<Rule>& rules();

  bool add_stream();
  bool add_filter();
  bool add_change();
  bool add_flat_change();
  bool add_merge();
  bool add_split();
  bool add_repartition();
  bool add_process();
  bool add_grouping();
  bool add_aggregation();
  bool add_to_stream();
  bool add_to();
  // Of random_windows.cc.
  bool add_windows();
  bool add_cogroup();
  void windows(Json& step);
  // Of random_tables.cc.
  bool add_table();
  bool add_to_table();
  bool add_table_change();
  bool add_suppress();
  bool add_table_grouping();
  bool add_table_aggregation();
  bool add_table_join();
  bool add_foreign_key_join();
  // Of random_joins.cc.
  bool add_stream_join();
  bool add_global_table();
  bool add_table_lookup();
  bool add_global_lookup();
  // Of random_stores.cc.
  bool add_keeping();
  bool add_global_store();
  bool add_asking();

  void finish(const Port& port);

  const Port* find(const Suits& suits);
  const Port* find_stream(bool of_text);
  const Port* find_table(const std::string& key);
  void add(Json step, Port made);
  void add_sink(const Port& port);
  void name(Json& step, const std::string& prefix, int chance);
  void store_options(Json& step);
  void table_options(Json& step, const std::string& key);
  void reset(Json& step);
  bool make_versioned(Json& step);
  std::string next(const std::string& prefix) { return prefix + std::to_string(++number_); }
  std::string mapper();
  std::string predicate();
  std::string joiner();

  Random& random_;
  int number_ = 0;
  int tables_ = 0;
  int global_tables_ = 0;
  Json steps_ = Json::array();
  std::vector<Port> ports_ = {};
  std::set<std::string> used_ = {};
};

}  // namespace levada::differential
