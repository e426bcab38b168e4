#include <algorithm>

#include <levada/dsl/table_join.h>

namespace levada::internal {

TableJoinNames table_join_names(Graph& graph, const std::string& name) {
  const auto chosen = [&](const char* suffix, const char* prefix) {
    return graph.names().next_unless(name.empty() ? name : name + suffix, prefix);
  };
  TableJoinNames names;
  names.merge = chosen("", "KTABLE-MERGE-");
  names.left = chosen("-join-this", "KTABLE-JOINTHIS-");
  names.right = chosen("-join-other", "KTABLE-JOINOTHER-");
  return names;
}

std::vector<std::string> united(std::vector<std::string> stores, const std::vector<std::string>& others) {
  for (const std::string& store : others) {
    if (std::find(stores.begin(), stores.end(), store) == stores.end()) stores.push_back(store);
  }
  return stores;
}

}  // namespace levada::internal
