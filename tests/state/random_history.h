// What the random histories of stores have in common: chance, keys, and the cases they run in.
//
//   INSTANTIATE_TEST_SUITE_P(Engines, WindowHistory, kCases, name_of);
#pragma once

#include <cstdint>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "tests/state/test_state.h"

namespace levada::testing {

class Random {
 public:
  explicit Random(std::uint32_t seed) : engine_(seed) {}
  int below(int limit) { return std::uniform_int_distribution<int>(0, limit - 1)(engine_); }
  // Short and long, with common beginnings, zeros and high bytes.
  std::string key() {
    std::string key;
    for (int length = below(4) == 0 ? below(24) : below(3); length >= 0; --length) key += "\0a\xff"[below(3)];
    return key;
  }

 private:
  std::mt19937 engine_;
};

struct Case {
  Place place;
  bool caching;
};

inline std::string name_of(const ::testing::TestParamInfo<Case>& info) {
  return std::string(info.param.place == Place::kDisk ? "Disk" : "Memory") + (info.param.caching ? "Cached" : "");
}

inline const auto kCases = ::testing::Values(Case{Place::kMemory, false}, Case{Place::kMemory, true},
                                             Case{Place::kDisk, false}, Case{Place::kDisk, true});

}  // namespace levada::testing
