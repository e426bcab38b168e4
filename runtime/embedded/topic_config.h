// The configuration of a topic: Kafka's names and defaults, and as values those that the embedded log heeds.
//
//   absl::StatusOr<TopicConfig> config = parse_topic_config("counts", {{"cleanup.policy", "compact"}});
//
// A value; errors are kInvalidArgument and name topic, key and value.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include <absl/status/statusor.h>

#include <levada/core/time.h>

namespace levada::internal::embedded {

struct TopicConfig {
  bool deletes = true;
  bool compacts = false;
  bool log_append_time = false;
  Duration retention = std::chrono::hours(24 * 7);  // below zero: for ever
  std::int64_t retention_bytes = -1;
  Duration min_compaction_lag = Duration(0);
  Duration delete_retention = std::chrono::hours(24);
  std::int64_t max_message_bytes = 1048588;
  double min_cleanable_dirty_ratio = 0.5;
  std::map<std::string, std::string> all = {};  // every key with its value, as an admin describes it
};

absl::StatusOr<TopicConfig> parse_topic_config(const std::string& topic,
                                               const std::map<std::string, std::string>& given);

}  // namespace levada::internal::embedded
