// Whole applications whose network breaks, while others reach the same broker: nothing is lost, and under exactly-once
// nothing counts twice.
#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/levada.h>
#include <levada/runtime/kafka_cluster.h>

#include "tests/faults/counting.h"
#include "tests/support/bad_network.h"
#include "tests/support/eventually.h"
#include "tests/support/kafka_broker.h"
#include "tests/support/log_lines.h"

namespace levada {
namespace {

using namespace std::chrono_literals;
using testing::BadNetwork;
using testing::Counting;
using testing::eventually;
using testing::KafkaBroker;
using testing::KafkaBrokerOptions;

KafkaBrokerOptions proxied(const BadNetwork& network) {
  return {
      .listeners = {"PROXIED:" + network.port()},
      .properties = "\nlistener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,PROXIED:PLAINTEXT\n"};
}

std::unique_ptr<Cluster> cluster_at(const std::string& address, Logger log = {}) {
  return KafkaCluster::create({{"bootstrap.servers", address}}, std::move(log)).value();
}

// The parameter is the guarantee.
class NetworkFaults : public ::testing::TestWithParam<const char*> {
 protected:
  NetworkFaults() {
    network_.lead_to(broker_.listener("PROXIED"));
    counting_.config.set("bootstrap.servers", network_.address());
    counting_.config.set("processing.guarantee", GetParam());
    counting_.config.set("socket.timeout.ms", "3000");
  }

  absl::StatusOr<StreamsApp> start() { return counting_.start(through_network_.get()); }

  ::testing::AssertionResult all_are_counted() {
    const bool once = counting_.config.processing_guarantee() == ProcessingGuarantee::kExactlyOnceV2;
    const bool seen = eventually([&] { return once ? counting_.has_exactly_all() : counting_.has_all(); });
    return seen ? ::testing::AssertionSuccess() : ::testing::AssertionFailure() << counting_.log.text();
  }

  void count_once_more() {
    counting_.send();
    counting_.flush();
  }

  // What happens is in the middle of work: some records have been counted, others are on their way.
  void expect_that_nothing_is_lost(const char* what, const std::function<void()>& breaks) {
    SCOPED_TRACE(what);
    const int failures = network_log_.count("facility=");
    counting_.send();
    breaks();
    for (int i = 0; i < 3; ++i) count_once_more();
    ASSERT_TRUE(eventually([&] { return network_log_.count("facility=") > failures || counting_.has_all(); }));
    network_.heal();
    count_once_more();
    EXPECT_TRUE(all_are_counted());
  }

  testing::LogLines network_log_ = {};  // of librdkafka: what it cannot reach
  BadNetwork network_ = {};
  KafkaBroker broker_{proxied(network_)};
  std::unique_ptr<Cluster> direct_ = cluster_at(broker_.bootstrap());
  std::unique_ptr<Cluster> through_network_ = cluster_at(network_.address(), Logger(network_log_, LogLevel::kWarn));
  Counting counting_{*direct_};
};

// One test for all, since each would start a broker of its own.
TEST_P(NetworkFaults, AreOutlived) {
  network_.cut();
  count_once_more();
  auto starting = std::async(std::launch::async, [this] { return start(); });
  ASSERT_TRUE(eventually([this] { return counting_.log.count("warn: no broker answers yet") == 1; }));
  network_.heal();
  absl::StatusOr<StreamsApp> app = starting.get();
  ASSERT_TRUE(app.ok()) << app.status();
  ASSERT_TRUE(all_are_counted());

  expect_that_nothing_is_lost("connections are cut", [this] { network_.cut(); });
  expect_that_nothing_is_lost("connections fall silent", [this] { network_.silence(); });
  expect_that_nothing_is_lost("the network is slow", [this] { network_.slow(200ms); });
  const absl::Status stopped = app->stop();
  EXPECT_TRUE(stopped.ok()) << stopped;
}

INSTANTIATE_TEST_SUITE_P(Guarantees, NetworkFaults, ::testing::Values("at_least_once", "exactly_once_v2"),
                         [](const auto& each) { return std::string(each.param); });

}  // namespace
}  // namespace levada
