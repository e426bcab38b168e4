#include "bench/support/latency.h"

#include <algorithm>

namespace bench {

Latencies Flights::latencies(std::size_t from) const {
  std::vector<std::int64_t> sorted(latency_.begin() + static_cast<std::ptrdiff_t>(from), latency_.end());
  std::sort(sorted.begin(), sorted.end());
  const auto at = [&sorted](double part) {
    const auto index = static_cast<std::size_t>(part * static_cast<double>(sorted.size() - 1));
    return static_cast<double>(sorted[index]) * 1e-6;
  };
  return {.records = sorted.size(),
          .p50_ms = at(0.5),
          .p90_ms = at(0.9),
          .p99_ms = at(0.99),
          .p999_ms = at(0.999),
          .max_ms = at(1)};
}

}  // namespace bench
