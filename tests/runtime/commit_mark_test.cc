// At-least-once, where it is better than its name: what a killed instance had sent to changelogs and not committed is
// taken back when the next one starts on its disk, so that no state has it twice.

#include <chrono>
#include <map>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/core/offset_metadata.h>
#include <levada/runtime/commit_mark.h>

#include "tests/runtime/exactly_once_world.h"

namespace levada::testing {
namespace {

using ::testing::Contains;
using ::testing::Key;
using ::testing::Not;
using ::testing::SizeIs;

constexpr const char* kTakenBack = "what was not committed is taken back";

Topology counts_by_key(StoreEngine engine = StoreEngine::kRocksDb) {
  StreamsBuilder builder;
  builder.stream<std::string, std::string>("in")
      .group_by_key()
      .count({.store = "counts", .engine = engine})
      .to_stream()
      .to("counts");
  return builder.build().value();
}

// Without a repartition topic: what is sent there twice is counted twice, whatever state does.
class CountingWorld {
 public:
  explicit CountingWorld(Topology topology = counts_by_key(), Settings more = {})
      : world(std::move(topology), with(std::move(more))) {}

  void send() {
    const TopicHandle in = producer_->topic("in", 1s).value();
    for (int i = 0; i < kBatch; ++i) {
      const std::string key = "k" + std::to_string(i % kKeys);
      ASSERT_TRUE(
          producer_
              ->send({.topic = in, .partition = i % kPartitions, .key = key, .value = "v", .timestamp = world.now()})
              .ok());
      ++sent_[key];
    }
  }
  Offset committed() {
    Offset sum = 0;
    const std::vector<CommittedOffset> offsets = world.admin().committed("app", {{"in", 0}, {"in", 1}}, 1s).value();
    for (const CommittedOffset& each : offsets) {
      sum += std::max<Offset>(0, each.offset);
    }
    return sum;
  }
  void run_until_committed() {
    Offset all = 0;
    for (const auto& [key, count] : sent_) all += count;
    world.run_until([&] { return committed() == all; });
  }
  // Its changes are in the changelogs, and its offsets are not committed.
  void kill_in_the_commit(World::Instance& instance) {
    bool killed = false;
    instance.cluster().set_fault([&killed](const Request& request) {
      if (request.what != "commit") return absl::OkStatus();
      killed = true;
      return absl::UnavailableError("killed");
    });
    world.run_until([&] { return killed; });
    instance.kill();
  }
  Counts changelog() {
    Counts latest;
    for (const Seen& each : world.read("app-counts-changelog")) {
      if (each.has_value) {
        latest[each.key] = Serde<std::int64_t>().decode(each.value);
      } else {
        latest.erase(each.key);
      }
    }
    return latest;
  }
  const Counts& sent() const { return sent_; }

  World world;

 private:
  static Settings with(Settings more) {
    more.insert({{"processing.guarantee", "at_least_once"}, {"commit.interval.ms", "100"}});
    return more;
  }

  std::unique_ptr<Producer> producer_ = world.broker().producer({}).value();
  Counts sent_ = {};
};

TEST(CommitMark, WhatWasNotCommittedCountsOnce) {
  CountingWorld counting;
  auto& instance = counting.world.add("a");
  counting.send();
  counting.run_until_committed();
  counting.send();
  counting.kill_in_the_commit(instance);
  ASSERT_EQ(counting.changelog(), counting.sent()) << "the changelog has what was not committed";

  instance.start();
  counting.run_until_committed();

  EXPECT_EQ(counting.world.log().count(kTakenBack), kPartitions) << counting.world.log().text();
  EXPECT_EQ(instance.restored(), 0U);
  EXPECT_EQ(counting.world.counts(), counting.sent());
  EXPECT_EQ(counting.changelog(), counting.sent());
  instance.stop();
  EXPECT_EQ(counting.world.stored(instance), counting.sent());
}

TEST(CommitMark, ItCountsOnceHoweverOftenTheInstanceDies) {
  CountingWorld counting;
  auto& instance = counting.world.add("a");
  counting.send();
  counting.run_until_committed();
  for (int i = 0; i < 3; ++i) {
    counting.send();
    for (int j = 0; j < 3; ++j) {
      counting.kill_in_the_commit(instance);
      instance.start();
    }
    counting.run_until_committed();
  }
  instance.stop();
  EXPECT_EQ(counting.changelog(), counting.sent());
  EXPECT_EQ(counting.world.stored(instance), counting.sent());
}

TEST(CommitMark, TheFirstCommitThatFailsIsTakenBackLikeAnyOther) {
  CountingWorld counting;
  auto& instance = counting.world.add("a");
  counting.send();
  counting.run_until_committed();
  const auto commits = [&] { return instance.metrics().commits.load(); };
  instance.kill();
  instance.start();
  counting.send();
  counting.kill_in_the_commit(instance);
  instance.start();
  counting.run_until_committed();
  EXPECT_GT(commits(), 0U);
  EXPECT_EQ(counting.world.counts(), counting.sent());
}

// Under a key that comes another time: what the second run does is not what the first one did.
using Values = KeyValueStore<std::string, std::int64_t>;

class Attempts final : public Processor<std::string, std::string, std::string, std::int64_t> {
 public:
  Attempts(Context& context, const StoreRef<Values>& store, const int* attempt)
      : attempt_(*attempt), store_(context.store(store)) {}
  void process(const Record& record) override {
    store_.put("attempt " + std::to_string(attempt_), 1);
    const std::int64_t one = 1;
    emit(record.with_value(one));
  }

