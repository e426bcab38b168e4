// What leaves a cached store at commit, and what does not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/state/timestamped_key_value_store.h>

#include "tests/state/test_state.h"

namespace levada {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::Logged;
using testing::ms;
using testing::Place;
using testing::TestState;

using Store = KeyValueStore<std::string, std::string>;
using Timestamped = TimestampedKeyValueStore<std::string, std::string>;

struct Told {
  std::string key;
  Change<std::string> change;
  Timestamp timestamp;

  bool operator==(const Told&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Told& told) {
  return out << told.key << ": " << told.change.before.value_or("null") << " -> " << told.change.after.value_or("null")
             << "@" << told.timestamp.time_since_epoch().count();
}

class RecordCache : public ::testing::TestWithParam<Place> {
 protected:
  RecordCache() { listen(); }

  void listen() {
    store().set_flush_listener(
        [this](const std::string& key, const Change<std::string>& change, const RecordContext&, Timestamp timestamp) {
          told.push_back({key, change, timestamp});
        });
  }
  Store& store() { return state.store<Store>("s"); }
  std::vector<Told> flushed() {
    told.clear();
    state.host("s").flush_cache();
    return told;
  }

  TestState state{{Store::spec("s", {.caching = true})}, GetParam()};
  std::vector<Told> told;
};

INSTANTIATE_TEST_SUITE_P(Engines, RecordCache, ::testing::Values(Place::kMemory, Place::kDisk),
                         [](const auto& place) { return place.param == Place::kDisk ? "Disk" : "Memory"; });

TEST_P(RecordCache, TellsTheLastValueOfAKeyOnce) {
  state.at(1);
  store().put("a", "1");
  state.at(2);
  store().put("a", "2");
  EXPECT_THAT(flushed(), ElementsAre(Told{"a", {.after = "2"}, ms(2)}));
  EXPECT_THAT(flushed(), IsEmpty());
}

TEST_P(RecordCache, TellsInTheOrderOfTheLastWrite) {
  store().put("a", "1");
  store().put("b", "2");
  store().put("a", "3");
  EXPECT_THAT(flushed(), ElementsAre(::testing::Field(&Told::key, "b"), ::testing::Field(&Told::key, "a")));
}

TEST_P(RecordCache, LogsNothingBeforeItWasTold) {
  store().put("a", "1");
  EXPECT_THAT(state.changes("s"), IsEmpty());
  flushed();
  EXPECT_THAT(state.changes("s"), ElementsAre(Logged{"a", "1", kNoTimestamp}));
}

TEST_P(RecordCache, NeitherTellsNorLogsTheDeletionOfWhatWasNeverThere) {
  store().put("a", "1");
  store().put("a", std::nullopt);
  EXPECT_THAT(flushed(), IsEmpty());
  EXPECT_THAT(state.changes("s"), IsEmpty());
  EXPECT_EQ(state->buffered_bytes(), 0);
}

TEST_P(RecordCache, TellsADeletionWithWhatWasThere) {
  store().put("a", "1");
  state.commit();
  state.at(9);
  store().put("a", std::nullopt);
  EXPECT_THAT(flushed(), ElementsAre(Told{"a", {.before = "1"}, ms(9)}));
  EXPECT_THAT(state.changes("s"), ElementsAre(Logged{"a", std::nullopt, ms(9)}));
}

TEST_P(RecordCache, TellsOldValuesOnlyIfAsked) {
  store().put("a", "1");
  state.commit();
  store().put("a", "2");
  EXPECT_THAT(flushed(), ElementsAre(Told{"a", {.after = "2"}, kNoTimestamp}));
  store().send_old_values();
  store().put("a", "3");
  EXPECT_THAT(flushed(), ElementsAre(Told{"a", {.before = "2", .after = "3"}, kNoTimestamp}));
}

TEST_P(RecordCache, AnOldValueIsTheOneToldLastNotTheOneCommitted) {
  store().send_old_values();
  store().put("a", "1");
  flushed();
  store().put("a", "2");
  store().put("a", "3");
  EXPECT_THAT(flushed(), ElementsAre(Told{"a", {.before = "1", .after = "3"}, kNoTimestamp}));
}

TEST_P(RecordCache, DeletingWhatWasToldButNotCommittedIsTold) {
  store().put("a", "1");
  flushed();
  store().put("a", std::nullopt);
  EXPECT_THAT(flushed(), ElementsAre(Told{"a", {.before = "1"}, kNoTimestamp}));
}

TEST_P(RecordCache, DeletingTwiceIsToldOnceAndStillCommitted) {
  store().put("a", "1");
  state.commit();
  store().put("a", std::nullopt);
  flushed();
  store().put("a", std::nullopt);
  EXPECT_THAT(flushed(), IsEmpty());
  state.commit();
  EXPECT_EQ(store().get("a"), std::nullopt);
}

TEST_P(RecordCache, TellsWhatIsWrittenWhileItTells) {
  std::vector<std::string> keys;
  store().set_flush_listener([&](const std::string& key, const Change<std::string>&, const RecordContext&, Timestamp) {
    keys.push_back(key);
    if (keys.size() == 1) store().put("b", "from a");
    if (keys.size() == 2) store().put("a", "from b");
  });
  store().put("a", "1");
  state.host("s").flush_cache();
  EXPECT_THAT(keys, ElementsAre("a", "b", "a"));
}

TEST_P(RecordCache, AListenerMayOverwriteTheKeyItIsTold) {
  std::vector<std::string> values;
  store().set_flush_listener(
      [&](const std::string& key, const Change<std::string>& change, const RecordContext& record, Timestamp) {
        if (values.empty()) store().put(key, std::string(100, 'n'));
        values.push_back(*change.after);
        EXPECT_THAT(*record.headers, ElementsAre(Header{"h", "1"}));
      });
  const Headers headers = {{"h", "1"}};
  state.current.headers = &headers;
  store().put("a", std::string(100, 'o'));
  state.host("s").flush_cache();
  EXPECT_THAT(values, ElementsAre(std::string(100, 'o'), std::string(100, 'n')));
}

TEST_P(RecordCache, ReadsSeeWhatIsHeldBack) {
  store().put("a", "1");
  EXPECT_EQ(store().get("a"), "1");
}

TEST_P(RecordCache, WithoutAListenerEverythingIsLogged) {
  TestState quiet({Store::spec("s", {.caching = true})});
  quiet.store<Store>("s").put("a", std::nullopt);
  quiet.host("s").flush_cache();
  EXPECT_THAT(quiet.changes("s"), ElementsAre(Logged{"a", std::nullopt, kNoTimestamp}));
}

TEST_P(RecordCache, AbortForgetsWhatIsHeldBack) {
  store().put("a", "1");
  state->discard();
  EXPECT_THAT(flushed(), IsEmpty());
  EXPECT_EQ(store().get("a"), std::nullopt);
}

class TransientStore : public ::testing::Test {
 protected:
  static StoreSpec spec() {
    StoreSpec spec = Store::spec("s", {.engine = StoreEngine::kInMemory, .caching = true, .logging = false});
    spec.transient = true;
    return spec;
  }
  void listen() {
    store().set_flush_listener([this](const std::string& key, const Change<std::string>& change, const RecordContext&,
                                      Timestamp) { told.push_back(key + "=" + change.after.value_or("null")); });
  }
  Store& store() { return state.store<Store>("s"); }

