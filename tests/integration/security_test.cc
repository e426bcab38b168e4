// Whole applications with a broker that demands to know who comes: those it lets in, and what those are told that it
// does not.
#include <array>
#include <chrono>
#include <map>
#include <memory>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <librdkafka/rdkafka.h>

#include <levada/levada.h>
#include <levada/runtime/kafka_cluster.h>

#include "tests/support/eventually.h"
#include "tests/support/log_lines.h"
#include "tests/support/secured_broker.h"
#include "tests/support/temporary_directory.h"

namespace levada {
namespace {

using namespace std::chrono_literals;
using testing::eventually;
using ::testing::HasSubstr;
using testing::LogLines;
using ::testing::Not;
using testing::SecuredBroker;

using Settings = std::map<std::string, std::string>;

// "guest" may do this with that topic, from now on.
void allow_guest(rd_kafka_AclOperation_t operation, const std::string& topic, const std::string& bootstrap) {
  std::array<char, 256> reason{};
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  rd_kafka_conf_set(conf, "bootstrap.servers", bootstrap.c_str(), nullptr, 0);
  rd_kafka_t* client = rd_kafka_new(RD_KAFKA_PRODUCER, conf, reason.data(), reason.size());
  rd_kafka_queue_t* answers = rd_kafka_queue_new(client);
  rd_kafka_AclBinding_t* binding =
      rd_kafka_AclBinding_new(RD_KAFKA_RESOURCE_TOPIC, topic.c_str(), RD_KAFKA_RESOURCE_PATTERN_LITERAL, "User:guest",
                              "*", operation, RD_KAFKA_ACL_PERMISSION_TYPE_ALLOW, reason.data(), reason.size());
  rd_kafka_CreateAcls(client, &binding, 1, nullptr, answers);
  rd_kafka_event_t* answer = rd_kafka_queue_poll(answers, 30'000);
  EXPECT_TRUE(answer != nullptr && rd_kafka_event_error(answer) == RD_KAFKA_RESP_ERR_NO_ERROR);
  if (answer != nullptr) rd_kafka_event_destroy(answer);
  rd_kafka_AclBinding_destroy(binding);
  rd_kafka_queue_destroy(answers);
  rd_kafka_destroy(client);
}

constexpr Duration kLong = 60s;
constexpr int kRecords = 100;

class Security : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    broker_ = std::make_unique<SecuredBroker>();
    open_ = KafkaCluster::create({{"bootstrap.servers", broker_->open()}}).value();
    const absl::Status created = open_->admin({}).value()->create_topics({{.name = "in"}}, kLong);
    ASSERT_TRUE(created.ok()) << created;
    const auto producer = open_->producer({}).value();
    const TopicHandle in = producer->topic("in", kLong).value();
    for (int i = 0; i < kRecords; ++i) {
      ASSERT_TRUE(producer->send({.topic = in, .partition = 0, .key = "k", .value = "v"}).ok());
    }
    ASSERT_TRUE(producer->flush(kLong).ok());
  }
  static void TearDownTestSuite() {
    open_.reset();
    broker_.reset();
  }

  static SecuredBroker& broker() { return *broker_; }
  static Cluster& open_cluster() { return *open_; }

  static Settings by_password() {
    return {{"bootstrap.servers", broker().sasl()},
            {"security.protocol", "SASL_SSL"},
            {"sasl.mechanism", "PLAIN"},
            {"sasl.username", "orders"},
            {"sasl.password", SecuredBroker::kPassword},
            {"ssl.ca.location", broker().certificate("ca.pem")}};
  }
  static Settings by_certificate() {
    return {{"bootstrap.servers", broker().mutual_tls()},
            {"security.protocol", "SSL"},
            {"ssl.ca.location", broker().certificate("ca.pem")},
            {"ssl.certificate.location", broker().certificate("client.pem")},
            {"ssl.key.location", broker().certificate("client.key")}};
  }
  static Settings with(Settings settings, const Settings& others) {
    for (const auto& [key, value] : others) settings[key] = value;
    return settings;
  }

  absl::StatusOr<StreamsApp> start(const std::string& application, const Settings& settings,
                                   Duration start_timeout = kLong) {
    StreamsBuilder builder;
    builder.stream<std::string, std::string>("in").group_by_key().count({.store = "counts"});
    return start(builder, application, settings, start_timeout);
  }
  absl::StatusOr<StreamsApp> start(StreamsBuilder& builder, const std::string& application, const Settings& settings,
                                   Duration start_timeout = kLong) {
    StreamsConfig config;
    config.set("application.id", application);
    config.set("state.dir", directory_.path().string());
    for (const auto& [key, value] : settings) config.set(key, value);
    StreamsAppOptions options;
    options.log_sink = &log_;
    options.start_timeout = start_timeout;
    return StreamsApp::start(builder.build(), config, options);
  }

  void expect_that_it_works(const std::string& application, const Settings& settings) {
    absl::StatusOr<StreamsApp> app = start(application, settings);
    ASSERT_TRUE(app.ok()) << app.status();
    EXPECT_TRUE(eventually([&] { return app->metrics().processed == kRecords; })) << log_.text();
    EXPECT_TRUE(app->stop().ok());
    EXPECT_THAT(log_.text(), Not(HasSubstr(SecuredBroker::kPassword)));
  }

