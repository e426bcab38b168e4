#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/dsl/streams_builder.h>
#include <levada/runtime/topology_test_driver.h>
#include <levada/state/key_value_store.h>

namespace levada {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

using Number = std::int64_t;
using Seen = KeyValueStore<std::string, Number>;

Timestamp at(std::int64_t ms) { return Timestamp(Duration(ms)); }

// Passes the first record of each key, and every second tells by its wall clock how many keys there are.
class First final : public Processor<std::string, Number, std::string, Number> {
 public:
  First(Context& context, const StoreRef<Seen>& seen) : seen_(context.store(seen)) {
    context.schedule(std::chrono::seconds(1), PunctuationType::kWallClockTime, [this](Timestamp now) { tell(now); });
  }

  void process(const Record& record) override {
    if (!seen_.put_if_absent(record.key, record.value)) emit(record);
  }

 private:
  void tell(Timestamp now) {
    const std::string key = "keys";
    const Number keys = static_cast<Number>(seen_.all().to_vector().size());
    emit({key, keys, now});
  }

  Seen& seen_;
};

TEST(Process, RunsAProcessorWithStoresAndPunctuators) {
  StreamsBuilder builder;
  const auto seen = builder.add_store<Seen>("seen");
  builder.stream<std::string, Number>("in").process<First>(seen).to("out");
  const Topology topology = builder.build().value();
  TopologyTestDriver driver(topology);
  auto in = driver.input<std::string, Number>("in");
  in.pipe("a", 1, at(0));
  in.pipe("a", 2, at(0));
  in.pipe("b", 3, at(0));
  driver.advance_wall_clock_time(std::chrono::seconds(1));
  EXPECT_THAT((driver.output<std::string, Number>("out").read_key_values()),
              ElementsAre(Pair("a", 1), Pair("b", 3), Pair("keys", 2)));
  EXPECT_EQ(driver.store(seen).get("a"), 1);
}

TEST(Process, ConnectedProcessorsShareAStoreAndATask) {
  StreamsBuilder builder;
  const auto seen = builder.add_store<Seen>("seen");
  builder.stream<std::string, Number>("a").process<First>(seen).to("x");
  builder.stream<std::string, Number>("b").process<First>(Named{"other"}, seen).to("y");
  const Topology topology = builder.build().value();
  EXPECT_EQ(sub_topologies(topology).size(), 1U);
  EXPECT_THAT(describe(topology), HasSubstr("Processor: other (stores: [seen])"));
}

TEST(Process, StoreThatWasNeverAddedIsAMistake) {
  StreamsBuilder builder;
  builder.stream<std::string, Number>("in").process<First>(StoreRef<Seen>{"nowhere"}).to("out");
  EXPECT_THAT(std::string(builder.build().status().message()), HasSubstr("there is no store nowhere"));
}

class Double final : public FixedKeyProcessor<std::string, Number, Number> {
 public:
  void process_value(const Record& record) override { emit(record.value * 2); }
};

TEST(Process, FixedKeyProcessorsNeedNoRepartition) {
  StreamsBuilder builder;
  builder.stream<std::string, Number>("in").process_values<Double>().group_by_key().count().to_stream().to("counts");
  builder.stream<std::string, Number>("in").process_values<Double>().to("out");
  const Topology topology = builder.build().value();
  EXPECT_TRUE(topology.repartition_topics.empty());
  TopologyTestDriver driver(topology);
  driver.input<std::string, Number>("in").pipe("a", 4, at(0));
  EXPECT_THAT((driver.output<std::string, Number>("out").read_key_values()), ElementsAre(Pair("a", 8)));
}

class Later final : public FixedKeyProcessor<std::string, Number, Number> {
 public:
  void process_value(const Record& record) override {
    const Headers headers = {{"by", "later"}};
    emit(record.value, {.timestamp = record.timestamp + Duration(5), .headers = &headers, .child = "one"});
  }
};

TEST(Process, FixedKeyProcessorsEmitWithOtherTimesAndHeadersToOneChild) {
  StreamsBuilder builder;
  const auto later = builder.stream<std::string, Number>("in").process_values<Later>();
  later.to("a", {.name = "one"});
  later.to("b", {.name = "other"});
  const Topology topology = builder.build().value();
  TopologyTestDriver driver(topology);
  driver.input<std::string, Number>("in").pipe("a", 4, at(0));
  EXPECT_THAT(driver.topics_written(), ElementsAre("a"));
  const auto out = driver.output<std::string, Number>("a").read_record();
  EXPECT_EQ(out.timestamp, at(5));
  EXPECT_THAT(out.headers, ElementsAre(Header{"by", "later"}));
}

using Values = KeyValueStore<std::string, Number>;

// Emits a second later than it is told to.
class SecondLater final : public Processor<std::string, Number, std::string, Number> {
 public:
  SecondLater(Context& context, const StoreRef<Values>& values) : values_(context.store(values)) {}

  void process(const Record& record) override {
    emit(record.at(record.timestamp + std::chrono::seconds(1)));
    values_.put(record.key, record.value);
  }

 private:
  Values& values_;
};

class Keep final : public Processor<std::string, Number, std::string, Number> {
 public:
  Keep(Context& context, const StoreRef<Values>& values) : context_(context), values_(context.store(values)) {}

  void process(const Record& record) override {
    values_.put(record.key, record.value);
    const Number time = context_.record().timestamp.time_since_epoch().count();
    emit(record.with_value(time));
  }

 private:
  Context& context_;
  Values& values_;
};

TEST(Process, WhatIsEmittedAtAnotherTimeHappensThen) {
  StreamsBuilder builder;
  const auto above = builder.add_store<Values>("above");
  const auto below = builder.add_store<Values>("below");
  builder.stream<std::string, Number>("in").process<SecondLater>(above).process<Keep>(below).to("out");
  const Topology topology = builder.build().value();
  TopologyTestDriver driver(topology);
  driver.input<std::string, Number>("in").pipe("a", 4, at(5));
  EXPECT_EQ((driver.output<std::string, Number>("out").read_record().value), 1005);
  EXPECT_EQ(driver.records("app-above-changelog").front().timestamp, at(5));
  EXPECT_EQ(driver.records("app-below-changelog").front().timestamp, at(1005));
}

class Collect final : public Terminal<std::string, Number> {
 public:
  explicit Collect(std::set<Number>* into) : into_(into) {}
  void process(const Record<std::string, Number>& record) override { into_->insert(record.value); }

 private:
  std::set<Number>* into_;
};

TEST(Process, CanEndInATerminal) {
  StreamsBuilder builder;
  std::set<Number> collected;
  builder.stream<std::string, Number>("in").process<Collect>(&collected);
  const Topology topology = builder.build().value();
  TopologyTestDriver driver(topology);
  driver.input<std::string, Number>("in").pipe("a", 4, at(0));
  EXPECT_THAT(collected, ElementsAre(4));
}

}  // namespace
}  // namespace levada
