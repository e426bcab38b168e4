// A topology as it is kept beside a release, to be compared with the next one by `levada plan`: its nodes, what it
// keeps, and the topics it makes, without anything that runs.
//
//   std::ofstream("orders.topology.json") << to_json(saved(*topology));
//   absl::StatusOr<SavedTopology> before = read_saved_topology(text);
//
// A describe() text, Kafka Streams' or Levada's, is read as well; kinds of stores are unknown then. Values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>

#include <levada/core/json.h>
#include <levada/core/topology.h>

namespace levada {

struct SavedNode {
  std::string kind = {};  // "source", "processor", "sink"
  std::string name = {};
  std::int32_t sub_topology = 0;
  std::vector<std::string> parents = {};
  std::vector<std::string> topics = {};  // of a source that reads a pattern: the pattern
  std::vector<std::string> stores = {};

  static constexpr auto json_fields() {
    return levada::json_fields("kind", &SavedNode::kind, "name", &SavedNode::name, "subTopology",
                               &SavedNode::sub_topology, "parents", &SavedNode::parents, "topics", &SavedNode::topics,
                               "stores", &SavedNode::stores);
  }
  friend bool operator==(const SavedNode&, const SavedNode&) = default;
};

struct SavedStore {
  std::string name = {};
  std::optional<std::string> kind = std::nullopt;        // "timestamped key-value store"; what its bytes are
  std::optional<bool> logging = std::nullopt;            // it has a changelog
  std::optional<std::int64_t> retention = std::nullopt;  // of windows, in ms
  std::optional<std::string> filled_by = std::nullopt;   // a global store: the node that writes to it

  static constexpr auto json_fields() {
    return levada::json_fields("name", &SavedStore::name, "kind", &SavedStore::kind, "logging", &SavedStore::logging,
                               "retention", &SavedStore::retention, "filledBy", &SavedStore::filled_by);
  }
  friend bool operator==(const SavedStore&, const SavedStore&) = default;
};

struct SavedRepartitionTopic {
  std::string name = {};  // without the application id
  std::optional<std::int32_t> partitions = std::nullopt;

  static constexpr auto json_fields() {
    return levada::json_fields("name", &SavedRepartitionTopic::name, "partitions", &SavedRepartitionTopic::partitions);
  }
  friend bool operator==(const SavedRepartitionTopic&, const SavedRepartitionTopic&) = default;
};

struct SavedTopology {
  std::int32_t version = 1;
  std::vector<SavedNode> nodes = {};
  std::vector<SavedStore> stores = {};
  std::vector<SavedRepartitionTopic> repartition_topics = {};

  static constexpr auto json_fields() {
    return levada::json_fields("version", &SavedTopology::version, "nodes", &SavedTopology::nodes, "stores",
                               &SavedTopology::stores, "repartitionTopics", &SavedTopology::repartition_topics);
  }
  friend bool operator==(const SavedTopology&, const SavedTopology&) = default;
};

SavedTopology saved(const Topology& topology);

// Whether a source reads a pattern: names of topics have letters, digits, '.', '_' and '-' only.
bool is_pattern(const SavedNode& node);

// The text that describe() gives of the topology that was saved.
std::string describe(const SavedTopology& topology);

// kInvalidArgument for a text that is neither the JSON of a SavedTopology nor a describe() text.
absl::StatusOr<SavedTopology> read_saved_topology(std::string_view text);

}  // namespace levada
