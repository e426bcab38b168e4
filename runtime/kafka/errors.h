// What librdkafka's error codes mean to callers of Consumer, Producer and Admin.
//
//   return kafka_status(rd_kafka_commit(rk, list, 0), "commit of group app");
//   // kFailedPrecondition: "commit of group app: Broker: Specified group generation id is not valid
//   (ILLEGAL_GENERATION)"
//
// Codes are librdkafka's rd_kafka_resp_err_t, here plain numbers because its header stays out of ours.
#pragma once

#include <string_view>

#include <absl/status/status.h>

#include <levada/runtime/kafka/handles.h>

namespace levada::internal {

// Of the newer group protocol (KIP-848), which librdkafka 2.0.2 has no names for.
inline constexpr int kFencedMemberEpoch = 110;
inline constexpr int kUnreleasedInstanceId = 111;
inline constexpr int kStaleMemberEpoch = 113;  // the member is about to be told the new one

absl::StatusCode kafka_status_code(int error);

// OK for 0. `detail` is what the broker or librdkafka had to say beyond the code.
absl::Status kafka_status(int error, std::string_view what, std::string_view detail = {});

// OK for null. Fatal: kFailedPrecondition; to be aborted: kAborted; retriable: kUnavailable; else by its code.
absl::Status kafka_status(const rd_kafka_error_s* error, std::string_view what);

}  // namespace levada::internal