  void expect_refusal(const Settings& settings, absl::StatusCode code, const std::string& reason) {
    const absl::StatusOr<StreamsApp> app = start("refused", settings, 3s);
    ASSERT_FALSE(app.ok());
    EXPECT_EQ(app.status().code(), code) << app.status();
    EXPECT_THAT(app.status().message(), HasSubstr(reason));
    EXPECT_THAT(app.status().message(), Not(HasSubstr(SecuredBroker::kPassword)));
    EXPECT_THAT(log_.text(), Not(HasSubstr(SecuredBroker::kPassword)));
  }

 private:
  static inline std::unique_ptr<SecuredBroker> broker_ = nullptr;
  static inline std::unique_ptr<Cluster> open_ = nullptr;
  const testing::TemporaryDirectory directory_ = {};
  LogLines log_ = {};
};

TEST_F(Security, APasswordOverTls) { expect_that_it_works("by-password", by_password()); }

TEST_F(Security, ACertificateOverMutualTls) { expect_that_it_works("by-certificate", by_certificate()); }

TEST_F(Security, ExactlyOnceOverTls) {
  expect_that_it_works("once-by-password", with(by_password(), {{"processing.guarantee", "exactly_once_v2"}}));
}

TEST_F(Security, AWrongPassword) {
  expect_refusal(with(by_password(), {{"sasl.password", "wrong"}}), absl::StatusCode::kUnauthenticated,
                 "Invalid username or password");
}

TEST_F(Security, ACertificateOfSomebodyElse) {
  expect_refusal(with(by_password(), {{"ssl.ca.location", broker().certificate("other-ca.pem")}}),
                 absl::StatusCode::kUnauthenticated, "broker certificate could not be verified");
}

TEST_F(Security, ABrokerOfAnotherName) {
  const std::string port = broker().sasl().substr(broker().sasl().find(':'));
  expect_refusal(with(by_password(), {{"bootstrap.servers", "127.0.0.1" + port}}), absl::StatusCode::kUnauthenticated,
                 "broker certificate could not be verified");
}

TEST_F(Security, ACertificateThatIsNotThere) {
  expect_refusal(with(by_password(), {{"ssl.ca.location", broker().certificate("none.pem")}}),
                 absl::StatusCode::kInvalidArgument, "ssl.ca.location");
}

TEST_F(Security, PlainTextWhereTlsIsSpoken) {
  expect_refusal({{"bootstrap.servers", broker().sasl()}}, absl::StatusCode::kUnavailable, "security.protocol");
}

TEST_F(Security, TlsWherePlainTextIsSpoken) {
  expect_refusal(with(by_password(), {{"bootstrap.servers", broker().open()}}), absl::StatusCode::kUnavailable,
                 "SSL handshake failed");
}

TEST_F(Security, TlsWithoutAPasswordWhereOneIsWanted) {
  expect_refusal(with(by_password(), {{"security.protocol", "SSL"}}), absl::StatusCode::kUnavailable,
                 "broker might require SASL authentication");
}

TEST_F(Security, AMechanismThatIsNotThere) {
  expect_refusal(with(by_password(), {{"sasl.mechanism", "SCRAM-SHA-256"}}), absl::StatusCode::kUnauthenticated,
                 "supported mechanisms");
}

TEST_F(Security, NoCertificateWhereOneIsWanted) {
  Settings settings = by_certificate();
  settings.erase("ssl.certificate.location");
  settings.erase("ssl.key.location");
  expect_refusal(settings, absl::StatusCode::kUnauthenticated, "certificate");
}

TEST_F(Security, AUserWithoutRights) {
  expect_refusal(with(by_password(), {{"sasl.username", "guest"}}), absl::StatusCode::kNotFound,
                 "source topics that do not exist: in; create them before the application starts, or give its user the "
                 "right to describe them");
}

TEST_F(Security, AUserWithoutARightToTheGroup) {
  const absl::Status created = open_cluster().admin({}).value()->create_topics({{.name = "for-guests"}}, kLong);
  ASSERT_TRUE(created.ok()) << created;
  allow_guest(RD_KAFKA_ACL_OPERATION_READ, "for-guests", broker().open());
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("for-guests").for_each([](const std::string&, const std::string&) {});
  absl::StatusOr<StreamsApp> app = start(builder, "guests", with(by_password(), {{"sasl.username", "guest"}}));
  ASSERT_TRUE(app.ok()) << app.status();
  const absl::Status ended = app->wait_for_end();
  EXPECT_TRUE(absl::IsPermissionDenied(ended)) << ended;
  EXPECT_THAT(ended.message(), HasSubstr("Group authorization failed"));
}

// It has no such user; what is shown is the hint at what it may be instead.
TEST_F(Security, AnOldLibrarysScramIsNamed) {
  if (rd_kafka_version() >= 0x02060100) GTEST_SKIP() << "this librdkafka speaks SCRAM with Kafka 4";
  expect_refusal(with(by_password(), {{"sasl.mechanism", "SCRAM-SHA-512"}}), absl::StatusCode::kUnauthenticated,
                 "SCRAM with Kafka 4 needs librdkafka 2.6.1 or newer");
}

}  // namespace
}  // namespace levada
