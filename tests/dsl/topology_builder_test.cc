#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/dsl/topology_builder.h>
#include <levada/runtime/topology_test_driver.h>
#include <levada/state/key_value_store.h>
#include <levada/state/window_store.h>

namespace levada {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

using Number = std::int64_t;
using Sums = KeyValueStore<std::string, Number>;

Timestamp at(std::int64_t ms) { return Timestamp(Duration(ms)); }

std::string mistakes(const TopologyBuilder& builder) { return std::string(builder.build().status().message()); }

class Sum final : public Processor<std::string, Number, std::string, Number> {
 public:
  Sum(Context& context, const StoreRef<Sums>& sums) : sums_(context.store(sums)) {}

  void process(const Record& record) override {
    const Number sum = sums_.get(record.key).value_or(0) + record.value;
    sums_.put(record.key, sum);
    emit(record.with_value(sum));
  }

 private:
  Sums& sums_;
};

class Pass final : public Processor<std::string, Number, std::string, Number> {
 public:
  void process(const Record& record) override { emit(record); }
};

// Sends each number to the child that is called after its sign.
class BySign final : public Processor<std::string, Number, std::string, Number> {
 public:
  void process(const Record& record) override { emit(record, record.value < 0 ? "negative" : "positive"); }
};

class Print final : public Terminal<std::string, std::string> {
 public:
  void process(const Record<std::string, std::string>&) override {}
};

TEST(TopologyBuilder, WiresSourcesProcessorsStoresAndSinks) {
  TopologyBuilder builder;
  const auto sums = builder.add_state_store<Sums>("sums");
  builder.add_source<std::string, Number>("numbers", {"a", "b"})
      .add_processor<Sum>("sum", {"numbers"}, sums)
      .add_sink<std::string, Number>("out", "sums-out", {"sum"});
  const Topology topology = builder.build().value();
  TopologyTestDriver driver(topology);
  driver.input<std::string, Number>("a").pipe("k", 3, at(0));
  driver.input<std::string, Number>("b").pipe("k", 4, at(0));
  EXPECT_THAT((driver.output<std::string, Number>("sums-out").read_key_values()),
              ElementsAre(Pair("k", 3), Pair("k", 7)));
  EXPECT_EQ(driver.store(sums).get("k"), 7);
}

TEST(TopologyBuilder, EmitsToAChildByItsName) {
  TopologyBuilder builder;
  builder.add_source<std::string, Number>("in", "numbers")
      .add_processor<BySign>("by-sign", {"in"})
      .add_sink<std::string, Number>("negative", "minus", {"by-sign"})
      .add_sink<std::string, Number>("positive", "plus", {"by-sign"});
  const Topology topology = builder.build().value();
  TopologyTestDriver driver(topology);
  auto in = driver.input<std::string, Number>("numbers");
  in.pipe("a", 1, at(0));
  in.pipe("b", -1, at(0));
  EXPECT_THAT((driver.output<std::string, Number>("plus").read_key_values()), ElementsAre(Pair("a", 1)));
  EXPECT_THAT((driver.output<std::string, Number>("minus").read_key_values()), ElementsAre(Pair("b", -1)));
}

TEST(TopologyBuilder, EmittingToAChildThatIsNotThereIsAnErrorOfTheProcessor) {
  TopologyBuilder builder;
  builder.add_source<std::string, Number>("in", "numbers").add_processor<BySign>("by-sign", {"in"});
  const Topology topology = builder.build().value();
  TopologyTestDriver driver(topology);
  EXPECT_THAT([&] { (driver.input<std::string, Number>("numbers").pipe("a", 1, at(0))); },
              testing::ThrowsMessage<std::runtime_error>(HasSubstr("by-sign: no node below is called positive")));
}

TEST(TopologyBuilder, SinksChooseATopicByTheContextOfTheRecord) {
  TopologyBuilder builder;
  builder.add_source<std::string, Number>("in", "numbers")
      .add_sink<std::string, Number>("out",
                                     [](const std::string&, const Number&, const RecordContext& context) {
                                       return context.source->topic + "-at-" +
                                              std::to_string(context.timestamp.time_since_epoch().count());
                                     },
                                     {"in"});
  const Topology topology = builder.build().value();
  TopologyTestDriver driver(topology);
  driver.input<std::string, Number>("numbers").pipe("a", 1, at(5));
  EXPECT_THAT(driver.topics_written(), ElementsAre("numbers-at-5"));
}

class Keep final : public Terminal<std::string, Number> {
 public:
  Keep(Context& context, const StoreRef<Sums>& store) : store_(context.store(store)) {}
  void process(const Record<std::string, Number>& record) override { store_.put(record.key, record.value); }

 private:
  Sums& store_;
};

TEST(TopologyBuilder, ReadOnlyStoresHoldWhatStandsInATopicAndHaveNoOtherChangelog) {
  TopologyBuilder builder;
  const auto prices = builder.add_read_only_state_store<Keep, Sums>(
      "prices", {.topic = "price-topic", .source = "read-prices", .processor = "keep-prices"});
  const Topology topology = builder.build().value();
  EXPECT_FALSE(topology.stores.front().logging);
  EXPECT_EQ(topology.stores.front().source_topic, "price-topic");
  TopologyTestDriver driver(topology);
  driver.input<std::string, Number>("price-topic").pipe("apple", 3, at(0));
  EXPECT_EQ(driver.store(prices).get("apple"), 3);
  EXPECT_TRUE(driver.topics_written().empty());
}

class KeepWindows final : public Terminal<std::string, Number> {
 public:
  explicit KeepWindows(const StoreRef<WindowStore<std::string, Number>>&) {}
  void process(const Record<std::string, Number>&) override {}
};

class AddKept final : public Processor<std::string, Number, std::string, Number> {
 public:
  AddKept(Context& context, const StoreRef<Sums>& store) : store_(context.store(store)) {}
  void process(const Record& record) override {
    const Number sum = record.value + store_.get("apple").value_or(0);
    emit(record.with_value(sum));
  }

