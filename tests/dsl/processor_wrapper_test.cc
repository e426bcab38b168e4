#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/dsl/streams_builder.h>
#include <levada/runtime/topology_test_driver.h>
#include <levada/state/key_value_store.h>

namespace levada {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Number = std::int64_t;

Timestamp at(std::int64_t ms) { return Timestamp(Duration(ms)); }

using Wrap = std::function<void(const std::string& node, const AnyRecord&, ProcessorWrapper::Next)>;

class Wrapped final : public ProcessorWrapper {
 public:
  Wrapped(std::string node, Wrap wrap) : node_(std::move(node)), wrap_(std::move(wrap)) {}
  void process(const AnyRecord& record, Next next) override { wrap_(node_, record, next); }

 private:
  std::string node_;
  Wrap wrap_;
};

BuildOptions around(Wrap wrap) {
  return {.wrapper = {.make = [wrap = std::move(wrap)](Context&, const std::string& node) {
            return std::make_unique<Wrapped>(node, wrap);
          }}};
}

StreamsBuilder counting() {
  StreamsBuilder builder;
  builder.stream<std::string, Number>("in")
      .filter([](const Number& value) { return value > 0; }, {.name = "positive"})
      .group_by_key()
      .count({.name = "count", .store = "counts"})
      .to_stream({.name = "stream"})
      .to("out");
  return builder;
}

TEST(ProcessorWrapper, StandsAroundAllProcessors) {
  std::vector<std::string> seen;
  const Topology topology = counting()
                                .build(around([&seen](const std::string& node, const AnyRecord& record, auto next) {
                                  seen.push_back(node);
                                  next(record);
                                }))
                                .value();
  TopologyTestDriver driver(topology, {.caching = false});
  driver.input<std::string, Number>("in").pipe("a", 1, at(0));
  EXPECT_THAT(seen, ElementsAre("positive", "count", "stream"));
  EXPECT_EQ((driver.output<std::string, Number>("out").read_record().value), 1);
}

TEST(ProcessorWrapper, StandsAroundNothingThatFillsAGlobalStore) {
  StreamsBuilder builder;
  builder.global_table<std::string, Number>("in");
  const Topology topology =
      builder.build(around([](const std::string& node, const AnyRecord&, auto) { FAIL() << node; })).value();
  TopologyTestDriver driver(topology);
  driver.input<std::string, Number>("in").pipe("a", 1, at(0));
}

TEST(ProcessorWrapper, SeesKeysAndValuesOfTheTypesItKnows) {
  std::vector<std::string> seen;
  const Topology topology = counting()
                                .build(around([&seen](const std::string&, const AnyRecord& record, auto next) {
                                  const auto* value = record.value<Number>();
                                  if (value != nullptr)
                                    seen.push_back(*record.key<std::string>() + std::to_string(*value));
                                  next(record);
                                }))
                                .value();
  TopologyTestDriver driver(topology, {.caching = false});
  driver.input<std::string, Number>("in").pipe("a", 7, at(0));
  EXPECT_THAT(seen, ElementsAre("a7", "a7"));  // the table's changes are Change<Number>
}

TEST(ProcessorWrapper, CanKeepARecordFromGoingOn) {
  const Topology topology = counting().build(around([](const std::string&, const AnyRecord&, auto) {})).value();
  TopologyTestDriver driver(topology);
  driver.input<std::string, Number>("in").pipe("a", 1, at(0));
  EXPECT_THAT(driver.topics_written(), IsEmpty());
}

TEST(ProcessorWrapper, CanChangeHeadersAndTime) {
  const Topology topology = counting()
                                .build(around([](const std::string& node, const AnyRecord& record, auto next) {
                                  const Headers headers = {{"by", node}};
                                  next(record.with_headers(headers).at(record.timestamp() + Duration(1)));
                                }))
                                .value();
  TopologyTestDriver driver(topology, {.caching = false});
  driver.input<std::string, Number>("in").pipe("a", 1, at(0));
  const auto out = driver.output<std::string, Number>("out").read_record();
  EXPECT_EQ(out.timestamp, at(3));
  EXPECT_THAT(out.headers, ElementsAre(Header{"by", "stream"}));
}

// Counts in a store of its own how often each node was called.
class Counter final : public ProcessorWrapper {
 public:
  using Calls = KeyValueStore<std::string, Number>;

  Counter(Context& context, std::string node)
      : calls_(context.store(StoreRef<Calls>{"calls-of-" + node})), node_(std::move(node)) {}

  void process(const AnyRecord& record, Next next) override {
    calls_.put(node_, calls_.get(node_).value_or(0) + 1);
    next(record);
  }

 private:
  Calls& calls_;
  std::string node_;
};

TEST(ProcessorWrapper, MayAddStores) {
  const BuildOptions options = {
      .wrapper = {
          .make = [](Context& context, const std::string& node) { return std::make_unique<Counter>(context, node); },
          .stores =
              [](const std::string& node) {
                return std::vector<StoreSpec>{Counter::Calls::spec("calls-of-" + node)};
              }}};
  const Topology topology = counting().build(options).value();
  TopologyTestDriver driver(topology);
  auto in = driver.input<std::string, Number>("in");
  in.pipe("a", 1, at(0));
  in.pipe("a", -1, at(0));
  EXPECT_EQ(driver.store<Counter::Calls>("calls-of-positive").get("positive"), 2);
  EXPECT_EQ(driver.store<Counter::Calls>("calls-of-count").get("count"), 1);
}

}  // namespace
}  // namespace levada
