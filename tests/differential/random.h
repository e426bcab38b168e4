// Random choices from a seed; the same on every machine, as the standard's distributions are not.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

namespace levada::differential {

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  int below(int end) { return static_cast<int>(engine_() % static_cast<std::uint64_t>(end)); }
  int between(int first, int last) { return first + below(last - first + 1); }
  bool percent(int chance) { return below(100) < chance; }
  template <class T>
  const T& one_of(const std::vector<T>& all) {
    return all[static_cast<std::size_t>(below(static_cast<int>(all.size())))];
  }
  template <class T>
  T& one_of(std::vector<T>& all) {
    return all[static_cast<std::size_t>(below(static_cast<int>(all.size())))];
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace levada::differential