 private:
  Sums& store_;
};

TEST(TopologyBuilder, GlobalStoresAreReadByAllProcessors) {
  TopologyBuilder builder;
  const auto prices = builder.add_global_store<Sums, Keep>(
      "prices", {.topic = "price-topic", .source = "read-prices", .processor = "keep-prices"});
  builder.add_source<std::string, Number>("in", "numbers")
      .add_processor<AddKept>("add", {"in"}, prices)
      .add_sink<std::string, Number>("out", "sums", {"add"});
  const Topology topology = builder.build().value();
  EXPECT_FALSE(topology.stores.front().logging);
  EXPECT_TRUE(sub_topologies(topology).front().global);
  TopologyTestDriver driver(topology);
  driver.input<std::string, Number>("price-topic").pipe("apple", 3, at(0));
  driver.input<std::string, Number>("numbers").pipe("k", 4, at(1));
  EXPECT_THAT((driver.output<std::string, Number>("sums").read_values()), ElementsAre(7));
}

TEST(TopologyBuilder, GlobalStoresAreKeyValueStores) {
  TopologyBuilder builder;
  builder.add_global_store<WindowStore<std::string, Number>, KeepWindows>(
      "windows", {.topic = "t", .source = "read", .processor = "keep"},
      {.window_size = Duration(1), .retention = Duration(1)});
  EXPECT_EQ(mistakes(builder), "global store windows: only key-value stores can be global");
}

TEST(TopologyBuilder, GlobalStoresHaveNoTimeToLive) {
  TopologyBuilder builder;
  builder.add_global_store<Sums, Keep>("prices", {.topic = "t", .source = "read", .processor = "keep"},
                                       {.ttl = Duration(1)});
  EXPECT_EQ(mistakes(builder), "global store prices: a .ttl needs the time of a task, which a global store has not");
}

TEST(TopologyBuilder, ConnectsStoresByName) {
  TopologyBuilder builder;
  builder.add_source<std::string, Number>("in", "numbers")
      .add_processor<Pass>("a", {"in"})
      .add_processor<Pass>("b", {"in"});
  builder.add_state_store<Sums>("shared", {}, {"a"});
  builder.connect_processor_and_state_stores("b", {"shared"});
  const Topology topology = builder.build().value();
  EXPECT_THAT(topology.nodes.at(1).stores, ElementsAre("shared"));
  EXPECT_THAT(topology.nodes.at(2).stores, ElementsAre("shared"));
}

TEST(TopologyBuilder, TellsWrongTypesInOneSentence) {
  TopologyBuilder builder;
  builder.add_source<std::string, Number>("in", "numbers").add_processor<Print>("print", {"in"});
  EXPECT_EQ(mistakes(builder),
            "node print: it takes levada::Record<std::string, std::string>, but its parent in sends "
            "levada::Record<std::string, std::int64_t>");
}

TEST(TopologyBuilder, TellsThatAnEndSendsNothing) {
  TopologyBuilder builder;
  builder.add_source<std::string, std::string>("in", "texts")
      .add_processor<Print>("print", {"in"})
      .add_sink<std::string, std::string>("out", "printed", {"print"});
  EXPECT_THAT(mistakes(builder), HasSubstr("but its parent print sends nothing"));
}

TEST(TopologyBuilder, TellsAllMistakesOfNamesAtOnce) {
  TopologyBuilder builder;
  builder.add_source<std::string, Number>("in", "numbers").add_processor<Pass>("pass", {"nobody", "in"});
  builder.add_sink<std::string, Number>("out put", "", {"pass"});
  builder.add_state_store<Sums>("sums", {}, {"nobody"});
  const std::string all = mistakes(builder);
  EXPECT_THAT(all, HasSubstr("node pass: there is no node nobody to be its parent; add it before"));
  EXPECT_THAT(all, HasSubstr("node 'out put': only letters"));
  EXPECT_THAT(all, HasSubstr("topic '': the name is empty"));
  EXPECT_THAT(all, HasSubstr("store sums: there is no processor nobody to be connected to it"));
}

TEST(TopologyBuilder, TellsMistakesOfTheWholeTopology) {
  TopologyBuilder builder;
  builder.add_source<std::string, Number>("in", "numbers").add_source<std::string, Number>("again", "numbers");
  builder.add_state_store<Sums>("sums");
  EXPECT_THAT(mistakes(builder), HasSubstr("topic numbers: read by both in and again"));
  EXPECT_THAT(mistakes(builder), HasSubstr("store sums: no processor uses it"));
}

TEST(TopologyBuilder, RefusesAPatternThatMatchesWhatAnotherSourceReads) {
  TopologyBuilder builder;
  builder.add_source<std::string, Number>("logs", TopicPattern("logs-.*"))
      .add_source<std::string, Number>("one", "logs-1");
  EXPECT_THAT(mistakes(builder), HasSubstr("topic logs-1: read by one, and the pattern 'logs-.*' of logs matches it"));
}

TEST(TopologyBuilder, RefusesWhatIsNoRegularExpression) {
  TopologyBuilder builder;
  builder.add_source<std::string, Number>("logs", TopicPattern("logs-("));
  EXPECT_THAT(mistakes(builder), HasSubstr("source logs: topic pattern 'logs-(' is no regular expression"));
}

}  // namespace
}  // namespace levada
