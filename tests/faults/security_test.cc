// Whole applications with a broker that demands to know who comes: those it lets in, and what those are told that it
// does not.
#include <array>
#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <utility>

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
  Security() {
    const absl::Status created = open_->admin({}).value()->create_topics({{.name = "in"}}, kLong);
    EXPECT_TRUE(created.ok()) << created;
    const auto producer = open_->producer({}).value();
    const TopicHandle in = producer->topic("in", kLong).value();
    for (int i = 0; i < kRecords; ++i) {
      EXPECT_TRUE(producer->send({.topic = in, .partition = 0, .key = "k", .value = "v"}).ok());
    }
    EXPECT_TRUE(producer->flush(kLong).ok());
  }

  static Settings with(Settings settings, const Settings& others) {
    for (const auto& [key, value] : others) settings[key] = value;
    return settings;
  }
  Settings by_password(const Settings& others = {}) const {
    Settings settings = {{"bootstrap.servers", broker_.sasl()},
                         {"security.protocol", "SASL_SSL"},
                         {"sasl.mechanism", "PLAIN"},
                         {"sasl.username", "orders"},
                         {"sasl.password", SecuredBroker::kPassword},
                         {"ssl.ca.location", broker_.certificate("ca.pem")}};
    return with(std::move(settings), others);
  }
  Settings by_certificate(const Settings& others = {}) const {
    Settings settings = {{"bootstrap.servers", broker_.mutual_tls()},
                         {"security.protocol", "SSL"},
                         {"ssl.ca.location", broker_.certificate("ca.pem")},
                         {"ssl.certificate.location", broker_.certificate("client.pem")},
                         {"ssl.key.location", broker_.certificate("client.key")}};
    return with(std::move(settings), others);
  }

  absl::StatusOr<StreamsApp> start(StreamsBuilder builder, const std::string& application, const Settings& settings,
                                   Duration start_timeout) {
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
    SCOPED_TRACE(application);
    absl::StatusOr<StreamsApp> app = start(counts(), application, settings, kLong);
    ASSERT_TRUE(app.ok()) << app.status();
    EXPECT_TRUE(eventually([&] { return app->metrics().processed == kRecords; })) << log_.text();
    EXPECT_TRUE(app->stop().ok());
  }

  // A refusal ends the start whenever it comes; without one the start waits to its end.
  void expect_refusal(const char* what, const Settings& settings, absl::StatusCode code, const std::string& reason) {
    SCOPED_TRACE(what);
    const Duration timeout = code == absl::StatusCode::kUnavailable ? 2s : kLong;
    const absl::StatusOr<StreamsApp> app = start(counts(), "refused", settings, timeout);
    ASSERT_FALSE(app.ok());
    const std::string message(app.status().message());
    EXPECT_EQ(app.status().code(), code) << message;
    EXPECT_THAT(message, HasSubstr(reason));
    EXPECT_THAT(message, Not(HasSubstr(SecuredBroker::kPassword)));
  }

  ~Security() override { EXPECT_THAT(log_.text(), Not(HasSubstr(SecuredBroker::kPassword))); }

  const SecuredBroker broker_ = {};
  const std::unique_ptr<Cluster> open_ = KafkaCluster::create({{"bootstrap.servers", broker_.open()}}).value();

 private:
  static StreamsBuilder counts() {
    StreamsBuilder builder;
    builder.stream<std::string, std::string>("in").group_by_key().count({.store = "counts"});
    return builder;
  }

  const testing::TemporaryDirectory directory_ = {};
  LogLines log_ = {};
};

// Few tests, since each starts a broker of its own.
TEST_F(Security, WhoIsKnownIsLetIn) {
  expect_that_it_works("by-password", by_password());
  expect_that_it_works("by-certificate", by_certificate());
  expect_that_it_works("exactly-once", by_password({{"processing.guarantee", "exactly_once_v2"}}));
}

TEST_F(Security, WhoIsNotKnownIsToldWhy) {
  constexpr auto kUnknown = absl::StatusCode::kUnauthenticated;
  constexpr auto kNoAnswer = absl::StatusCode::kUnavailable;
  const std::string unverified = "broker certificate could not be verified";
  expect_refusal("wrong password", by_password({{"sasl.password", "wrong"}}), kUnknown, "Invalid username or password");
  expect_refusal("another authority", by_password({{"ssl.ca.location", broker_.certificate("other-ca.pem")}}), kUnknown,
                 unverified);
  expect_refusal("another name", by_certificate({{"bootstrap.servers", broker_.misnamed()}}), kUnknown, unverified);
  expect_refusal("missing file", by_password({{"ssl.ca.location", broker_.certificate("none.pem")}}),
                 absl::StatusCode::kInvalidArgument, "ssl.ca.location");
  expect_refusal("plain text to TLS", {{"bootstrap.servers", broker_.sasl()}}, kNoAnswer, "security.protocol");
  expect_refusal("TLS to plain text", by_password({{"bootstrap.servers", broker_.open()}}), kNoAnswer,
                 "unexpected eof while reading");
  expect_refusal("no password", by_password({{"security.protocol", "SSL"}}), kNoAnswer,
                 "broker might require SASL authentication");
  expect_refusal("another mechanism", by_password({{"sasl.mechanism", "SCRAM-SHA-256"}}), kUnknown,
                 "supported mechanisms");
  Settings without = by_certificate();
  without.erase("ssl.certificate.location");
  without.erase("ssl.key.location");
  expect_refusal("no certificate", without, kUnknown, "certificate");
  if (rd_kafka_version() >= 0x02060100) return;  // it would be let in
  expect_refusal("SCRAM of an old library", by_password({{"sasl.mechanism", "SCRAM-SHA-512"}}), kUnknown,
                 "SCRAM with Kafka 4 needs librdkafka 2.6.1 or newer");
}

TEST_F(Security, WhoHasNoRightIsToldToWhat) {
  const Settings guest = by_password({{"sasl.username", "guest"}});
  expect_refusal("no right to the topic", guest, absl::StatusCode::kNotFound,
                 "source topics that do not exist: in; create them before the application starts, or give its user the "
                 "right to describe them");
  allow_guest(RD_KAFKA_ACL_OPERATION_READ, "in", broker_.open());
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("in").for_each([](const std::string&, const std::string&) {});
  absl::StatusOr<StreamsApp> app = start(std::move(builder), "guests", guest, kLong);
  ASSERT_TRUE(app.ok()) << app.status();
  const absl::Status ended = app->wait_for_end();
  EXPECT_TRUE(absl::IsPermissionDenied(ended)) << ended;
  EXPECT_THAT(std::string(ended.message()), HasSubstr("Group authorization failed"));
}

}  // namespace
}  // namespace levada
