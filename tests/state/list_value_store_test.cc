#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/core/outer_join.h>
#include <levada/state/list_value_store.h>

#include "tests/state/test_state.h"

namespace levada {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::Logged;
using testing::ms;
using ::testing::Pair;
using testing::Place;
using testing::TestState;

using Lists = ListValueStore<std::string, std::string>;

class ListValueStoreTest : public ::testing::TestWithParam<Place> {
 protected:
  Lists& store() { return state.store<Lists>("s"); }

  TestState state{{Lists::spec("s")}, GetParam()};
};

Bytes list(const std::vector<BytesView>& values) {
  Bytes bytes;
  append_list_value(values, bytes);
  return bytes;
}

TEST_P(ListValueStoreTest, KeepsTheValuesOfAKeyInTheirOrder) {
  store().put("a", "2");
  store().put("a", "1");
  state.commit();
  store().put("a", "2");
  EXPECT_THAT(store().get("a"), ElementsAre("2", "1", "2"));
  EXPECT_THAT(store().get("b"), IsEmpty());
}

TEST_P(ListValueStoreTest, WalksThemOneByOne) {
  for (const char* key : {"b", "a", "b"}) store().put(key, "x");
  EXPECT_THAT(store().all().to_vector(), ElementsAre(Pair("a", "x"), Pair("b", "x"), Pair("b", "x")));
}

TEST_P(ListValueStoreTest, MayBeWrittenWhileItIsWalked) {
  for (const char* value : {"1", "2"}) store().put("a", value);
  std::vector<std::string> seen;
  for (const auto& [key, value] : store().all()) {
    seen.push_back(value);
    store().put(key, std::nullopt);
  }
  EXPECT_THAT(seen, ElementsAre("1", "2"));
  EXPECT_THAT(store().get("a"), IsEmpty());
}

TEST_P(ListValueStoreTest, LogsTheWholeListOfAKey) {
  state.at(3);
  store().put("a", "1");
  store().put("a", "2");
  EXPECT_THAT(state.changes("s"), ElementsAre(Logged{"a", list({"1", "2"}), ms(3)}));
  state.commit();
  store().put("a", std::nullopt);
  EXPECT_THAT(state.changes("s"), ElementsAre(Logged{"a", std::nullopt, ms(3)}));
}

TEST_P(ListValueStoreTest, IsRestoredFromLists) {
  const Bytes logged = list({"1", "2"});
  ASSERT_TRUE(state->restore("s", {{"a", logged, ms(1)}}, 1).ok());
  EXPECT_THAT(store().get("a"), ElementsAre("1", "2"));
}

INSTANTIATE_TEST_SUITE_P(Places, ListValueStoreTest, ::testing::Values(Place::kMemory, Place::kDisk));

}  // namespace
}  // namespace levada
