// What a simulation decides by chance. The same seed gives the same numbers, with every compiler.
//
//   SimulationRandom random(seed);
//   if (random.happens(3)) crash();                     // three times in a thousand
//   clock.advance(random.between(10ms, 2s));
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>

#include <levada/core/time.h>

namespace levada::internal {

class SimulationRandom {
 public:
  explicit SimulationRandom(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t below(std::uint64_t end) { return engine_() % end; }
  bool happens(double times_in_a_thousand) {
    return static_cast<double>(below(1'000'000)) < times_in_a_thousand * 1000;
  }
  Duration between(Duration least, Duration most) {
    return least + Duration(below(static_cast<std::uint64_t>((most - least).count()) + 1));
  }
  template <class T, std::size_t n>
  const T& one_of(const T (&choices)[n]) {
    return choices[below(n)];
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace levada::internal
