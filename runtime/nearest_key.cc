#include <algorithm>
#include <limits>
#include <vector>

#include <levada/runtime/client_properties.h>
#include <levada/runtime/config_keys.h>
#include <levada/runtime/nearest_key.h>

namespace levada::internal {

namespace {

// Keeps the candidate with the smallest distance; of equals, the first.
class Nearest {
 public:
  explicit Nearest(std::string_view key) : key_(key), distance_(std::max<std::size_t>(2, key.size() / 3) + 1) {}

  void offer(std::string_view candidate) {
    const bool lacks_prefix = key_.size() > 5 && candidate.ends_with(key_);
    const std::size_t distance = lacks_prefix ? 1 : edit_distance(key_, candidate);
    if (distance >= distance_) return;
    distance_ = distance;
    best_ = candidate;
  }

  std::string best() const { return std::string(best_); }

 private:
  std::string_view key_;
  std::size_t distance_;
  std::string_view best_ = {};
};

void offer_client_keys(const LibrdkafkaKeys& client_keys, Nearest& nearest) {
  for (const auto& [spelling, key] : client_keys.by_spelling()) {
    if (!key.callback) nearest.offer(spelling);
  }
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before_last.swap(last);
    last.swap(row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
  }
  return row[b.size()];
}

std::string nearest_key(std::string_view key, const LibrdkafkaKeys& client_keys) {
  const ClientKey parts = split_client_key(key);
  Nearest nearest(parts.key);
  if (parts.prefix.empty()) {
    for (const ConfigKey& known : config_keys()) nearest.offer(known.name);
  }
  offer_client_keys(client_keys, nearest);
  const std::string best = nearest.best();
  return best.empty() ? best : std::string(parts.prefix) + best;
}

}  // namespace levada::internal
