// docs/processor-api.md and docs/plan.md.
#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include <levada/levada.h>

#include "tests/support/temporary_directory.h"

namespace levada {
namespace {

using namespace std::chrono_literals;

struct Order {
  std::string customer;
  double amount = 0;
  static constexpr auto json_fields() {
    return levada::json_fields("customer", &Order::customer, "amount", &Order::amount);
  }
};

Timestamp at(Duration time) { return Timestamp(time); }

// clang-format off
class Deduplicate final : public levada::Processor<std::string, Order, std::string, Order> {
 public:
  using Seen = levada::KeyValueStore<std::string, levada::Timestamp>;

  Deduplicate(Context& context, const levada::StoreRef<Seen>& seen) : seen_(context.store(seen)) {
    context.schedule(1min, levada::PunctuationType::kStreamTime, [this](levada::Timestamp now) { forget(now - 1h); });
  }
  void process(const Record& order) override {
    if (!seen_.put_if_absent(order.key, order.timestamp)) emit(order);
  }
  // clang-format on

 private:
  void forget(levada::Timestamp before) {
    for (const auto& [key, time] : seen_.all()) {
      if (time < before) seen_.erase(key);
    }
  }

  Seen& seen_;
};

class Price final : public FixedKeyProcessor<std::string, Order, double> {
 public:
  void process_value(const Record& order) override { emit(order.value.amount); }
};

class Trace final : public ProcessorWrapper {
 public:
  explicit Trace(std::string node) : node_(std::move(node)) {}
  void process(const AnyRecord& record, Next next) override {
    const Headers headers = {{"last", node_}};
    next(record.with_headers(headers));
  }

 private:
  std::string node_;
};

// The order is forgotten behind its record at 3 h, and so new when it comes again.
std::size_t uniques(const Topology& topology) {
  TopologyTestDriver driver(topology);
  auto in = driver.input<std::string, Order>("order-events");
  in.pipe("o-1", {}, at(1min));
  in.pipe("o-1", {}, at(2min));
  in.pipe("o-1", {}, at(3h));
  in.pipe("o-1", {}, at(3h));
  return driver.output<std::string, Order>("unique-orders").read_records().size();
}

TEST(ProcessorApiPage, InTheDsl) {
  StreamsBuilder builder;
  const auto events = builder.stream<std::string, Order>("order-events");
  // clang-format off
  auto seen = builder.add_store<Deduplicate::Seen>("seen");
  events.process<Deduplicate>(seen).to("unique-orders");     // .process(() -> new Deduplicate(), "seen")
  events.process_values<Price>(levada::Named{"price"});      // .processValues(Price::new, Named.as("price"))
  // clang-format on
  EXPECT_EQ(uniques(builder.build().value()), 2U);
}

TEST(ProcessorApiPage, WiredByHand) {
  // clang-format off
  levada::TopologyBuilder builder;                                       // new Topology()
  const auto seen = builder.add_state_store<Deduplicate::Seen>("seen");  // .addStateStore(Stores.keyValueStoreBuilder(…))
  builder.add_source<std::string, Order>("orders", "order-events")       // .addSource("orders", "order-events")
      .add_processor<Deduplicate>("dedup", {"orders"}, seen)             // .addProcessor("dedup", Deduplicate::new, "orders")
      .add_sink<std::string, Order>("out", "unique-orders", {"dedup"});  // .addSink("out", "unique-orders", "dedup")
  builder.connect_processor_and_state_stores("dedup", {"seen"});         // .connectProcessorAndStateStores("dedup", "seen")
  absl::StatusOr<levada::Topology> topology = builder.build();
  // clang-format on
  ASSERT_TRUE(topology.ok()) << topology.status();
  EXPECT_EQ(uniques(*topology), 2U);
}

TEST(ProcessorApiPage, Wrapping) {
  StreamsBuilder streams;
  streams.stream<std::string, std::string>("in").filter([](const std::string&) { return true; }).to("out");
  const auto build = [&streams] {
    StreamsBuilder& builder = streams;
    return
        // clang-format off
    builder.build({.wrapper = {.make = [](levada::Context&, const std::string& node) {
      return std::make_unique<Trace>(node);
    }}});
    // clang-format on
  };
  const Topology topology = build().value();
  TopologyTestDriver driver(topology);
  driver.input<std::string, std::string>("in").pipe("a", "b", at(0s));
  EXPECT_EQ((driver.output<std::string, std::string>("out").read_record().headers),
            (Headers{{"last", "KSTREAM-FILTER-0000000001"}}));
}

TEST(PlanPage, SavingATopology) {
  const std::filesystem::path before = std::filesystem::current_path();
  const testing::TemporaryDirectory folder;
  std::filesystem::current_path(folder.path());
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("in").to("out");
  // clang-format off
  const absl::StatusOr<levada::Topology> topology = builder.build();
  std::ofstream("orders-1.5.json") << levada::to_json(levada::saved(*topology));
  // clang-format on
  std::ostringstream text;
  text << std::ifstream("orders-1.5.json").rdbuf();
  std::filesystem::current_path(before);
  EXPECT_TRUE(read_saved_topology(text.str()).ok());
}

}  // namespace
}  // namespace levada
