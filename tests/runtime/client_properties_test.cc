#include <map>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/runtime/client_properties.h>
#include <levada/runtime/librdkafka_keys.h>
#include <levada/runtime/streams_config.h>

namespace levada {
namespace {

using testing::Contains;
using testing::IsSupersetOf;
using testing::Key;
using testing::Not;
using testing::Pair;

using Values = std::map<std::string, std::string>;

Values properties(ClientRole role, const std::vector<std::string>& settings = {}, const ClientOptions& options = {}) {
  StreamsConfig config;
  config.set("application.id", "app");
  config.set("bootstrap.servers", "localhost:9092");
  EXPECT_TRUE(config.set_all(settings).ok());
  EXPECT_TRUE(config.validate().ok()) << config.validate();
  const ClientProperties list = config.client_properties(role, options);
  return {list.begin(), list.end()};
}

constexpr ClientRole kAllRoles[] = {ClientRole::kMainConsumer, ClientRole::kRestoreConsumer,
                                    ClientRole::kGlobalConsumer, ClientRole::kProducer, ClientRole::kAdmin};

TEST(ClientProperties, AreAllKnownToLibrdkafka) {
  const internal::LibrdkafkaKeys keys;
  for (const ClientRole role : kAllRoles) {
    for (const auto& [key, value] : properties(role)) {
      const bool none = key == "auto.offset.reset" && value == "none";
      EXPECT_TRUE(none || keys.check(key, value).ok()) << key << "=" << value << ": " << keys.check(key, value);
    }
  }
}

TEST(ClientProperties, TheMainConsumerIsAMemberOfTheGroup) {
  EXPECT_THAT(properties(ClientRole::kMainConsumer),
              IsSupersetOf({Pair("group.id", "app"), Pair("auto.offset.reset", "earliest"),
                            Pair("enable.auto.commit", "false"), Pair("enable.auto.offset.store", "false"),
                            Pair("enable.partition.eof", "true"), Pair("partition.assignment.strategy", "range"),
                            Pair("isolation.level", "read_uncommitted"), Pair("allow.auto.create.topics", "false"),
                            Pair("socket.nagle.disable", "true"), Pair("bootstrap.servers", "localhost:9092")}));
}

TEST(ClientProperties, TheBrokerAssignsUnderTheConsumerProtocol) {
  const Values main = properties(ClientRole::kMainConsumer, {"group.protocol=consumer", "group.instance.id=node"});
  EXPECT_THAT(main, IsSupersetOf({Pair("group.protocol", "consumer"), Pair("group.id", "app"),
                                  Pair("group.instance.id", "node")}));
  EXPECT_THAT(main, Not(Contains(Key("partition.assignment.strategy"))));
  EXPECT_THAT(properties(ClientRole::kRestoreConsumer, {"group.protocol=consumer"}),
              Not(Contains(Key("group.protocol"))));
}

TEST(ClientProperties, TheRestoreConsumerIsNot) {
  const Values restore =
      properties(ClientRole::kRestoreConsumer, {"group.instance.id=node", "auto.offset.reset=latest", "group.id=app"});
  EXPECT_THAT(restore, Not(Contains(Key("group.id"))));
  EXPECT_THAT(restore, Not(Contains(Key("group.instance.id"))));
  EXPECT_THAT(restore, Contains(Pair("auto.offset.reset", "none")));
}

TEST(ClientProperties, TheProducerLosesAndReordersNothing) {
  const Values producer = properties(ClientRole::kProducer, {"compression.type=lz4"});
  EXPECT_THAT(producer, IsSupersetOf({Pair("acks", "all"), Pair("enable.idempotence", "true"),
                                      Pair("partitioner", "murmur2_random"), Pair("batch.size", "131072"),
                                      Pair("compression.type", "lz4"), Pair("delivery.report.only.error", "true")}));
  EXPECT_THAT(producer, Not(Contains(Key("transactional.id"))));
}

TEST(ClientProperties, UnderExactlyOnceTheProducerHasTransactions) {
  const Values producer =
      properties(ClientRole::kProducer, {"processing.guarantee=exactly_once_v2"}, {.transactional_id = "app-1"});
  EXPECT_THAT(producer, IsSupersetOf({Pair("transactional.id", "app-1"), Pair("transaction.timeout.ms", "10000"),
                                      Pair("enable.idempotence", "true")}));
  EXPECT_THAT(
      properties(ClientRole::kProducer, {"processing.guarantee=exactly_once_v2", "transaction.timeout.ms=5000"}),
      Contains(Pair("transaction.timeout.ms", "5000")));
  EXPECT_THAT(properties(ClientRole::kProducer, {}, {.transactional_id = "app-1"}),
              Not(Contains(Key("transactional.id"))));
}

TEST(ClientProperties, UnderExactlyOnceConsumersReadWhatIsCommitted) {
  for (const ClientRole role : {ClientRole::kMainConsumer, ClientRole::kRestoreConsumer, ClientRole::kGlobalConsumer}) {
    EXPECT_THAT(properties(role, {"processing.guarantee=exactly_once_v2"}),
                Contains(Pair("isolation.level", "read_committed")));
  }
}

TEST(ClientProperties, ANarrowerPrefixWins) {
  const std::vector<std::string> settings = {"max.poll.interval.ms=100000", "consumer.max.poll.interval.ms=200000",
                                             "main.consumer.max.poll.interval.ms=250000"};
  EXPECT_THAT(properties(ClientRole::kMainConsumer, settings), Contains(Pair("max.poll.interval.ms", "250000")));
  EXPECT_THAT(properties(ClientRole::kRestoreConsumer, settings), Contains(Pair("max.poll.interval.ms", "200000")));
  EXPECT_THAT(properties(ClientRole::kProducer, settings), Not(Contains(Key("max.poll.interval.ms"))));
}

TEST(ClientProperties, EitherSpellingReplacesTheDefault) {
  const Values producer = properties(ClientRole::kProducer, {"queue.buffering.max.ms=3"});
  EXPECT_THAT(producer, Contains(Pair("linger.ms", "3")));
  EXPECT_THAT(producer, Not(Contains(Key("queue.buffering.max.ms"))));
}

TEST(ClientProperties, SecurityGoesToEveryClient) {
  for (const ClientRole role : kAllRoles) {
    EXPECT_THAT(properties(role, {"security.protocol=SASL_SSL", "sasl.mechanism=PLAIN", "sasl.password=x"}),
                IsSupersetOf({Pair("security.protocol", "SASL_SSL"), Pair("sasl.mechanism", "PLAIN"),
                              Pair("sasl.password", "x")}));
  }
}

TEST(ClientProperties, ClientsAreNamedAsInKafkaStreams) {
  const ClientOptions options = {.client_id = "app-1234", .thread = 2};
  EXPECT_EQ(properties(ClientRole::kMainConsumer, {}, options)["client.id"], "app-1234-StreamThread-2-consumer");
  EXPECT_EQ(properties(ClientRole::kRestoreConsumer, {}, options)["client.id"],
            "app-1234-StreamThread-2-restore-consumer");
  EXPECT_EQ(properties(ClientRole::kProducer, {}, options)["client.id"], "app-1234-StreamThread-2-producer");
  EXPECT_EQ(properties(ClientRole::kGlobalConsumer, {}, options)["client.id"], "app-1234-global-consumer");
  EXPECT_EQ(properties(ClientRole::kAdmin, {}, options)["client.id"], "app-1234-admin");
  EXPECT_EQ(properties(ClientRole::kAdmin, {"client.id=me"})["client.id"], "me-admin");
  EXPECT_EQ(properties(ClientRole::kAdmin)["client.id"], "app-admin");
}

TEST(ClientProperties, EachThreadIsAStaticMemberOfItsOwn) {
  EXPECT_EQ(properties(ClientRole::kMainConsumer, {"group.instance.id=node"}, {.thread = 2})["group.instance.id"],
            "node-2");
}

TEST(ClientProperties, BuffersFollowTheBudget) {
  const Values consumer = properties(ClientRole::kMainConsumer, {}, {.fetch_buffer_bytes = 64 << 20});
  EXPECT_THAT(consumer, IsSupersetOf({Pair("queued.max.messages.kbytes", "32768"), Pair("fetch.max.bytes", "33554432"),
                                      Pair("queued.min.messages", "110376")}));
  const Values producer = properties(ClientRole::kProducer, {}, {.send_buffer_bytes = 32 << 20});
  EXPECT_THAT(producer, IsSupersetOf({Pair("queue.buffering.max.kbytes", "16384"),
                                      Pair("queue.buffering.max.messages", "95325")}));
}

TEST(ClientProperties, BuffersStayWithinWhatLibrdkafkaTakes) {
  const internal::LibrdkafkaKeys keys;
  for (const std::size_t budget : {std::size_t{0}, std::size_t{1} << 40}) {
    const ClientOptions options = {.fetch_buffer_bytes = budget, .send_buffer_bytes = budget};
    for (const ClientRole role : {ClientRole::kRestoreConsumer, ClientRole::kProducer}) {
      for (const auto& [key, value] : properties(role, {}, options)) {
        EXPECT_TRUE(value == "none" || keys.check(key, value).ok()) << key << "=" << value;
      }
    }
  }
}

}  // namespace
}  // namespace levada
