#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/runtime/librdkafka_keys.h>

namespace levada::internal {
namespace {

using testing::HasSubstr;

class LibrdkafkaKeysTest : public testing::Test {
 protected:
  std::string error(std::string_view key, std::string_view value) const {
    return std::string(keys_.check(key, value).message());
  }

  LibrdkafkaKeys keys_;
};

TEST_F(LibrdkafkaKeysTest, KnowsBothSpellingsAsOne) {
  ASSERT_NE(keys_.find("queue.buffering.max.ms"), nullptr);
  EXPECT_EQ(keys_.find("queue.buffering.max.ms")->name, "linger.ms");
  EXPECT_EQ(keys_.find("linger.ms")->name, "linger.ms");
  EXPECT_EQ(keys_.find("request.required.acks")->name, "acks");
  EXPECT_EQ(keys_.find("metadata.broker.list")->name, "bootstrap.servers");
  EXPECT_EQ(keys_.find("enable.auto.commit")->name, "enable.auto.commit");
}

TEST_F(LibrdkafkaKeysTest, KnowsWhoUsesAKey) {
  EXPECT_TRUE(keys_.find("fetch.min.bytes")->consumer);
  EXPECT_FALSE(keys_.find("fetch.min.bytes")->producer);
  EXPECT_FALSE(keys_.find("acks")->consumer);
  EXPECT_TRUE(keys_.find("sasl.password")->consumer);
  EXPECT_TRUE(keys_.find("sasl.password")->producer);
}

TEST_F(LibrdkafkaKeysTest, DoesNotKnowOthers) {
  EXPECT_EQ(keys_.find("max.poll.records"), nullptr);
  EXPECT_EQ(keys_.find("Property"), nullptr);
  EXPECT_EQ(keys_.find(""), nullptr);
  EXPECT_EQ(keys_.check("bogus", "1").code(), absl::StatusCode::kNotFound);
}

TEST_F(LibrdkafkaKeysTest, ChecksValues) {
  EXPECT_TRUE(keys_.check("linger.ms", "5").ok());
  EXPECT_TRUE(keys_.check("acks", "all").ok());
  EXPECT_TRUE(keys_.check("acks", "-1").ok());
  EXPECT_TRUE(keys_.check("security.protocol", "SASL_SSL").ok());
  EXPECT_THAT(error("compression.type", "zip"), HasSubstr("allowed: none, gzip, snappy, lz4, zstd"));
  EXPECT_THAT(error("enable.auto.commit", "maybe"), HasSubstr("true or false"));
}

TEST_F(LibrdkafkaKeysTest, ReadsNumbersMoreStrictlyThanLibrdkafka) {
  EXPECT_THAT(error("session.timeout.ms", "30s"), HasSubstr("expected an integer from 1 to 3600000"));
  EXPECT_THAT(error("queued.min.messages", "99999999999"), HasSubstr("expected an integer from 1 to 10000000"));
  EXPECT_THAT(error("linger.ms", "soon"), HasSubstr("librdkafka says"));
}

TEST_F(LibrdkafkaKeysTest, RefusesFunctions) {
  EXPECT_THAT(error("rebalance_cb", "f"), HasSubstr("C function"));
  EXPECT_THAT(error("opaque", "1"), HasSubstr("C function"));
}

}  // namespace
}  // namespace levada::internal
