#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/levada.h>
#include <levada/runtime/time_teller.h>
#include <levada/runtime/told_topics.h>
#include <levada/runtime/upstream_times.h>

namespace levada {
namespace {

using namespace std::chrono_literals;

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr Partition kPartitions = 2;

Timestamp at(std::int64_t time) { return Timestamp(Duration(time)); }

// What was sent: where, whether it was a mark, and the time it tells.
struct Sent {
  std::string topic;
  std::optional<Partition> partition;
  bool alone;
  std::optional<Timestamp> told;

  bool operator==(const Sent&) const = default;
};

class SentRecords final : public RecordCollector {
 public:
  SinkTopic topic(const std::string& name) override {
    names_.push_back(name);
    return static_cast<SinkTopic>(names_.size() - 1);
  }
  const std::string& name(SinkTopic topic) const override { return names_[static_cast<std::size_t>(topic)]; }
  Partition partitions(SinkTopic) const override { return kPartitions; }
  void send(SinkTopic topic, const OutputRecord& record) override {
    Sent sent = {name(topic), record.partition, !record.key && !record.value, std::nullopt};
    for (const Header& header : *record.headers) {
      if (header.key == kTimeMarkHeader) sent.told = read_time_mark(*header.value)->time;
    }
    sent_.push_back(std::move(sent));
  }

  std::vector<Sent> take() { return std::exchange(sent_, {}); }

 private:
  std::vector<std::string> names_ = {};
  std::vector<Sent> sent_ = {};
};

class TimeTellerTest : public ::testing::Test {
 protected:
  void send(const std::string& topic, Partition partition, std::int64_t time) {
    teller_.send(topics_.at(topic),
                 {.key = "k", .value = "v", .timestamp = at(time), .headers = &no_headers(), .partition = partition});
  }
  void tell(Timestamp time) {
    teller_.set_time(time);
    if (teller_.has_news(time)) teller_.tell(time);
  }

  ManualClock clock_{};
  SentRecords sent_ = {};
  TimeTeller teller_{
      {.task = {1, 7}, .topics = {{.name = "told"}, {.name = "held", .held_back = true}}, .interval = 1s},
      sent_,
      clock_};
  std::map<std::string, SinkTopic> topics_ = {
      {"told", teller_.topic("told")}, {"held", teller_.topic("held")}, {"other", teller_.topic("other")}};
};

TEST_F(TimeTellerTest, RecordsCarryTheTimeOfTheTask) {
  teller_.set_time(at(5));
  send("told", 1, 3);
  EXPECT_THAT(sent_.take(), ElementsAre(Sent{"told", 1, false, at(5)}));
}

TEST_F(TimeTellerTest, WhatIsKnownIsNotSaidAgain) {
  teller_.set_time(at(5));
  send("told", 1, 5);
  send("told", 1, 4);
  send("told", 0, 4);
  EXPECT_THAT(sent_.take(), ElementsAre(Sent{"told", 1, false, at(5)}, Sent{"told", 1, false, std::nullopt},
                                        Sent{"told", 0, false, at(5)}));
}

TEST_F(TimeTellerTest, OtherTopicsAreToldNothing) {
  teller_.set_time(at(5));
  send("other", 1, 5);
  EXPECT_THAT(sent_.take(), ElementsAre(Sent{"other", 1, false, std::nullopt}));
}

TEST_F(TimeTellerTest, PartitionsThatHaveNotHeardGetAMark) {
  teller_.set_time(at(5));
  send("told", 1, 5);
  sent_.take();
  tell(at(5));
  EXPECT_THAT(sent_.take(), ElementsAre(Sent{"told", 0, true, at(5)}));
}

TEST_F(TimeTellerTest, BeforeTheFirstRecordThereIsNothingToSay) {
  tell(kNoTimestamp);
  EXPECT_THAT(sent_.take(), IsEmpty());
}

TEST_F(TimeTellerTest, MarksWaitForTheInterval) {
  tell(at(5));
  sent_.take();
  clock_.advance(999ms);
  EXPECT_FALSE(teller_.has_news(at(6)));
  clock_.advance(1ms);
  EXPECT_TRUE(teller_.has_news(at(6)));
  EXPECT_FALSE(teller_.has_news(at(5)));
}

TEST_F(TimeTellerTest, WhoHasNothingToComeSaysSoEverywhere) {
  tell(kNothingToCome);
  EXPECT_THAT(sent_.take(), ElementsAre(Sent{"told", 0, true, kNothingToCome}, Sent{"told", 1, true, kNothingToCome},
                                        Sent{"held", 0, true, kNothingToCome}, Sent{"held", 1, true, kNothingToCome}));
}

// Results that waited are older than the time of the task.
TEST_F(TimeTellerTest, BehindWhatHoldsResultsBackItIsTheTimeOfTheResults) {
  teller_.set_time(at(100));
  send("held", 0, 40);
  send("held", 0, 30);
  tell(at(100));
  EXPECT_THAT(sent_.take(), ElementsAre(Sent{"held", 0, false, at(40)}, Sent{"held", 0, false, std::nullopt},
                                        Sent{"told", 0, true, at(100)}, Sent{"told", 1, true, at(100)},
                                        Sent{"held", 1, true, at(40)}));
}

Topology counted_twice() {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("in")
      .select_key([](const std::string&, const std::string& value) { return value; })
      .group_by_key({.name = "first"})
      .windowed_by(TimeWindows::of(1min))
      .emit_strategy(EmitStrategy::on_window_close())
      .count({.store = "counts"})
      .to_stream([](const Windowed<std::string>& key, const std::int64_t&) { return key.key; })
      .group_by_key({.name = "second"})
      .count({.store = "again"});
  return builder.build().value();
}

TEST(ToldTopics, AreThoseBehindWithWhetherResultsWaitOnTheWay) {
  const Topology topology = counted_twice();
  const auto parts = sub_topologies(topology);
  ASSERT_EQ(parts.size(), 3U);
  EXPECT_THAT(told_topics(topology, parts, parts[0]),
              ElementsAre(ToldTopic{.name = "first-repartition", .held_back = false}));
  EXPECT_THAT(told_topics(topology, parts, parts[1]),
              ElementsAre(ToldTopic{.name = "second-repartition", .held_back = true}));
  EXPECT_THAT(told_topics(topology, parts, parts[2]), IsEmpty());
  EXPECT_THAT(telling_sub_topologies(topology, parts, "second-repartition"), ElementsAre(1));
  EXPECT_THAT(telling_sub_topologies(topology, parts, "in"), IsEmpty());
}

TEST(ToldTopics, WhoReadsWhatItWritesTellsItselfNothing) {
  StreamsBuilder builder;
  const auto in = builder.stream<std::string, std::string>("in");
  in.merge(in.repartition({.name = "again"})).to("out");
  const Topology topology = builder.build().value();
  const auto parts = sub_topologies(topology);
  EXPECT_THAT(telling_sub_topologies(topology, parts, "again-repartition"), IsEmpty());
}

TEST(ToldTopics, ChangesOfTablesTellNothing) {
  StreamsBuilder builder;
  builder.table<std::string, std::string>("in")
      .group_by([](const std::string& key, const std::string& value) { return std::pair(value, key); }, {.name = "g"})
      .count({.store = "counts"});
  const Topology topology = builder.build().value();
  const auto parts = sub_topologies(topology);
  EXPECT_THAT(telling_sub_topologies(topology, parts, "g-repartition"), IsEmpty());
}

}  // namespace
}  // namespace levada