  TestState state{{spec()}, Place::kDisk};
  std::vector<std::string> told;
};

TEST_F(TransientStore, HoldsNothingButWhatCameSinceItTold) {
  listen();
  store().put("a", "1");
  EXPECT_EQ(store().get("a"), "1");
  store().flush_cache();
  EXPECT_EQ(store().get("a"), std::nullopt);
  store().put("a", "2");
  state.commit();
  EXPECT_EQ(store().get("a"), std::nullopt);
  EXPECT_EQ(store().approximate_num_entries(), 0);
  EXPECT_EQ(state->buffered_bytes() + state.host("s").committed_bytes(), 0);
  EXPECT_THAT(told, ElementsAre("a=1", "a=2"));
}

TEST_F(TransientStore, LosesWhatItHasNotToldWithTheTask) {
  listen();
  store().put("a", "1");
  state->discard();
  EXPECT_TRUE(store().is_flushed());
  store().put("b", "1");
  state.reopen();
  listen();
  state.commit();
  EXPECT_EQ(store().get("b"), std::nullopt);
  EXPECT_THAT(told, IsEmpty());
}

TEST(UncachedStore, LogsTheDeletionOfWhatWasNeverThere) {
  TestState state({Store::spec("s")});
  state.store<Store>("s").put("a", std::nullopt);
  EXPECT_THAT(state.changes("s"), ElementsAre(Logged{"a", std::nullopt, kNoTimestamp}));
}

TEST(TimestampedRecordCache, TellsTheTimeOfTheValueAndForDeletionsThatOfTheRecord) {
  TestState state({Timestamped::spec("s", {.caching = true})});
  auto& store = state.store<Timestamped>("s");
  std::vector<Told> told;
  store.set_flush_listener(
      [&](const std::string& key, const Change<std::string>& change, const RecordContext&, Timestamp timestamp) {
        told.push_back({key, change, timestamp});
      });
  state.at(5);
  store.put("a", {.value = "1", .timestamp = ms(7)});
  state.commit();
  store.put("a", std::nullopt);
  state.commit();
  EXPECT_THAT(told, ElementsAre(Told{"a", {.after = "1"}, ms(7)}, Told{"a", {.before = "1"}, ms(5)}));
}

}  // namespace
}  // namespace levada
