#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/state/lru_map.h>

#include "tests/state/test_state.h"

namespace levada {
namespace {

using ::testing::ElementsAre;
using testing::Logged;
using testing::ms;
using ::testing::Pair;
using testing::TestState;

using Lru = LruMap<std::string, std::int64_t>;

class LruMapTest : public ::testing::Test {
 protected:
  Lru& store() { return state.store<Lru>("s"); }

  TestState state{{Lru::spec("s", {.max_entries = 2})}};
};

TEST_F(LruMapTest, RemovesWhatWasNotUsedForTheLongestTime) {
  store().put_all(std::vector<std::pair<std::string, std::int64_t>>{{"a", 1}, {"b", 2}});
  EXPECT_EQ(store().get("a"), 1);
  store().put("c", 3);
  EXPECT_THAT(store().all().to_vector(), ElementsAre(Pair("a", 1), Pair("c", 3)));
}

TEST_F(LruMapTest, WritingAgainCountsAsUse) {
  store().put("a", 1);
  store().put("b", 2);
  store().put("a", 10);
  store().put("c", 3);
  EXPECT_THAT(store().all().to_vector(), ElementsAre(Pair("a", 10), Pair("c", 3)));
}

TEST_F(LruMapTest, RemovesItFromTheChangelogToo) {
  store().put("a", 1);
  store().put("b", 2);
  state.commit();
  state.changes("s");
  state.at(7);
  store().put("c", 3);
  const std::vector<Logged> logged = state.changes("s");
  ASSERT_EQ(logged.size(), 2U);
  EXPECT_EQ(logged.at(1), (Logged{"a", std::nullopt, ms(7)}));
}

TEST_F(LruMapTest, ErasesAndPutsIfAbsent) {
  EXPECT_EQ(store().put_if_absent("a", 1), std::nullopt);
  EXPECT_EQ(store().put_if_absent("a", 2), 1);
  EXPECT_EQ(store().erase("a"), 1);
  store().put("b", 2);
  store().put("b", std::nullopt);
  EXPECT_TRUE(store().all().to_vector().empty());
}

TEST_F(LruMapTest, BoundsWhatWasRestored) {
  const Bytes one = Bytes(7, '\0') + '\1';
  ASSERT_TRUE(state->restore("s", {{"a", one, ms(1)}, {"b", one, ms(2)}}, 2).ok());
  store().put("c", 3);
  EXPECT_EQ(store().all().to_vector().size(), 2U);
  EXPECT_EQ(store().get("c"), 3);
}

// A store of the user's own over the bytes that the task keeps, logs and restores.
class Highest final : public StateStore {
 public:
  struct Options {};

  static StoreSpec spec(std::string name, Options = {}) {
    return {.name = std::move(name), .make = [](StoreHost& host) { return std::make_unique<Highest>(host); }};
  }

  explicit Highest(StoreHost& host) : host_(host) {}

  void offer(const std::string& value) {
    Bytes so_far;
    if (!host_.get("highest", so_far) || value > so_far) host_.put("highest", value);
  }
  Bytes value() const {
    Bytes value;
    host_.get("highest", value);
    return value;
  }

 private:
  StoreHost& host_;
};

TEST(CustomStore, StandsOnTheBytesOfItsTask) {
  TestState state({Highest::spec("h")}, testing::Place::kDisk);
  state.at(3);
  state.store<Highest>("h").offer("b");
  state.store<Highest>("h").offer("a");
  EXPECT_THAT(state.changes("h"), ElementsAre(Logged{"highest", "b", ms(3)}));
  state.commit();
  state.reopen();
  EXPECT_EQ(state.store<Highest>("h").value(), "b");
}

}  // namespace
}  // namespace levada
