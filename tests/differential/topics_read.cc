#include "tests/differential/topics_read.h"

namespace levada::differential {

std::set<std::string> topics_read(const nlohmann::json& steps) {
  std::set<std::string> topics;
  for (const nlohmann::json& step : steps) {
    const std::string op = step.at("op");
    if (op == "stream" || op == "add_source") topics.insert(step.at("topics").begin(), step.at("topics").end());
    const bool is_table = op.ends_with("table") || op.ends_with("global_store");
    if (is_table && step.contains("topic")) topics.insert(step.at("topic"));
  }
  return topics;
}

}  // namespace levada::differential
