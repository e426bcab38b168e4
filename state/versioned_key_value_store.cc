#include <algorithm>
#include <chrono>

#include <levada/state/versioned_key_value_store.h>

namespace levada {

Duration default_version_segment_interval(Duration history) {
  using namespace std::chrono_literals;
  if (history <= 1min) return std::max<Duration>(history / 3, 2s);
  if (history <= 5min) return std::max<Duration>(history / 5, 20s);
  if (history <= 1h) return std::max<Duration>(history / 12, 1min);
  return std::max<Duration>(history / 24, 5min);
}

}  // namespace levada
