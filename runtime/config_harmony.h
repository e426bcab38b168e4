// Whether the values of a configuration go together, each being right in itself: what is required is there, and no two
// contradict each other.
//
//   absl::Status status = check_harmony(entries, keys);
//   // "heartbeat.interval.ms = 50000 (--set): must be less than session.timeout.ms, which is 45000"
#pragma once

#include <absl/status/status.h>

#include <levada/runtime/config_entries.h>
#include <levada/runtime/librdkafka_keys.h>

namespace levada::internal {

absl::Status check_harmony(const ConfigEntries& entries, const LibrdkafkaKeys& keys);

}  // namespace levada::internal
