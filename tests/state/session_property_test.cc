// Random histories of session stores, compared with a model after every step. A failure names the seed that repeats it.
#include <map>
#include <tuple>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <levada/state/session_store.h>

#include "tests/state/random_history.h"
#include "tests/state/test_state.h"

namespace levada {
namespace {

using testing::kCases;
using testing::ms;
using testing::Place;
using testing::Random;
using testing::TestState;

constexpr int kSteps = 3000;

class SessionHistory : public ::testing::TestWithParam<testing::Case> {
 protected:
  using Store = SessionStore<std::string, std::string>;
  using At = std::tuple<std::int64_t, std::int64_t, std::string>;  // end, start, key
  using Model = std::map<At, std::string>;
  using Found = std::vector<std::pair<At, std::string>>;

  static constexpr std::int64_t kRetention = 500;

  SessionHistory() : random(seed) {}

  Store& store() { return state.store<Store>("s"); }

  static std::int64_t count(Timestamp time) { return time.time_since_epoch().count(); }
  std::int64_t some_time() { return std::max(0, static_cast<int>(now) - 400 + random.below(500)); }
  std::int64_t oldest() { return count(state.host("s").segments().oldest_readable()); }

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
      case 4:
        return compare_key();
      case 5:
        return compare_ends();
      default:
        return write();
    }
  }

  void write() {
    const std::int64_t end = some_time();
    const std::int64_t start = std::max<std::int64_t>(0, end - random.below(100));
    const Windowed<std::string> session = {random.key(), {ms(start), ms(end)}};
    now = std::max(now, end);
    if (random.below(4) == 0) {
      store().remove(session);
      model.erase({end, start, session.key});
    } else {
      const std::string value = std::to_string(random.below(1000));
      store().put(session, value);
      model[{end, start, session.key}] = value;
    }
  }

  void commit() {
    state.commit();
    committed = {model, now};
  }

  template <class Range>
  static Found found(Range range) {
    Found all;
    for (const auto& [session, value] : range) {
      all.emplace_back(At{count(session.window.end), count(session.window.start), session.key}, value);
    }
    return all;
  }

  template <class Keep>
  Found expected(Keep keep) {
    Found all;
    for (const auto& [at, value] : model) {
      if (std::get<0>(at) >= oldest() && keep(at)) all.emplace_back(at, value);
    }
    return all;
  }

  void compare_key() {
    const std::string key = random.key();
    const std::int64_t time = some_time();
    const std::int64_t gap = random.below(100);
    const std::int64_t earliest_end = std::max(oldest(), time - gap);
    Found sessions = expected([&](const At& at) {
      return std::get<2>(at) == key && std::get<0>(at) >= earliest_end && std::get<1>(at) <= time + gap;
    });
    ASSERT_EQ(found(store().find_sessions(key, ms(earliest_end), ms(time + gap))), sessions);
    std::ranges::reverse(sessions);
    ASSERT_EQ(found(store().backward_find_sessions(key, ms(earliest_end), ms(time + gap))), sessions);
  }

  void compare_ends() {
    const std::int64_t from = std::max(oldest(), some_time());
    const std::int64_t to = from + random.below(300);
    Found sessions = found(store().find_sessions(ms(from), ms(to)));
    if (!by_time) std::ranges::sort(sessions);
    ASSERT_EQ(sessions, expected([&](const At& at) { return std::get<0>(at) >= from && std::get<0>(at) <= to; }));
  }

  const std::uint32_t seed = std::random_device()();
  Random random;
  const bool by_time = random.below(2) == 0;
  TestState state{{Store::spec("s", {.retention = Duration(kRetention),
                                     .segment_interval = Duration(70),
                                     .by_time = by_time,
                                     .caching = GetParam().caching})},
                  GetParam().place};
  Model model;
  std::int64_t now = 0;
  std::pair<Model, std::int64_t> committed = {};
};

TEST_P(SessionHistory, EqualsTheModel) {
  SCOPED_TRACE("seed " + std::to_string(seed));
  for (int i = 0; i < kSteps && !HasFatalFailure(); ++i) {
    step();
    if (i % 1000 != 999) continue;
    commit();
    if (GetParam().place == Place::kDisk) state.reopen();
    compare_ends();
  }
}

INSTANTIATE_TEST_SUITE_P(Engines, SessionHistory, kCases, testing::name_of);

}  // namespace
}  // namespace levada
