#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <absl/status/status.h>
#include <absl/strings/str_cat.h>

#include <levada/core/description_reader.h>
#include <levada/core/status_macros.h>
#include <levada/core/text.h>

namespace levada::internal {
namespace {

// "prefix rest" without the prefix.
bool consume(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

// "a, b", perhaps in brackets; "none" and nothing are no names.
std::vector<std::string> names_in(std::string_view text) {
  if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
  std::vector<std::string> names;
  for (const std::string_view part : split(text, ',')) {
    const std::string_view name = trim(part);
    if (!name.empty() && name != "none") names.emplace_back(name);
  }
  return names;
}

class Reader {
 public:
  absl::StatusOr<SavedTopology> read(std::string_view text) {
    int number = 0;
    for (const std::string_view line : split(text, '\n')) {
      ++number;
      if (!take(trim(line))) return wrong(number, line);
    }
    if (topology_.nodes.empty()) return absl::InvalidArgumentError("no description of a topology: it has no nodes");
    find_internal_topics();
    return std::move(topology_);
  }

 private:
  static absl::Status wrong(int number, std::string_view line) {
    return absl::InvalidArgumentError(
        absl::StrCat("no description of a topology: line ", number, " is '", std::string(line), "'"));
  }

  bool take(std::string_view line) {
    if (line.empty() || line == "Topologies:") return true;
    if (consume(line, "--> ")) return true;  // said once more by the children
    if (consume(line, "<-- ")) return take_parents(line);
    if (consume(line, "Sub-topology: ")) return take_sub_topology(line);
    if (consume(line, "Source: ")) return take_node("source", line);
    if (consume(line, "Processor: ")) return take_node("processor", line);
    if (consume(line, "Sink: ")) return take_node("sink", line);
    return false;
  }

  bool take_parents(std::string_view line) {
    if (topology_.nodes.empty()) return false;
    topology_.nodes.back().parents = names_in(line);
    return true;
  }

  // "0", perhaps with "for global store (will not generate tasks)" behind.
  bool take_sub_topology(std::string_view line) {
    const std::optional<std::int64_t> number = parse_integer(line.substr(0, line.find(' ')));
    if (!number) return false;
    sub_topology_ = static_cast<std::int32_t>(*number);
    global_ = line.find(" for global store") != std::string_view::npos;
    return true;
  }

  bool take_node(std::string_view kind, std::string_view line) {
    const std::size_t bracket = line.find(" (");
    if (bracket == std::string_view::npos || !line.ends_with(')')) return false;
    SavedNode node = {
        .kind = std::string(kind), .name = std::string(line.substr(0, bracket)), .sub_topology = sub_topology_};
    std::string_view what = line.substr(bracket + 2, line.size() - bracket - 3);
    if (consume(what, "topics: ") || consume(what, "topic: ")) {
      node.topics = names_in(what);
    } else if (consume(what, "stores: ")) {
      node.stores = names_in(what);
      for (const std::string& store : node.stores) add_store(store, node.name);
    } else if (!what.starts_with("extractor class: ")) {
      return false;
    }
    topology_.nodes.push_back(std::move(node));
    return true;
  }

  void add_store(const std::string& name, const std::string& user) {
    const bool known =
        std::ranges::any_of(topology_.stores, [&](const SavedStore& store) { return store.name == name; });
    if (known) return;
    topology_.stores.push_back({.name = name});
    if (global_) topology_.stores.back().filled_by = user;
  }

  // What is written and read again, under a name that Kafka Streams gives.
  void find_internal_topics() {
    std::set<std::string> written;
    for (const SavedNode& node : topology_.nodes) {
      if (node.kind == "sink") written.insert(node.topics.begin(), node.topics.end());
    }
    for (const SavedNode& node : topology_.nodes) {
      if (node.kind != "source") continue;
      for (const std::string& topic : node.topics) {
        const bool named = topic.ends_with("-repartition") || topic.ends_with("-topic");
        if (named && written.contains(topic)) topology_.repartition_topics.push_back({.name = topic});
      }
    }
  }

  SavedTopology topology_ = {};
  std::int32_t sub_topology_ = 0;
  bool global_ = false;
};

}  // namespace

absl::StatusOr<SavedTopology> read_description(std::string_view text) { return Reader().read(text); }

}  // namespace levada::internal
