// What Kafka's error codes, as its protocol numbers them, mean to the runtime.
#include <gtest/gtest.h>

#include <levada/runtime/kafka/errors.h>

namespace levada::internal {
namespace {

TEST(KafkaErrors, AnotherLeaderIsWaitedFor) {
  constexpr int kNotLeader = 6;
  constexpr int kFencedLeaderEpoch = 74;  // newer librdkafkas tell brokers which leader they know
  constexpr int kUnknownLeaderEpoch = 75;
  for (const int error : {kNotLeader, kFencedLeaderEpoch, kUnknownLeaderEpoch}) {
    EXPECT_EQ(kafka_status_code(error), absl::StatusCode::kUnavailable) << error;
  }
}

TEST(KafkaErrors, AMemberThatIsBehindIsNotOneThatIsGone) {
  EXPECT_EQ(kafka_status_code(kStaleMemberEpoch), absl::StatusCode::kUnavailable);
  EXPECT_EQ(kafka_status_code(kFencedMemberEpoch), absl::StatusCode::kFailedPrecondition);
  constexpr int kUnknownMember = 25;
  EXPECT_EQ(kafka_status_code(kUnknownMember), absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace levada::internal
