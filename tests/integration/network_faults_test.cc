// Whole applications whose network breaks, while others reach the same broker: nothing is lost, and under exactly-once
// nothing counts twice.
#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/levada.h>
#include <levada/runtime/kafka_cluster.h>

#include "tests/integration/counting.h"
#include "tests/support/bad_network.h"
#include "tests/support/eventually.h"
#include "tests/support/kafka_broker.h"

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

std::unique_ptr<Cluster> cluster_at(const std::string& address) {
  return KafkaCluster::create({{"bootstrap.servers", address}}).value();
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

  // What happens is in the middle of work: some records have been counted, others are on their way.
  void expect_that_nothing_is_lost(const std::function<void()>& breaks) {
    absl::StatusOr<StreamsApp> app = start();
    ASSERT_TRUE(app.ok()) << app.status();
    counting_.send();
    ASSERT_TRUE(all_are_counted());
    counting_.send();
    breaks();
    for (int i = 0; i < 3; ++i) counting_.send();
    counting_.flush();
    ASSERT_TRUE(eventually([&] { return counting_.log.count("warn: ") > 0 || counting_.has_all(); }));
    network_.heal();
    counting_.send();
    counting_.flush();
    EXPECT_TRUE(all_are_counted());
    const absl::Status stopped = app->stop();
    EXPECT_TRUE(stopped.ok()) << stopped;
  }

  BadNetwork network_ = {};
  KafkaBroker broker_{proxied(network_)};
  std::unique_ptr<Cluster> direct_ = cluster_at(broker_.bootstrap());
  std::unique_ptr<Cluster> through_network_ = cluster_at(network_.address());
  Counting counting_{*direct_};
};

TEST_P(NetworkFaults, ACutIsOutlived) {
  expect_that_nothing_is_lost([this] { network_.cut(); });
}

TEST_P(NetworkFaults, AConnectionThatFallsSilentIsOutlived) {
  expect_that_nothing_is_lost([this] { network_.silence(); });
}

TEST_P(NetworkFaults, ASlowNetworkIsOnlySlow) {
  expect_that_nothing_is_lost([this] { network_.slow(200ms); });
}

TEST_P(NetworkFaults, AStartWaitsForTheNetwork) {
  network_.cut();
  counting_.send();
  counting_.flush();
  auto starting = std::async(std::launch::async, [this] { return start(); });
  ASSERT_TRUE(eventually([this] { return counting_.log.count("warn: no broker answers yet") == 1; }));
  network_.heal();
  absl::StatusOr<StreamsApp> app = starting.get();
  ASSERT_TRUE(app.ok()) << app.status();
  EXPECT_TRUE(all_are_counted());
  EXPECT_TRUE(app->stop().ok());
}

INSTANTIATE_TEST_SUITE_P(Guarantees, NetworkFaults, ::testing::Values("at_least_once", "exactly_once_v2"),
                         [](const auto& each) { return std::string(each.param); });

}  // namespace
}  // namespace levada