 private:
  const int& attempt_;
  Values& store_;
};

TEST(CommitMark, WhatIsNotDoneAgainIsGone) {
  int attempt = 0;
  StreamsBuilder builder;
  const StoreRef<Values> store = builder.add_store<Values>("counts");
  builder.stream<std::string, std::string>("in").process<Attempts>(store, &attempt).to("counts");
  CountingWorld counting(builder.build().value());
  auto& instance = counting.world.add("a");
  counting.send();
  counting.run_until_committed();
  attempt = 1;
  counting.send();
  counting.kill_in_the_commit(instance);
  ASSERT_THAT(counting.changelog(), Contains(Key("attempt 1")));
  attempt = 2;
  instance.start();
  counting.run_until_committed();

  EXPECT_THAT(counting.changelog(), Not(Contains(Key("attempt 1"))));
  EXPECT_THAT(counting.changelog(), Contains(Key("attempt 2")));
}

TEST(CommitMark, WhatOthersHaveCommittedIsRestored) {
  CountingWorld counting;
  auto& first = counting.world.add("a");
  counting.send();
  counting.run_until_committed();
  counting.send();
  counting.kill_in_the_commit(first);
  counting.world.clock().advance(5s);
  auto& second = counting.world.add("b");
  counting.run_until_committed();
  second.stop();
  const int taken_back = counting.world.log().count(kTakenBack);

  first.start();
  counting.send();
  counting.run_until_committed();

  EXPECT_EQ(counting.world.log().count(kTakenBack), taken_back);
  EXPECT_GT(first.restored(), 0U);
  first.stop();
  EXPECT_EQ(counting.world.stored(first), counting.changelog());
}

TEST(CommitMark, StoresInMemoryAreRestoredWhole) {
  CountingWorld counting(counts_by_key(StoreEngine::kInMemory));
  auto& instance = counting.world.add("a");
  counting.send();
  counting.run_until_committed();
  instance.kill();
  instance.start();
  counting.send();
  counting.run_until_committed();
  EXPECT_EQ(counting.world.log().count(kTakenBack), 0);
  EXPECT_GT(instance.restored(), 0U);
  EXPECT_EQ(counting.world.counts(), counting.sent());
}

TEST(CommitMark, WindowsAndSessionsAreTakenBackToo) {
  StreamsBuilder builder;
  const auto grouped = builder.stream<std::string, std::string>("in").group_by_key();
  grouped.windowed_by(TimeWindows::of(1h, {.grace = 10min})).count({.store = "hours"});
  grouped.windowed_by(SessionWindows::of(5min, {.grace = 10min})).count({.store = "sessions"});
  CountingWorld counting(builder.build().value());
  auto& instance = counting.world.add("a");
  counting.send();
  counting.run_until_committed();
  const auto latest = [&](const std::string& topic) {
    std::map<std::string, std::string> values;
    for (const Seen& each : counting.world.read(topic)) {
      each.has_value ? void(values[each.key] = each.value) : void(values.erase(each.key));
    }
    return values;
  };
  counting.world.clock().advance(1min);
  counting.send();
  counting.kill_in_the_commit(instance);
  instance.start();
  counting.run_until_committed();

  for (const std::string store : {"hours", "sessions"}) {
    const auto values = latest("app-" + store + "-changelog");
    EXPECT_THAT(values, SizeIs(kKeys)) << store;
    for (const auto& [key, value] : values) {
      EXPECT_EQ(Serde<std::int64_t>().decode(value), 2 * kBatch / kKeys) << store;
    }
  }
  EXPECT_EQ(counting.world.log().count(kTakenBack), 2 * kPartitions);
}

TEST(CommitMark, IsOfAllEndsAndAllPositions) {
  const std::int64_t mark = commit_mark({{"a", 1}, {"b", 2}}, {{{"in", 0}, 3}});
  EXPECT_EQ(mark, commit_mark({{"a", 1}, {"b", 2}}, {{{"in", 0}, 3}}));
  EXPECT_NE(mark, commit_mark({{"a", 1}, {"b", 3}}, {{{"in", 0}, 3}}));
  EXPECT_NE(mark, commit_mark({{"a", 1}, {"b", 2}}, {{{"in", 0}, 4}}));
  EXPECT_NE(mark, commit_mark({{"a", 1}}, {{{"in", 0}, 3}}));
}

TEST(CommitMark, IsReadAndWrittenWithOffsets) {
  for (const std::map<std::string, Timestamp>& times :
       {std::map<std::string, Timestamp>(), {{"store", Timestamp(7ms)}}}) {
    const OffsetMetadata metadata = {.partition_time = Timestamp(5ms), .processor_times = times, .commit_mark = -3};
    EXPECT_EQ(decode_offset_metadata(encode_offset_metadata(metadata)), metadata);
  }
}

}  // namespace
}  // namespace levada::testing
