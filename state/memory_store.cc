#include <utility>

#include <levada/state/memory_store.h>

namespace levada {

class MemoryStore::Iterator final : public ByteIterator {
 public:
  Iterator(const MemoryStore& store, ByteRange range, Direction direction)
      : store_(store), range_(std::move(range)), direction_(direction) {
    direction_ == Direction::kForward ? settle(store_.map_.lower_bound(range_.from)) : settle_before(end());
  }

  bool valid() const override { return valid_; }
  BytesView key() const override { return key_; }
  BytesView value() const override { return at_->second; }

  void next() override {
    if (direction_ == Direction::kForward) return settle(changed() ? store_.map_.upper_bound(key_) : std::next(at_));
    settle_before(changed() ? store_.map_.lower_bound(key_) : at_);
  }

 private:
  using Position = Map::const_iterator;

  bool changed() const { return version_ != store_.version_; }
  Position end() const { return range_.to ? store_.map_.lower_bound(*range_.to) : store_.map_.end(); }

  void settle_before(Position position) {
    settle(position == store_.map_.begin() ? store_.map_.end() : std::prev(position));
  }

  void settle(Position position) {
    version_ = store_.version_;
    at_ = position;
    valid_ = position != store_.map_.end() && range_.contains(position->first);
    if (valid_) key_ = position->first;
  }

  const MemoryStore& store_;
  const ByteRange range_;
  const Direction direction_;
  Position at_ = {};
  std::uint64_t version_ = 0;
  Bytes key_ = {};
  bool valid_ = false;
};

bool MemoryStore::get(BytesView key, Bytes& out) const {
  const auto found = map_.find(key);
  if (found == map_.end()) return false;
  out = found->second;
  return true;
}

std::unique_ptr<ByteIterator> MemoryStore::range(const ByteRange& range, Direction direction) const {
  return std::make_unique<Iterator>(*this, range, direction);
}

void MemoryStore::put(BytesView key, BytesView value) {
  ++version_;
  const auto [at, is_new] = map_.try_emplace(Bytes(key));
  bytes_ += value.size() + (is_new ? key.size() : 0) - at->second.size();
  at->second = value;
}

void MemoryStore::erase(BytesView key) {
  const auto found = map_.find(key);
  if (found == map_.end()) return;
  ++version_;
  bytes_ -= found->first.size() + found->second.size();
  map_.erase(found);
}

void MemoryStore::erase_before(BytesView key) {
  const auto end = map_.lower_bound(key);
  if (end == map_.begin()) return;
  ++version_;
  for (auto at = map_.begin(); at != end; ++at) bytes_ -= at->first.size() + at->second.size();
  map_.erase(map_.begin(), end);
}

}  // namespace levada
