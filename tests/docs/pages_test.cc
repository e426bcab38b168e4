// docs/configuration.md, docs/reliability.md and docs/performance.md.
#include <functional>
#include <map>
#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

#include <levada/levada.h>

namespace levada {
namespace {

using namespace std::chrono_literals;

TEST(ConfigurationPage, SourcesOfSettings) {
  // clang-format off
  levada::StreamsConfig config;
  config.set("application.id", "order-analytics");              // code
  absl::Status read = config.load_file("app.properties");       // a file
  config.load_environment(environ);                             // the environment
  absl::Status args = config.set_all({"num.stream.threads=4"}); // arguments, such as --set key=value
  // clang-format on
  EXPECT_FALSE(read.ok());
  EXPECT_TRUE(args.ok()) << args;
}

TEST(ReliabilityPage, ExactlyOnce) {
  levada::StreamsConfig config;
  // clang-format off
  config.set("processing.guarantee", "exactly_once_v2");
  // clang-format on
  EXPECT_EQ(config.processing_guarantee(), ProcessingGuarantee::kExactlyOnceV2);
}

TEST(ReliabilityPage, StandbysAndStaticMembers) {
  levada::StreamsConfig config;
  // clang-format off
  config.set("group.instance.id", "orders-1");
  config.set("num.standby.replicas", "1");
  // clang-format on
  EXPECT_EQ(config.num_standby_replicas(), 1);
  EXPECT_EQ(config.group_instance_id(), "orders-1");
}

class Lag final : public levada::StandbyUpdateListener {
  void on_update_start(const levada::TopicPartition&, const std::string&, levada::Offset) override {}
  void on_batch_loaded(const levada::TopicPartition& changelog, const std::string&, const levada::TaskId&,
                       levada::Offset next, std::uint64_t, levada::Offset end) override {
    behind[changelog] = end - next;
  }
  void on_update_suspended(const levada::TopicPartition& changelog, const std::string&, levada::Offset, levada::Offset,
                           levada::StandbySuspendReason) override {
    behind.erase(changelog);
  }

 public:
  std::map<levada::TopicPartition, levada::Offset> behind = {};
};

TEST(ReliabilityPage, ListenerOfStandbys) {
  Lag lag;
  levada::StandbyUpdateListener& listener = lag;
  listener.on_batch_loaded({"app-counts-changelog", 0}, "counts", {0, 0}, 7, 7, 10);
  EXPECT_EQ(lag.behind.at({"app-counts-changelog", 0}), 3);
  listener.on_update_suspended({"app-counts-changelog", 0}, "counts", 7, 10, StandbySuspendReason::kMigrated);
  EXPECT_TRUE(lag.behind.empty());
}

struct Order {
  std::string customer;
  double amount = 0;
  static constexpr auto json_fields() {
    return levada::json_fields("customer", &Order::customer, "amount", &Order::amount);
  }
};

TEST(PerformancePage, Combiner) {
  StreamsBuilder builder;
  const auto orders = builder.stream<std::string, Order>("orders");
  // clang-format off
  orders.group_by(&Order::customer, {.name = "by-customer", .combining = true})
      .windowed_by(TimeWindows::of(1h, {.grace = 10min}))
      .aggregate(0.0, [](double sum, const Order& order) { return sum + order.amount; },
                 std::plus<>(),  // how two sums become one
                 {.store = "revenue"});
  // clang-format on
  const absl::StatusOr<Topology> topology = builder.build();
  ASSERT_TRUE(topology.ok()) << topology.status();
  EXPECT_NE(describe(*topology).find("by-customer-repartition-combiner"), std::string::npos) << describe(*topology);
}

}  // namespace
}  // namespace levada
