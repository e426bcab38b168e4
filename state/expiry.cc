#include <algorithm>
#include <utility>
#include <vector>

#include <levada/core/stored_headers.h>
#include <levada/core/value_and_timestamp.h>
#include <levada/state/expiry.h>
#include <levada/state/write_buffer.h>

namespace levada {
namespace {

// More than one, so that the walk gets round a store that grows.
constexpr std::size_t kLooksPerPut = 2;
constexpr std::size_t kLooksAsTimeGoesOn = 100;

}  // namespace

Timestamp Expiry::time_of(BytesView stored) const {
  if (with_headers_) (void)read_headers_prefix(stored);
  return read_value_and_timestamp(stored).timestamp;
}

std::size_t Expiry::remove_some(const ByteStore& engine, WriteBuffer& buffer) {
  std::size_t looks = kLooksPerPut * std::exchange(puts_, 0);
  if (*now_ > std::exchange(looked_at_, *now_)) looks += kLooksAsTimeGoesOn;
  if (looks == 0) return 0;
  std::vector<Bytes> expired;
  const auto entries = engine.range({.from = next_}, Direction::kForward);
  for (; looks > 0 && entries->valid(); entries->next(), --looks) {
    if (has_expired(entries->value()) && !buffer.has_change(entries->key())) expired.emplace_back(entries->key());
  }
  next_ = entries->valid() ? Bytes(entries->key()) : Bytes();
  for (const Bytes& key : expired) buffer.put_untold(key, std::nullopt, {.timestamp = *now_});
  return expired.size();
}

}  // namespace levada
