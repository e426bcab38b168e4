// What an embedded client heeds of Kafka's client properties; the others are for a real broker and are ignored.
//
//   absl::StatusOr<ClientSettings> settings = parse_client_settings({{"group.id", "app"}});
//
// A value. Of a key given twice the last one counts. kInvalidArgument names key and value.
#pragma once

#include <string>

#include <absl/status/statusor.h>

#include <levada/core/time.h>
#include <levada/runtime/cluster.h>
#include <levada/runtime/embedded/partition_log.h>

namespace levada::internal::embedded {

enum class ResetPolicy { kEarliest, kLatest, kNone };

// The defaults are those of the clients of a real broker.
struct ClientSettings {
  std::string client_id = "levada";
  std::string group_id = {};
  std::string instance_id = {};
  Duration session_timeout = Duration(45000);
  ResetPolicy reset_policy = ResetPolicy::kEarliest;
  IsolationLevel isolation = IsolationLevel::kReadCommitted;
  std::string transactional_id = {};
  Duration transaction_timeout = Duration(60000);
  std::int64_t message_max_bytes = 1000000;
};

absl::StatusOr<ClientSettings> parse_client_settings(const ClientProperties& properties);

}  // namespace levada::internal::embedded
