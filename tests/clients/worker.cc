#include "tests/clients/worker.h"

#include <chrono>

namespace levada::testing {

void expect_each_is_read_once(const std::string& topic, std::size_t records,
                              const std::function<std::unique_ptr<Consumer>()>& join) {
  Worker stays(join(), topic);
  std::map<std::pair<std::size_t, Offset>, int> seen;
  const auto read = [&] { return seen.size() + stays.seen.size(); };

  const auto deadline = std::chrono::steady_clock::now() + 4 * kPatience;  // it takes several sessions if it must
  while (read() < records) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline) << "read only " << read();
    Worker passes(join(), topic);
    for (int i = 0; i < 60; ++i) {
      stays.work();
      passes.work();
    }
    passes.leave();
    for (const auto& [where, times] : passes.seen) seen[where] += times;
  }
  for (const auto& [where, times] : stays.seen) seen[where] += times;

  EXPECT_THAT(seen, ::testing::SizeIs(records));
  for (const auto& [where, times] : seen)
    ASSERT_EQ(times, 1) << "partition " << where.first << " offset " << where.second;
}

}  // namespace levada::testing
