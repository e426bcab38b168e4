// Waits for a condition, for as long as even a slow machine may take.
//
//   EXPECT_TRUE(eventually([&] { return written() == 4; }));
#pragma once

#include <chrono>
#include <functional>
#include <thread>

namespace levada::testing {

// False if it does not come true within a minute.
inline bool eventually(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

}  // namespace levada::testing
