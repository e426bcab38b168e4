// Takes an application back to a place in its input, as Kafka Streams' application reset tool does: worked out first,
// done when it has been looked at.
//
//   LEVADA_ASSIGN_OR_RETURN(const ResetPlan plan, plan_reset({.application_id = "orders"}, admin, 30s));
//   out << to_text(plan);
//   LEVADA_RETURN_IF_ERROR(carry_out(plan, admin, 30s));
//
// Offsets first, then topics, then the directory. What fails leaves what comes behind it undone, and may be repeated.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <levada/core/saved_topology.h>
#include <levada/core/time.h>
#include <levada/runtime/admin.h>

namespace levada {

// Where the input is to be read from.
struct ResetTarget {
  enum class Kind : std::uint8_t { kEarliest, kLatest, kTime, kOffset, kShift };

  Kind kind = Kind::kEarliest;
  Timestamp time = {};
  Offset offset = 0;  // or by how many records to shift, also backwards
};

struct ResetRequest {
  std::string application_id = {};
  ResetTarget target = {};
  // Unset: those of the topology, else all that the group has offsets of and that are not internal.
  std::optional<std::vector<std::string>> input_topics = std::nullopt;
  // Unset: those of the topology, else those that have the names of this application's internal topics.
  std::optional<std::vector<std::string>> internal_topics = std::nullopt;
  std::optional<SavedTopology> topology = std::nullopt;
  std::optional<std::filesystem::path> state_dir = std::nullopt;  // state.dir, if stores on this machine go, too
};

struct OffsetChange {
  TopicPartition partition = {};
  std::optional<Offset> before = std::nullopt;
  Offset after = 0;
  std::string note = {};
};

struct ResetPlan {
  std::string application_id = {};
  std::vector<GroupMember> members = {};  // while there are any it cannot be carried out
  std::vector<OffsetChange> offsets = {};
  std::vector<std::string> topics = {};                           // to be deleted
  std::optional<std::filesystem::path> directory = std::nullopt;  // to be removed
  std::vector<std::string> left_alone = {};                       // what one might expect here, and why it is not
};

// kNotFound for an input topic that does not exist, kInvalidArgument for an internal topic that is none.
absl::StatusOr<ResetPlan> plan_reset(const ResetRequest& request, Admin& admin, Duration timeout);

std::string to_text(const ResetPlan& plan);

// kFailedPrecondition, and nothing done, when the group has members by now, or an instance has the directory.
absl::Status carry_out(const ResetPlan& plan, Admin& admin, Duration timeout);

// Whether Kafka Streams would give this name to a topic that an application of this id makes for itself.
bool is_internal_topic(const std::string& topic, const std::string& application_id);

}  // namespace levada
