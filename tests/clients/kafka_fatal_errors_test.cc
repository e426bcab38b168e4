// What librdkafka calls fatal for a client, said by librdkafka's own mock of a broker: no real one can be made to.

#include <memory>
#include <string>
#include <thread>

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <levada/runtime/kafka_cluster.h>

#include "tests/clients/client_test.h"

namespace levada::testing {
namespace {

constexpr std::int16_t kProduce = 0;  // Kafka's number of the request

class KafkaFatalErrors : public ::testing::Test {
 protected:
  KafkaFatalErrors() { rd_kafka_mock_topic_create(broker_.get(), "topic", 1, 1); }

  struct Destroy {
    void operator()(rd_kafka_t* client) const { rd_kafka_destroy(client); }
    void operator()(rd_kafka_mock_cluster_t* broker) const { rd_kafka_mock_cluster_destroy(broker); }
  };
  std::unique_ptr<rd_kafka_t, Destroy> host_{rd_kafka_new(RD_KAFKA_PRODUCER, rd_kafka_conf_new(), nullptr, 0)};
  std::unique_ptr<rd_kafka_mock_cluster_t, Destroy> broker_{rd_kafka_mock_cluster_new(host_.get(), 1)};
  std::unique_ptr<Cluster> cluster_ =
      KafkaCluster::create({{"bootstrap.servers", rd_kafka_mock_cluster_bootstraps(broker_.get())}}).value();
};

TEST_F(KafkaFatalErrors, ABrokenSequenceCostsAProducerOnlyWhatItWasSending) {
  const auto producer = cluster_->producer({}).value();
  const TopicHandle topic = producer->topic("topic", kPatience).value();
  rd_kafka_mock_push_request_errors(broker_.get(), kProduce, 1, RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER);
  ASSERT_TRUE(producer->send({.topic = topic, .partition = 0, .value = "lost"}).ok());
  const absl::Status failed = producer->flush(kPatience);
  EXPECT_TRUE(absl::IsAborted(failed)) << failed;

  ASSERT_TRUE(producer->send({.topic = topic, .partition = 0, .value = "arrives"}).ok());
  const absl::Status flushed = producer->flush(kPatience);
  EXPECT_TRUE(flushed.ok()) << flushed;

  const auto consumer = cluster_->consumer({}).value();
  ASSERT_TRUE(consumer->assign({{.partition = {"topic", 0}}}).ok());
  Collector seen;
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (seen.records.empty() && std::chrono::steady_clock::now() < deadline) {
    ASSERT_TRUE(consumer->poll(100ms, 10, seen).ok());
  }
  EXPECT_THAT(values_of(seen.records), ::testing::ElementsAre("arrives"));
}

TEST_F(KafkaFatalErrors, SendTellsOfABrokenSequenceToo) {
  const auto producer = cluster_->producer({}).value();
  const TopicHandle topic = producer->topic("topic", kPatience).value();
  rd_kafka_mock_push_request_errors(broker_.get(), kProduce, 1, RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER);
  absl::Status sent;
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (sent.ok() && std::chrono::steady_clock::now() < deadline) {
    sent = producer->send({.topic = topic, .partition = 0, .value = "value"});
    std::this_thread::sleep_for(50us);  // what is still to be sent when it fails has to be given up, too
  }
  EXPECT_TRUE(absl::IsAborted(sent)) << sent;
  (void)producer->flush(kPatience);
  const absl::Status flushed = producer->flush(kPatience);
  EXPECT_TRUE(flushed.ok()) << flushed;
}

}  // namespace
}  // namespace levada::testing
