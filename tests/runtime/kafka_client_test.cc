// Calls of librdkafka that may never come back.

#include <chrono>
#include <future>
#include <memory>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/runtime/kafka/client.h>

#include "tests/support/log_lines.h"

namespace levada::internal {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using testing::LogLines;

class CallsInTime : public ::testing::Test {
 protected:
  LogLines log_ = {};
  std::unique_ptr<KafkaClient> client_ =
      KafkaClient::create(ClientConfig::make(ClientKind::kProducer, {{"bootstrap.servers", "127.0.0.1:1"}}, {}).value(),
                          Logger(log_, LogLevel::kError))
          .value();
};

TEST_F(CallsInTime, AreDoneWhenTheyHaveComeBack) {
  bool done = false;

  EXPECT_TRUE(client_->call_in_time("a short call", 1min, [&done] { done = true; }));

  EXPECT_TRUE(done);
  EXPECT_FALSE(client_->abandoned());
}

TEST_F(CallsInTime, AreLeftBehindWithTheirClient) {
  std::promise<void> answer;
  std::promise<void> end;
  std::future<void> ended = end.get_future();
  auto call = [waiting = answer.get_future(), end = std::move(end)]() mutable {
    waiting.wait();
    end.set_value();
  };

  EXPECT_FALSE(client_->call_in_time("a long call", 10ms, std::move(call)));

  EXPECT_TRUE(client_->abandoned());
  EXPECT_THAT(log_.text(), HasSubstr("a call of librdkafka does not come back"));
  EXPECT_THAT(log_.text(), HasSubstr("a long call"));
  client_.reset();  // at once, although the call goes on
  EXPECT_EQ(ended.wait_for(0ms), std::future_status::timeout);
  answer.set_value();
  EXPECT_EQ(ended.wait_for(1min), std::future_status::ready);
}

}  // namespace
}  // namespace levada::internal
