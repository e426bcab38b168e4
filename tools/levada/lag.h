// How far a consumer group is behind, partition by partition.
//
//   LEVADA_ASSIGN_OR_RETURN(const GroupLag lag, lag_of("orders", admin, 30s));
//   out << to_json(lag);
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include <levada/core/json.h>
#include <levada/core/time.h>
#include <levada/runtime/admin.h>

namespace levada {

struct PartitionLag {
  std::string topic = {};
  std::int32_t partition = 0;
  std::optional<std::int64_t> committed = std::nullopt;  // none: it would begin at the beginning
  std::int64_t end = 0;
  std::int64_t lag = 0;
  std::optional<std::string> member = std::nullopt;  // who reads it: client id, or instance id

  static constexpr auto json_fields() {
    return levada::json_fields("topic", &PartitionLag::topic, "partition", &PartitionLag::partition, "committed",
                               &PartitionLag::committed, "end", &PartitionLag::end, "lag", &PartitionLag::lag, "member",
                               &PartitionLag::member);
  }
};

struct GroupLag {
  std::string group = {};
  std::string state = {};  // Kafka's names: Empty, Stable, Dead, …
  std::int32_t members = 0;
  std::int64_t lag = 0;                       // of all partitions
  std::vector<PartitionLag> partitions = {};  // by topic and number

  static constexpr auto json_fields() {
    return levada::json_fields("group", &GroupLag::group, "state", &GroupLag::state, "members", &GroupLag::members,
                               "lag", &GroupLag::lag, "partitions", &GroupLag::partitions);
  }
};

// Of the partitions the group has committed, and those its members read. `timeout` is for each request.
absl::StatusOr<GroupLag> lag_of(const std::string& group, Admin& admin, Duration timeout);

}  // namespace levada
