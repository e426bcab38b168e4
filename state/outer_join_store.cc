#include <algorithm>
#include <utility>

#include <levada/state/outer_join_store.h>

namespace levada {

StoreSpec OuterJoinStore::spec(std::string name, const Options& options) {
  return {.name = std::move(name),
          .engine = options.engine,
          .logging = options.logging,
          .topic_config = options.topic_config,
          .make = [](StoreHost& host) { return std::make_unique<OuterJoinStore>(host); }};
}

void OuterJoinStore::add(const OuterJoinKey& key, BytesView value) {
  earliest_ = std::min(earliest_.value_or(key.timestamp), key.timestamp);
  value_.clear();
  append_outer_join_value({.side = key.side, .value = value}, value_);
  lists_.add(encoded(key), value_);
}

void OuterJoinStore::remove(const OuterJoinKey& key) {
  if (lists_.contains(encoded(key))) lists_.remove(key_);
}

const Bytes& OuterJoinStore::encoded(const OuterJoinKey& key) {
  key_.clear();
  append_outer_join_key(key, key_);
  return key_;
}

void OuterJoinStore::take_closed(const JoinReach& reach, JoinSide side, Timestamp now, Visitor visit) {
  if (earliest_ && *earliest_ + reach.of(side) >= time_.now()) return;
  if (now < next_scan_) return;
  next_scan_ = now + scan_interval_;
  scan(reach, visit);
}

// Of each side, the walk goes to the first record that is still open. What it has looked at last counts as the earliest
// from then on, though one of the other side may be earlier: Kafka Streams does so, and thus emits at these moments.
void OuterJoinStore::scan(const JoinReach& reach, Visitor visit) {
  earliest_.reset();
  bool left_is_open = false;
  bool right_is_open = false;
  for (auto it = lists_.host().range({}, Direction::kForward); it->valid(); it->next()) {
    const OuterJoinKey key = read_outer_join_key(it->key());
    earliest_ = key.timestamp;
    if (left_is_open && right_is_open) return;
    if (key.timestamp + reach.of(key.side) >= time_.now()) {
      (key.side == JoinSide::kLeft ? left_is_open : right_is_open) = true;
      continue;
    }
    for (const BytesView value : read_list_value(it->value())) visit(key, read_outer_join_value(value).value);
    lists_.remove(it->key());
  }
}

}  // namespace levada
