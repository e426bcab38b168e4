// Random histories of stores, compared with a model after every step. A failure names the seed that repeats it.
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/state/key_value_store.h>
#include <levada/state/window_store.h>

#include "tests/state/random_history.h"
#include "tests/state/test_state.h"

namespace levada {
namespace {

using testing::Case;
using testing::kCases;
using testing::ms;
using testing::Place;
using testing::Random;
using testing::TestState;

constexpr int kSteps = 3000;

// A walk, and where the model stands in the same walk.
using Model = std::map<std::string, std::string>;
using Rows = std::vector<std::pair<std::string, std::string>>;

Rows rows_of(const Model& model, const std::optional<std::string>& from, const std::optional<std::string>& to) {
  Rows rows;
  for (const auto& [key, value] : model) {
    if ((!from || key >= *from) && (!to || key <= *to)) rows.emplace_back(key, value);
  }
  return rows;
}

class KeyValueHistory : public ::testing::TestWithParam<Case> {
 protected:
  using Store = KeyValueStore<std::string, std::string>;

  KeyValueHistory() : random(seed) {}

  Store& store() { return state.store<Store>("s"); }

  void step() {
    switch (random.below(20)) {
      case 0:
        state.commit({{"s", random.below(1000)}});
        committed = model;
        return;
      case 1:
        state->discard();
        model = committed;
        return;
      case 2:
        return compare_ranges();
      case 3:
        return erase_while_walking();
      case 4:
      case 5:
      case 6:
        return erase(random.key());
      default:
        return put(random.key(), std::to_string(random.below(1000)));
    }
  }

  void put(const std::string& key, const std::string& value) {
    store().put(key, value);
    model[key] = value;
  }

  void erase(const std::string& key) {
    store().put(key, std::nullopt);
    model.erase(key);
  }

  void compare_ranges() {
    const auto bound = [this] { return random.below(4) == 0 ? std::nullopt : std::optional(random.key()); };
    const auto from = bound();
    const auto to = bound();
    Rows expected = rows_of(model, from, to);
    ASSERT_EQ(store().range(from, to).to_vector(), expected);
    std::ranges::reverse(expected);
    ASSERT_EQ(store().reverse_range(from, to).to_vector(), expected);
  }

  void erase_while_walking() {
    const bool commits = random.below(2) == 0;
    for (const auto& [key, value] : store().range(random.key(), std::nullopt)) {
      if (random.below(2) == 0) erase(key);
      if (commits && random.below(3) == 0) {
        state.commit();
        committed = model;
      }
    }
  }

  const std::uint32_t seed = std::random_device()();
  Random random;
  TestState state{{Store::spec("s", {.caching = GetParam().caching})}, GetParam().place};
  Model model;
  Model committed;
};

TEST_P(KeyValueHistory, EqualsTheModel) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  for (int i = 0; i < kSteps && !HasFatalFailure(); ++i) {
    const std::string key = random.key();
    const auto expected = model.find(key);
    ASSERT_EQ(store().get(key), expected == model.end() ? std::nullopt : std::optional(expected->second));
    step();
    if (i % 1000 != 999) continue;
    state.commit();
    committed = model;
    if (GetParam().place == Place::kDisk) state.reopen();
    ASSERT_EQ(store().all().to_vector(), rows_of(model, std::nullopt, std::nullopt));
  }
}

INSTANTIATE_TEST_SUITE_P(Engines, KeyValueHistory, kCases, testing::name_of);

class WindowHistory : public ::testing::TestWithParam<Case> {
 protected:
  using Store = WindowStore<std::string, std::string>;
  using WindowModel = std::map<std::pair<std::int64_t, std::string>, std::string>;

  static constexpr std::int64_t kRetention = 500;
  static constexpr std::int64_t kSegment = 70;

  WindowHistory() : random(seed) {}

  Store& store() { return state.store<Store>("w"); }
  std::int64_t some_time() { return std::max(0, static_cast<int>(now) - 400 + random.below(500)); }

  void put() {
    const std::string key = random.key();
    const std::int64_t start = some_time();
    now = std::max(now, start);
    if (random.below(5) == 0) {
      store().put(key, std::nullopt, ms(start));
      model.erase({start, key});
    } else {
      const std::string value = std::to_string(random.below(1000));
      store().put(key, value, ms(start));
      model[{start, key}] = value;
    }
  }

  void step() {
    switch (random.below(30)) {
      case 0:
        return commit();
      case 1:
        state->discard();
        std::tie(model, now) = committed;
        return;
      case 2:
        now += random.below(200);
        return;
      case 3:
        return compare_all();
      case 4:
        return compare_key();
      default:
        return put();
    }
  }

  void commit() {
    state.commit();
    // Time that has moved without a put is the model's alone.
    committed = {model, now};
  }

  bool is_readable(std::int64_t start) const { return start > latest() - kRetention; }
  std::int64_t latest() const { return state_observed(); }
  std::int64_t state_observed() const {
    return const_cast<WindowHistory*>(this)->state.host("w").segments().progress().observed.time_since_epoch().count();
  }

  void compare_all() {
    const std::int64_t from = some_time();
    const std::int64_t to = from + random.below(300);
    std::map<std::pair<std::string, std::int64_t>, std::string> found;
    for (const auto& [key, value] : store().fetch_all(ms(from), ms(to))) {
      found[{key.key, key.window.start.time_since_epoch().count()}] = value;
    }
    std::map<std::pair<std::string, std::int64_t>, std::string> expected;
    for (const auto& [at, value] : model) {
      if (at.first >= from && at.first <= to && is_readable(at.first)) expected[{at.second, at.first}] = value;
    }
    ASSERT_EQ(found, expected);
  }

  void compare_key() {
    const std::string key = random.key();
    std::vector<std::pair<Timestamp, std::string>> expected;
    for (const auto& [at, value] : model) {
      if (at.second == key && is_readable(at.first)) expected.emplace_back(ms(at.first), value);
    }
    ASSERT_EQ(store().fetch(key, ms(0), Timestamp::max()).to_vector(), expected);
    std::ranges::reverse(expected);
    ASSERT_EQ(store().backward_fetch(key, ms(0), Timestamp::max()).to_vector(), expected);
  }

  const std::uint32_t seed = std::random_device()();
  Random random;
  TestState state{{Store::spec("w", {.window_size = Duration(10),
                                     .retention = Duration(kRetention),
                                     .segment_interval = Duration(kSegment),
                                     .caching = GetParam().caching})},
                  GetParam().place};
  WindowModel model;
  std::int64_t now = 0;
  std::pair<WindowModel, std::int64_t> committed = {};
};

TEST_P(WindowHistory, EqualsTheModel) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  for (int i = 0; i < kSteps && !HasFatalFailure(); ++i) {
    step();
    if (i % 1000 != 999) continue;
    commit();
    if (GetParam().place == Place::kDisk) state.reopen();
    compare_all();
  }
}

INSTANTIATE_TEST_SUITE_P(Engines, WindowHistory, kCases, testing::name_of);

}  // namespace
}  // namespace levada
