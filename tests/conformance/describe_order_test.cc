// describe() gives every recorded text back when its nodes are put into a topology one by one, also those of operators
// that Levada does not have yet: what is tested is the order of nodes, neighbours, stores and topics.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/core/topology.h>

#include "tests/support/places.h"

namespace levada {
namespace {

struct PrintedNode {
  NodeSpec spec = {};
  std::vector<std::string> parents = {};
};

std::vector<std::string> split(std::string list) {
  std::vector<std::string> parts;
  for (auto end = list.find(", "); end != std::string::npos; end = list.find(", ")) {
    parts.push_back(list.substr(0, end));
    list.erase(0, end + 2);
  }
  if (!list.empty()) parts.push_back(list);
  return parts;
}

// What stands between two marks, or nothing if they are not there.
std::string between(const std::string& line, const std::string& before, const std::string& after) {
  const auto start = line.find(before);
  const auto end = line.rfind(after);
  if (start == std::string::npos || end == std::string::npos || end < start + before.size()) return {};
  return line.substr(start + before.size(), end - start - before.size());
}

// "    Sink: out (topic: orders)", "    Processor: count (stores: [a, b])", "    Source: in (topics: [t])".
std::optional<NodeSpec> head_of(const std::string& line) {
  for (const auto& [word, kind] :
       {std::pair("    Source: ", NodeKind::kSource), std::pair("    Processor: ", NodeKind::kProcessor),
        std::pair("    Sink: ", NodeKind::kSink)}) {
    if (!line.starts_with(word)) continue;
    NodeSpec spec = {.kind = kind, .name = between(line, word, " (")};
    spec.stores = split(between(line, "(stores: [", "])"));
    spec.topics =
        kind == NodeKind::kSink ? split(between(line, "(topic: ", ")")) : split(between(line, "(topics: [", "])"));
    return spec;
  }
  return std::nullopt;
}

std::vector<PrintedNode> read_nodes(const std::filesystem::path& file) {
  std::vector<PrintedNode> nodes;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    if (auto spec = head_of(line)) nodes.push_back({.spec = *spec});
    if (line.starts_with("      <-- ")) nodes.back().parents = split(line.substr(10));
  }
  return nodes;
}

// Adds the nodes in the order they are printed, each after its parents.
Topology rebuild(const std::vector<PrintedNode>& nodes) {
  Topology topology;
  std::map<std::string, NodeId> added;
  std::set<std::string> stores;
  while (added.size() < nodes.size()) {
    const std::size_t before = added.size();
    for (const PrintedNode& node : nodes) {
      const auto known = [&](const std::string& parent) { return added.contains(parent); };
      if (added.contains(node.spec.name) || !std::all_of(node.parents.begin(), node.parents.end(), known)) continue;
      NodeSpec spec = node.spec;
      for (const std::string& parent : node.parents) spec.parents.push_back(added.at(parent));
      stores.insert(spec.stores.begin(), spec.stores.end());
      added[node.spec.name] = topology.add(std::move(spec));
    }
    if (added.size() == before) break;  // a parent is not in the text
  }
  for (const std::string& store : stores) topology.stores.push_back({.name = store});
  return topology;
}

std::string text_of(const std::filesystem::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Global stores, patterns and topics chosen per record are printed in other forms.
bool has_only_plain_nodes(const std::string& text) {
  for (const std::string other : {"for global store", "logs-.*", "extractor class"}) {
    if (text.find(other) != std::string::npos) return false;
  }
  return true;
}

TEST(DescribeOrder, IsThatOfEveryRecordedText) {
  int texts = 0;
  for (const auto& file : std::filesystem::directory_iterator(recorded_data() / "describe")) {
    if (!file.path().string().ends_with(".describe.txt")) continue;
    const std::string expected = text_of(file);
    if (!has_only_plain_nodes(expected)) continue;
    ++texts;
    EXPECT_EQ(describe(rebuild(read_nodes(file))), expected) << file.path().filename();
  }
  EXPECT_EQ(texts, 40);
}

}  // namespace
}  // namespace levada
